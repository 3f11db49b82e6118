"""`./ecorights gep`: the group's commands; those that speak to a venue from a file of their own."""

from gateway.cli import gep, gep_boundaries, gep_ledger, gep_map, gep_warnings

app = gep.app
app.add_typer(gep_ledger.app)
app.add_typer(gep_map.app)
app.add_typer(gep_boundaries.app, name="boundaries")
app.add_typer(gep_warnings.app, name="warnings")

"""`./ecorights gep`: the group's commands; those that speak to a venue from a file of their own."""

from gateway.cli import gep, gep_analysis, gep_ledger, gep_recompute

app = gep.app
app.add_typer(gep_ledger.app)
app.add_typer(gep_analysis.app)
app.add_typer(gep_recompute.app)

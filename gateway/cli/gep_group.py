"""`./ecorights gep`: the group's commands; those that speak to a venue from a file of their own."""

from gateway.cli import gep, gep_ledger, gep_valuation

app = gep.app
app.add_typer(gep_ledger.app)
app.add_typer(gep_valuation.app, name="valuation")

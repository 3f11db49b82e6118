"""`./ecorights gep`: the group's commands; those of venues and tables from files of their own."""

from gateway.cli import gep, gep_ledger, gep_tables

app = gep.app
app.add_typer(gep_tables.app)
app.add_typer(gep_ledger.app)

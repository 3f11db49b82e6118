"""`./ecorights gep`: the group's commands; those of venues and tables from files of their own."""

from gateway.cli import (
    gep,
    gep_analysis,
    gep_boundaries,
    gep_export,
    gep_jobs,
    gep_ledger,
    gep_map,
    gep_recompute,
    gep_report,
    gep_tables,
    gep_valuation,
    gep_warnings,
)

app = gep.app
for each in (
    gep_tables,
    gep_ledger,
    gep_analysis,
    gep_recompute,
    gep_jobs,
    gep_export,
    gep_map,
):
    app.add_typer(each.app)
app.add_typer(gep_boundaries.app, name="boundaries")
app.add_typer(gep_warnings.app, name="warnings")
app.add_typer(gep_valuation.app, name="valuation")
app.command("report")(gep_report.report)

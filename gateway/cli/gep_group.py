"""`./ecorights gep`: the group's commands; those that speak to a venue from a file of their own."""

from gateway.cli import (
    gep,
    gep_analysis,
    gep_export,
    gep_jobs,
    gep_ledger,
    gep_recompute,
    gep_report,
)

app = gep.app
for each in (gep_ledger, gep_analysis, gep_recompute, gep_jobs, gep_export):
    app.add_typer(each.app)
app.command("report")(gep_report.report)

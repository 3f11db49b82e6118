"""`./ecorights credit`: the group's commands, each family from a file of its own."""

from gateway.cli import (
    consequence_tables,
    consequences,
    credential,
    credit,
    credit_adopt,
    credit_archive,
    credit_card,
    credit_compare,
    credit_consent,
    credit_fairness,
    credit_lists,
    credit_province,
    credit_rights,
    credit_run,
    credit_table,
)

app = credit.app
app.add_typer(credit_archive.app, name="archive")
app.add_typer(credit_consent.app, name="consent")
app.add_typer(credit_rights.app, name="rights")
app.add_typer(credit_lists.app, name="lists")
app.add_typer(credit_card.app, name="card")
app.add_typer(credit_adopt.app)
app.add_typer(credit_compare.app)
app.add_typer(credit_province.app)
app.add_typer(credit_table.app)
app.add_typer(credit_fairness.app)
app.add_typer(credit_run.app, name="run")
app.add_typer(credential.app, name="credential")
app.add_typer(consequences.app)
app.add_typer(consequence_tables.app, name="consequence-tables")

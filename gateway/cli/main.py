"""The root of the command line.

Commands are imported when they are asked for, so that `./ecorights up` does not pay for
what `bench` needs. What keeps us from running is printed in words; a traceback means a bug.
"""

import importlib
import importlib.util
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from gateway.errors import CannotRun

COMMANDS = {
    "up": "gateway.cli.up",
    "down": "gateway.cli.down",
    "test": "gateway.cli.run_tests",
    "import": "gateway.cli.import_",
    "verify": "gateway.cli.verify",
    "replay": "gateway.cli.replay",
    "drill": "gateway.cli.drill",
    "trace": "gateway.cli.trace",
    "reconcile": "gateway.cli.reconcile",
    "coins": "gateway.cli.coins",
    "venue": "gateway.cli.venue",
    "credit": "gateway.cli.credit_group",
    "supervise": "gateway.cli.supervise",
    "gep": "gateway.cli.gep_group",
    "bench": "gateway.cli.bench",
    "audit": "gateway.cli.audit",
    "log": "gateway.cli.log",
    "anchor": "gateway.cli.anchor",
    "witness": "gateway.cli.witness",
    "erase": "gateway.cli.erase",
    "writer": "gateway.cli.writer",
    "serve": "gateway.cli.serve",
    "worker": "gateway.cli.worker",
    "jobs": "gateway.cli.jobs",
}


class LazyCommands(TyperGroup):
    """The commands by name, each imported on its first use."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the base class names it
        """Return the commands whose files are there, in the order of the table."""
        return [name for name, module in COMMANDS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's file and return what Typer makes of its `app`."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyCommands,
    help="EcoRights: an exchange for ecological rights, on one ledger.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def root() -> None:
    """Let Typer see a group although every command is lazy."""


def main() -> None:
    """Run the command line and end with its status."""
    try:
        app(prog_name="./ecorights")
    except CannotRun as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()

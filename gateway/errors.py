"""What keeps the installation from running, in words for the person at the terminal.

    CannotRun
     +- ClusterUnavailable  the embedded PostgreSQL (gateway.embedded.errors)
     +- ServerTooOld        a foreign PostgreSQL (gateway.database_server)
     +- ServerUnreachable   the same, when it does not answer
     +- SettingRefused      an ECORIGHTS_ variable or an option makes no sense
     +- PortTaken           another program listens there
     +- PortForbidden       the system keeps that port or address from us
     +- AlreadyRunning      this venue is served by another process of this home
     +- NotRunning          there is nothing to stop
     +- ChildEnded          a process that we started is gone
     +- ChildNotReady       a process that we started does not get ready

The command line prints the message and ends with 1; it never shows a traceback for these.
"""


class CannotRun(Exception):
    """Something outside the code is in the way; the message says what to do."""


class ServerUnreachable(CannotRun):
    """The server of ECORIGHTS_DATABASE_URL does not let us in."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The PostgreSQL of ECORIGHTS_DATABASE_URL does not let us in: {reason}. "
            "Correct the variable, or unset it to use the embedded PostgreSQL."
        )


class SettingRefused(CannotRun):
    """An `ECORIGHTS_` variable or an option makes no sense."""

    def __init__(self, reasons: dict[str, str]) -> None:
        lines = (f"ECORIGHTS_{name.upper()}: {reason}" for name, reason in reasons.items())
        super().__init__("A setting makes no sense:\n" + "\n".join(lines))
        self.reasons = reasons


class PortTaken(CannotRun):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program. "
            f"Stop that program, or choose another port: ./ecorights up --port {port + 1}"
        )
        self.port = port


class PortForbidden(CannotRun):
    """The system keeps the port or the address from us."""

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Cannot listen on {host}:{port}: {reason}. "
            "Choose a port above 1023 with --port, and leave ECORIGHTS_HOST at 127.0.0.1."
        )
        self.host, self.port = host, port


class AlreadyRunning(CannotRun):
    """The venue is served by another process of this home."""

    def __init__(self, *, venue: str, pid: int, port: int) -> None:
        super().__init__(
            f"{venue} runs already: process {pid}, http://127.0.0.1:{port}. "
            f"Stop it with Ctrl-C in its terminal or ./ecorights down --venue {venue}"
        )
        self.venue, self.pid, self.port = venue, pid, port


class NotRunning(CannotRun):
    """There is nothing to stop."""

    def __init__(self, venue: str) -> None:
        super().__init__(f"{venue} is not running.")
        self.venue = venue


class ChildEnded(CannotRun):
    """A process that we started is gone."""

    def __init__(self, name: str, *, how: str, last_words: str, log: str) -> None:
        words = f" Its last words:\n{last_words}\n" if last_words else " It said nothing. "
        super().__init__(f"The {name} process {how}.{words}The whole log: {log}")
        self.name, self.how = name, how


class ChildNotReady(CannotRun):
    """A process that we started lives and does not get ready."""

    def __init__(self, name: str, *, seconds: float, last_words: str, log: str) -> None:
        super().__init__(
            f"The {name} process was not ready after {seconds:.0f} s.\n{last_words}\n"
            f"The whole log: {log}"
        )
        self.name = name

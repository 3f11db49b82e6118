"""Where a test's writer listens, as in the tests of the sequencer."""

from tests.ledger.sequencer.conftest import socket

__all__ = ["socket"]

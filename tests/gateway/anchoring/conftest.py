"""The contract on a local chain, and a local authority, as the tests of the ledger have them."""

from tests.ledger.anchoring.conftest import authority, connection, contract, counter, deployed

__all__ = ["authority", "connection", "contract", "counter", "deployed"]

"""Requests that hold operations: linked transactions, order batches, proposals and their ends."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.operations import AnyOperation
from gateway.api.schemas.base import Number
from gateway.api.schemas.trading import ORDERS_PER_BATCH_MAX, PlaceOrder
from ledger.commands import LINKED_COMMANDS_MAX


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Transaction(_Request):
    """Operations of which all are applied or none is."""

    operations: Annotated[list[AnyOperation], Field(min_length=1, max_length=LINKED_COMMANDS_MAX)]


class OrderBatch(_Request):
    """Independent orders, each with an entry of its own under ``<key>/<n>``."""

    orders: Annotated[list[PlaceOrder], Field(min_length=1, max_length=ORDERS_PER_BATCH_MAX)]


class ProposalRequest(_Request):
    """An operation that waits for another person's approval."""

    operation: AnyOperation


class ProposalDecision(_Request):
    """A decision about an open proposal."""

    proposal: Number

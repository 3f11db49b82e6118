"""Asks the witnesses of a policy to cosign what was published, and keeps what they answer."""

import asyncio
from dataclasses import dataclass, field

import httpx
import structlog

from kernel.errors import DomainError
from ledger.transparency.checkpoint import cosigned_at, parse_size
from ledger.transparency.growing import consistency_proof
from ledger.transparency.note import Note, NoteRefused, PublicKey, SignatureLine, parse_note
from ledger.transparency.policy import Policy
from ledger.transparency.store import LogStore, Published
from ledger.transparency.witness import AddCheckpoint

ANSWER_SECONDS_MAX = 2.0
_OK, _CONFLICT = 200, 409

log = structlog.get_logger()


class WitnessSilent(Exception):
    """A witness that cannot be reached, or answers what the protocol does not know."""


@dataclass(slots=True)
class _Seat:
    """One witness: its key, where it is, and the size that it saw last, as far as we know."""

    name: str
    key: PublicKey
    address: str
    size: int = 0


@dataclass(slots=True)
class Witnesses:
    """All witnesses of a policy that have an address."""

    policy: Policy
    client: httpx.AsyncClient
    _seats: list[_Seat] = field(init=False)

    def __post_init__(self) -> None:
        self._seats = [
            _Seat(name, key, self.policy.addresses[name].rstrip("/"))
            for name, key in self.policy.witnesses.items()
            if name in self.policy.addresses
        ]

    async def cosign(self, store: LogStore, published: Published) -> list[SignatureLine]:
        """Return the lines of the witnesses that agree in time; of the others the log tells."""
        note = parse_note(published.note)
        lines: list[SignatureLine] = []
        for seat in self._seats:
            try:
                async with asyncio.timeout(ANSWER_SECONDS_MAX):
                    lines += await self._ask(store, seat, note, new=published.size)
                seat.size = published.size
            except (WitnessSilent, DomainError, OSError, httpx.HTTPError) as error:
                log.warning("witness_does_not_cosign", witness=seat.name, reason=repr(error))
        return lines

    async def _ask(
        self, store: LogStore, seat: _Seat, note: Note, *, new: int
    ) -> list[SignatureLine]:
        answer = await self._send(store, seat, note, new=new)
        if answer.status_code == _CONFLICT:
            seat.size = parse_size(answer.text.removesuffix("\n"))
            answer = await self._send(store, seat, note, new=new)
        if answer.status_code != _OK:
            raise WitnessSilent(f"{answer.status_code} {answer.text[:200]}")
        lines = parse_note(f"{note.text}\n{answer.text}").lines
        own = [line for line in lines if seat.key.is_of(line)]
        if cosigned_at(Note(note.text, tuple(own)), seat.key) is None:
            raise NoteRefused("the answer has no line of the witness's key")
        return own

    async def _send(self, store: LogStore, seat: _Seat, note: Note, *, new: int) -> httpx.Response:
        proof: list[bytes] = []
        if 0 < seat.size < new:
            proof = await consistency_proof(store, old=seat.size, new=new)
        body = AddCheckpoint(seat.size, tuple(proof), note).text
        return await self.client.post(f"{seat.address}/add-checkpoint", content=body.encode())

"""The members of the story at the public API, each with keys of its own, and the scenario's clock.

Every write has an idempotency key of its own, so loading again after a crash does nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.client import ApiClient, Refused
from gateway.demonstration.county import ZONE, Member
from kernel.canonical import utc_text

Clients = Mapping[str, ApiClient]
Tell = Callable[[str], None]
_LOCAL = ZoneInfo(ZONE)


class UnexpectedFigure(Exception):
    """The service answered with another figure than the story's."""


def instant(day: date, time_of_day: str) -> str:
    """Return a local time of a day as a UTC instant."""
    local = datetime.fromisoformat(f"{day.isoformat()}T{time_of_day}").replace(tzinfo=_LOCAL)
    return utc_text(int(local.timestamp()) * 1_000_000, digits=0)


class Cast:
    """Who speaks to the service in one part of the story.

    ``clients`` maps ``X-1``, ``E01-1`` and so on to that key's client, ``digests`` to what the
    service knows of it; ``part`` sets the keys of this part's writes apart from other parts'.
    """

    def __init__(
        self, clients: Clients, *, digests: Mapping[str, str], part: str, tell: Tell
    ) -> None:
        self.tell = tell
        self._clients = clients
        self._digests = digests
        self._part = part

    def part(self, name: str) -> "Cast":
        """Return the same members for another part of the story."""
        return Cast(self._clients, digests=self._digests, part=name, tell=self.tell)

    async def post(
        self, actor: str, path: str, body: Mapping[str, Any], *, key: str
    ) -> dict[str, Any]:
        """Write as an actor."""
        return await self._clients[actor].post(path, body, key=f"demo-{self._part}-{key}")

    async def propose(self, body: Mapping[str, Any], *, key: str, of: str = "R") -> dict[str, Any]:
        """Let one person of a party propose, and the other approve."""
        maker, checker = self._clients[f"{of}-1"], self._clients[f"{of}-2"]
        return await maker.propose(body, checker=checker, key=f"demo-{self._part}-{key}")

    async def refused(
        self, actor: str, path: str, body: Mapping[str, Any], *, key: str, code: str
    ) -> None:
        """Write what has to be refused.

        Raises:
            UnexpectedFigure: it was not.
            Refused: it was, for another reason.
        """
        try:
            await self.post(actor, path, body, key=key)
        except Refused as refusal:
            if refusal.code == code:
                return
            raise
        raise UnexpectedFigure(f"{actor} {path}: expected {code}")

    async def get(self, actor: str, path: str, **params: str) -> dict[str, Any]:
        """Read as an actor."""
        return await self._clients[actor].get(path, **params)

    async def move(self, day: date, *, time_of_day: str = "10:00:00") -> None:
        """Move the scenario's clock forward to a day."""
        to = instant(day, time_of_day)
        await self.post("X-1", "/clock", {"to": to}, key=f"clock-{to}")

    async def register(self, members: Iterable[Member]) -> None:
        """Make members known, with their keys."""
        for member in members:
            scheme = "uscc" if member.credit_code else "region" if member.region_code else ""
            party = {
                "party": member.party,
                "party_kind": member.kind,
                "scheme": scheme,
                "identifier": member.credit_code or member.region_code,
                "name": member.name,
                "name_en": member.name_en,
            }
            await self.post("X-1", "/parties", party, key=f"party-{member.party}")
            for number, roles in member.keys.items():
                await self.give_key(f"{member.party}-{number}", roles=roles)

    async def give_key(self, actor: str, *, roles: Iterable[str]) -> None:
        """Register a key of an actor, named after its party."""
        party = actor.rpartition("-")[0]
        body = {"actor": actor, "party": party, "roles": list(roles)}
        body["digest"] = self._digests[actor]
        await self.post("X-1", "/keys", body, key=f"key-{actor}")

    async def accounts(self, *, parties: Iterable[str]) -> dict[str, str]:
        """Return the number of each party's first account, as its own key sees it."""
        found = {}
        for party in parties:
            listed = await self.get(f"{party}-1", "/accounts")
            found[party] = str(listed["accounts"][0]["account"])
        return found

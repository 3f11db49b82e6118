"""Who takes part in the venue, by which party and key names, and with which secrets.

Every installation trades under a key of its own. Their secrets are not kept one by one: each is
derived from one that is, so the file of keys stays short and an import can go on another day.
"""

import hashlib
import hmac
from collections.abc import Mapping

import httpx

from gateway.client import ApiClient
from gateway.imports.eu_ets.rows import InstallationId
from gateway.imports.eu_ets.steps import Part, Party
from gateway.keys import OPERATOR, digest_of

REGULATOR, CHECKER = "R-1", "R-2"
BANK = "B-1"
VERIFIER = "V-1"
FIRMS = "firms"
KEPT = (OPERATOR, REGULATOR, CHECKER, BANK, VERIFIER, FIRMS)
RESERVE_PARTY = "R"

# Part -> party kind, and roles by key name.
_INSTITUTIONS: Mapping[Part, tuple[str, dict[str, tuple[str, ...]]]] = {
    Part.REGULATOR: (
        "authority",
        {REGULATOR: ("regulator", "trader"), CHECKER: ("regulator",)},
    ),
    Part.SETTLEMENT_BANK: ("bank", {BANK: ("settlement_bank",)}),
    Part.VERIFIER: ("verifier", {VERIFIER: ("verifier",)}),
}


def firm_key(firm: InstallationId) -> str:
    """Return the name of an installation's key."""
    return f"{firm}.key"


def party_of(party: Party) -> str:
    """Return the name under which the venue knows a party."""
    if party.part is Part.TRADER:
        return party.value
    return {
        Part.REGULATOR: RESERVE_PARTY,
        Part.SETTLEMENT_BANK: "B",
        Part.VERIFIER: "V",
        Part.OPERATOR: "X",
    }[party.part]


class People:
    """The clients of everybody who calls the service, made when they are first needed."""

    def __init__(self, http: httpx.AsyncClient, secrets: Mapping[str, str]) -> None:
        self._http = http
        self._secrets = secrets
        self._firms: dict[InstallationId, ApiClient] = {}
        self.operator = ApiClient(http, secret=secrets[OPERATOR])
        self.regulator = ApiClient(http, secret=secrets[REGULATOR])
        self.checker = ApiClient(http, secret=secrets[CHECKER])
        self.bank = ApiClient(http, secret=secrets[BANK])
        self.verifier = ApiClient(http, secret=secrets[VERIFIER])

    def firm(self, firm: InstallationId | None) -> ApiClient:
        """Return the client of an installation; ``None`` is the regulator's reserve."""
        if firm is None:
            return self.regulator
        found = self._firms.get(firm)
        if found is None:
            found = ApiClient(self._http, secret=self._firm_secret(firm))
            self._firms[firm] = found
        return found

    def kind_of(self, party: Party) -> str:
        """Return the kind of a party."""
        return "enterprise" if party.part is Part.TRADER else _INSTITUTIONS[party.part][0]

    def keys_of(self, party: Party) -> list[tuple[str, tuple[str, ...], str]]:
        """Return (name, roles, digest of the secret) of each key of a party."""
        if party.part is Part.TRADER:
            firm = InstallationId(party.value)
            return [(firm_key(firm), ("trader",), digest_of(self._firm_secret(firm)))]
        keys = _INSTITUTIONS[party.part][1]
        return [(name, roles, digest_of(self._secrets[name])) for name, roles in keys.items()]

    def _firm_secret(self, firm: InstallationId) -> str:
        return hmac.new(self._secrets[FIRMS].encode(), firm.encode(), hashlib.sha256).hexdigest()

"""Loads the demonstration into a running service, once."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from enum import Enum, auto
from pathlib import Path

import httpx

from credit_scoring.credentials.multibase import did_key
from gateway.client import ApiClient, Refused
from gateway.demonstration import eco_credit, green_coins, loading
from gateway.demonstration.archives import REFORM, SHORTFALL
from gateway.demonstration.carbon_year import CarbonYear
from gateway.demonstration.cast import Cast
from gateway.demonstration.county import BACKGROUND
from gateway.demonstration.year import Year
from gateway.keys import credential_key, digest_of, ensure_keys, keys_file, read_keys
from gateway.service import Service
from gateway.settings import Settings

Tell = Callable[[str], None]
ROWS_MAX = 1_000


class State(Enum):
    """How much of the demonstration a venue has."""

    EMPTY = auto()
    EARLIER = auto()
    CUT_OFF = auto()
    WHOLE = auto()


WORDS = {
    State.EARLIER: "An earlier edition of the demonstration is loaded; --fresh loads the year",
    State.CUT_OFF: "The demonstration was cut off; it goes on where it stood",
    State.WHOLE: "The demonstration market is loaded already",
}


def papers_of(settings: Settings) -> Path:
    """Return the folder of what the story's bank was handed."""
    return settings.home / f"{settings.venue}.b1"


@asynccontextmanager
async def clients_of(service: Service, settings: Settings) -> AsyncIterator[dict[str, ApiClient]]:
    """Yield a client for every key of the demonstration."""
    secrets = ensure_keys(keys_file(settings.home, settings.venue), _names())
    async with httpx.AsyncClient(base_url=service.url) as http:
        yield {name: ApiClient(http, secret=secret) for name, secret in secrets.items()}


async def load_demonstration(service: Service, settings: Settings, *, tell: Tell) -> None:
    """Load the demonstration, or the rest of it where somebody stopped in between."""
    async with clients_of(service, settings) as clients:
        state = await _state(clients)
        if state is not State.EMPTY:
            tell(WORDS[state])
        if state in {State.EMPTY, State.CUT_OFF}:
            await year_of(service, settings, clients, tell=tell).load()
            path = keys_file(settings.home, settings.venue)
            tell(f"Demonstration market loaded; its keys: {path}")


def year_of(
    service: Service, settings: Settings, clients: Mapping[str, ApiClient], *, tell: Tell
) -> Year:
    """Return the story, to be told to a service by these clients."""
    secrets = read_keys(keys_file(settings.home, settings.venue))
    digests = {name: digest_of(secrets[name]) for name in clients}
    cast = Cast(clients, digests=digests, part="market", tell=tell)
    issuer = eco_credit.Issuer(
        name=did_key(credential_key(settings.home, settings.venue).public_key()),
        base=f"{service.url}/v1/credential-status",
    )
    credit = eco_credit.EcoCredit(cast.part("credit"), issuer=issuer, papers=papers_of(settings))
    return Year(
        cast.part("year"),
        market=loading.Story(cast),
        carbon=CarbonYear(cast.part("carbon")),
        coins=green_coins.GreenCoins(cast.part("coins"), secret=secrets["V1-1"]),
        credit=credit,
    )


async def _state(clients: Mapping[str, ApiClient]) -> State:
    operator = clients["X-1"]
    parties = (await operator.get("/parties", limit=str(ROWS_MAX)))["parties"]
    if REFORM not in {each["party"] for each in parties}:
        listed = (await operator.get("/instruments"))["instruments"]
        has_market = BACKGROUND[-1] in {each["code"] for each in listed}
        return State.EARLIER if has_market else State.EMPTY
    try:
        served = (await clients["R-1"].get("/supervision/decisions"))["decisions"]
    except Refused:
        # Its key is not there yet.
        return State.CUT_OFF
    is_whole = SHORTFALL.case_number in {each["case_number"] for each in served}
    return State.WHOLE if is_whole else State.CUT_OFF


def _names() -> list[str]:
    """Return the names of every key of every part of the story."""
    return [*loading.key_names(), *eco_credit.key_names(), *green_coins.key_names()]

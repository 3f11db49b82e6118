"""Loads the demonstration into a running service, once."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from credit_scoring.credentials.multibase import did_key
from gateway.client import ApiClient
from gateway.demonstration import green_coins
from gateway.demonstration.loading import Story, key_names
from gateway.keys import credential_key, digest_of, ensure_keys, keys_file
from gateway.service import Service
from gateway.settings import Settings

Tell = Callable[[str], None]


@asynccontextmanager
async def clients_of(service: Service, settings: Settings) -> AsyncIterator[dict[str, ApiClient]]:
    """Yield a client for every key of the demonstration."""
    secrets = ensure_keys(keys_file(settings.home, settings.venue), _names())
    async with httpx.AsyncClient(base_url=service.url) as http:
        yield {name: ApiClient(http, secret=secret) for name, secret in secrets.items()}


async def load_demonstration(service: Service, settings: Settings, *, tell: Tell) -> None:
    """Load the demonstration where nothing is loaded yet."""
    path = keys_file(settings.home, settings.venue)
    secrets = ensure_keys(path, _names())
    digests = {name: digest_of(secret) for name, secret in secrets.items()}
    async with clients_of(service, settings) as clients:
        found = await clients["X-1"].get("/instruments")
        codes = {each["code"] for each in found["instruments"]}
        if "WATER-B" in codes:
            tell("The demonstration market is loaded already")
            return
        await Story(clients, digests=digests, tell=tell).load()
        coins = green_coins.GreenCoins(clients, digests=digests, secret=secrets["V1-1"], tell=tell)
        await coins.load()
        issuer = did_key(credential_key(settings.home, settings.venue).public_key())
        terms = {"issuer": issuer, "base": f"{service.url}/v1/credential-status"}
        await clients["X-1"].post("/credentials/issuers", terms, key="demo-credential-issuer")
    tell(f"Demonstration market loaded; its keys: {path}")


def _names() -> list[str]:
    """Return the names of every key of every part of the story."""
    return [*key_names(), *green_coins.key_names()]

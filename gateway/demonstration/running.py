"""Loads the demonstration into a running service, once."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from gateway.client import ApiClient
from gateway.demonstration.loading import Story, key_names
from gateway.keys import digest_of, ensure_keys, keys_file
from gateway.service import Service
from gateway.settings import Settings

Tell = Callable[[str], None]


@asynccontextmanager
async def clients_of(service: Service, settings: Settings) -> AsyncIterator[dict[str, ApiClient]]:
    """Yield a client for every key of the demonstration."""
    secrets = ensure_keys(keys_file(settings.home, settings.venue), key_names())
    async with httpx.AsyncClient(base_url=service.url) as http:
        yield {name: ApiClient(http, secret=secret) for name, secret in secrets.items()}


async def load_demonstration(service: Service, settings: Settings, *, tell: Tell) -> None:
    """Load the demonstration where nothing is loaded yet."""
    path = keys_file(settings.home, settings.venue)
    secrets = ensure_keys(path, key_names())
    digests = {name: digest_of(secret) for name, secret in secrets.items()}
    async with clients_of(service, settings) as clients:
        found = await clients["X-1"].get("/instruments")
        codes = {each["code"] for each in found["instruments"]}
        if "WATER-B" in codes:
            tell("The demonstration market is loaded already")
            return
        await Story(clients, digests=digests, tell=tell).load()
    tell(f"Demonstration market loaded; its keys: {path}")

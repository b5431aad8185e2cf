"""Where notices go besides the inbox."""

from app.answers import Channels
from app.client import Client
from app.reading import read

CHANNELS = "/me/channels"
EMAIL = f"{CHANNELS}/email"


async def channels(client: Client) -> Channels:
    return read(Channels, await client.told("GET", CHANNELS))


async def choose(client: Client, language: str, muted: frozenset[str]) -> Channels:
    """Choose the language of mails, and the kinds that come by inbox alone."""
    body = {"language": language, "muted": sorted(muted)}
    return read(Channels, await client.told("PUT", CHANNELS, json=body))


async def ask_for_email(client: Client, address: str) -> Channels:
    """Have a code sent to an address."""
    return read(Channels, await client.told("POST", EMAIL, json={"address": address}))


async def confirm_email(client: Client, code: str) -> Channels:
    return read(Channels, await client.told("POST", f"{EMAIL}/confirm", json={"code": code}))


async def forget_email(client: Client) -> Channels:
    return read(Channels, await client.told("DELETE", EMAIL))

"""`connect`: a bot token from BotFather makes the shop sell in Telegram, with no file edited and no restart."""

from __future__ import annotations

import asyncio
import getpass
import json
import re
import sys
from dataclasses import dataclass

import httpx2

from cli.stores import open_stores
from kit import db
from kit.config import Config, keep_secrets
from kit.errors import Misconfigured, Unavailable
from kit.http import make_client
from orders import card
from shop import profile, shops, staff

_TOKEN = re.compile(r"\d{3,}:[\w-]{5,}")
_HOW = """To sell in Telegram you need a bot of your own (two minutes, free):
  1. in Telegram open @BotFather and send /newbot
  2. give it a name, then a username that ends in "bot"
  3. BotFather answers with a token: copy that line
"""


@dataclass(frozen=True, slots=True)
class Bot:
    """What getMe says about a token."""

    username: str
    name: str


def run(config: Config, shop_id: str, token: str = "") -> int:
    """Ask for the token, check it, keep it; print the bot's link and, while nobody owns the shop, the claim code."""
    token = _found(token or _asked())
    for other, settings in config.shops.items():
        if other != shop_id and settings.telegram.token.get_secret_value() == token:
            raise Misconfigured(f"--token: the shop {other} has this bot; make another one for {shop_id}")
    bot, code = asyncio.run(_connect(config, shop_id, token))
    print(f"connected: {bot.name} (@{bot.username}) sells for the shop {shop_id}")
    print(f"open   https://t.me/{bot.username}")
    if code:
        print(f"send   /claim {code}      (this makes you the owner; it works once)")
    else:
        print("the shop has an owner in Telegram already; others are invited by the owner with /invite")
    print("a running server starts the bot within two seconds; if none runs: make run")
    return 0


async def _connect(config: Config, shop_id: str, token: str) -> tuple[Bot, str | None]:
    bot = await check_token(config.shops[shop_id].telegram.api_url, token)
    known = profile.read(config.shops[shop_id].folder / "shop.yaml")
    async with open_stores(config, 2) as stores, db.transaction(stores.pool) as tx:
        own = known.shop.id == profile.DEMO  # connected, the demo becomes the owner's own shop
        if own:  # the demo's card must not be shown to anybody's real shoppers
            await shops.make_own(tx, shop_id)
            await card.disown(tx, shop_id)
        code = await staff.owner_code(tx, shop_id, "telegram")
    keep_secrets(config, shop_id, {"telegram": {"token": token}} | ({"cards": []} if own else {}))
    return bot, code


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    print(_HOW)
    return getpass.getpass("token (it is not shown while you paste it): ")


def _found(text: str) -> str:
    """The token in what was pasted: the whole of BotFather's message will do."""
    found = _TOKEN.search(text)
    if not found:
        raise Misconfigured("--token: this is no bot token; copy the line BotFather gave: digits, a colon, letters")
    return found[0]


async def check_token(api_url: str, token: str) -> Bot:
    """The bot that `token` belongs to. Misconfigured when Telegram does not know it, Unavailable when it is silent.

    The token is part of the address, so no error of the client is passed on as it is.
    """
    async with make_client() as client:
        try:
            answer = await client.get(f"{api_url.rstrip('/')}/bot{token}/getMe")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise Unavailable(
                f"Telegram does not answer at {api_url} ({type(error).__name__}); check the network, or set "
                "shops.<id>.telegram.api_url when you go through a proxy"
            ) from None
    if answer.status_code in (401, 404):
        raise Misconfigured(
            "--token: Telegram does not know this token; copy it again, or ask BotFather for it: /token"
        )
    try:
        told = json.loads(answer.content)["result"]
        return Bot(str(told["username"]), str(told["first_name"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"{api_url} answered {answer.status_code} and not as Telegram does") from error

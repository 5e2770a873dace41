"""Is each channel's token still good? Asked every few minutes by one process, written down for all of them.

A token dies without a word: BotFather made a new one, a password was changed, Meta's 60 days are over. Until somebody
looks nothing is heard and nothing is said, so staff are told once, by the channels that still work.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

import structlog

from bot.cron.ticks import Tick
from kit import outbox
from kit.db import Reader, Tx, transaction
from kit.errors import Unavailable
from kit.message import Notice

if TYPE_CHECKING:
    from bot.app import App
    from kit.config import Config, ShopConfig

log = structlog.get_logger(__name__)
_ASK_S = 20.0
# codes of channels that mean: this token will never work again
_REFUSED = {"401", "token"}
REFUSED = "token refused"

# a row says since when; it is written anew only when something changed
_NOTE = """
INSERT INTO channel_states AS c (shop_id, channel, token_hash, state) VALUES ($1, $2, $3, $4)
ON CONFLICT (shop_id, channel) DO UPDATE SET token_hash = EXCLUDED.token_hash, state = EXCLUDED.state,
    checked_at = now(), since = CASE WHEN c.state = EXCLUDED.state AND c.token_hash = EXCLUDED.token_hash
                                THEN c.since ELSE now() END
RETURNING since = now()
"""
_KNOWN = "SELECT channel, token_hash, state FROM channel_states WHERE shop_id = $1"


async def check(app: App, tick: Tick) -> None:
    """Ask every platform who we are; note the answer, and tell staff of a token that died."""
    for shop_id, shop in list(app.config.shops.items()):
        for name, token in _tokens(shop).items():
            channel = app.channels.get((shop_id, name))
            if channel is None:
                continue  # its keeper has not built it yet
            state = await _ask(channel)
            if state is None:
                continue  # the platform did not answer: that says nothing about the token
            async with transaction(app.db) as tx:
                await tick.fence(tx)
                await _note(tx, shop_id, name, token, state)


async def _ask(channel: Any) -> str | None:
    try:
        async with asyncio.timeout(_ASK_S):
            await channel.me()
    except Unavailable as error:
        return REFUSED if error.code in _REFUSED else None
    except TimeoutError:
        return None
    return "ok"


async def _note(tx: Tx, shop_id: str, channel: str, token: str, state: str) -> None:
    changed = await tx.fetchval(_NOTE, shop_id, channel, _hash(token), state)
    if changed and state == REFUSED:
        log.warning("token_refused", shop=shop_id, channel=channel)
        await outbox.tell_staff(tx, shop_id, notice(channel), idem=idem(channel, token))


def notice(channel: str) -> Notice:
    """What staff hear of a dead token."""
    return Notice("problem", facts={"what": "token", "channel": channel})


def idem(channel: str, token: str) -> str:
    """Under which it is told, once for each token."""
    return f"token:{channel}:{_hash(token)}"


async def states(reader: Reader, config: Config) -> dict[tuple[str, str], str]:
    """(shop, channel) -> why its present token does not work, for those that were found dead."""
    found = {}
    for shop_id, shop in config.shops.items():
        tokens = {name: _hash(token) for name, token in _tokens(shop).items()}
        if not tokens:
            continue
        for row in await reader.fetch(_KNOWN, shop_id):
            if row["state"] != "ok" and tokens.get(row["channel"]) == row["token_hash"]:
                found[(shop_id, row["channel"])] = str(row["state"])
    return found


def _tokens(shop: ShopConfig) -> dict[str, str]:
    """Channel -> token, for the channels that are checked."""
    both = {"telegram": shop.telegram.token, "instagram": shop.instagram.token}
    return {name: token.get_secret_value() for name, token in both.items() if token.get_secret_value()}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]

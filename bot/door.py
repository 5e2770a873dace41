"""What every door does: read no more than it can bear, and store it before the platform hears that it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import structlog

from bot import inbox
from bot.app import App
from kit.message import Incoming

if TYPE_CHECKING:
    from fastapi import Request

log = structlog.get_logger(__name__)
# faults of one event, not of the store: trying it again would fail again
_POISON = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


async def read(request: Request, limit: int) -> bytes | None:
    """The body, None as soon as it grows over `limit` bytes."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > limit:
            return None
    return bytes(found)


async def store(app: App, events: Sequence[Incoming]) -> int:
    """Put `events` into the inbox, all of them; how many were new.

    An event that cannot be stored is kept as `unknown` with the reason, and holds no other one back. Raises what
    asyncpg raises when the store is away: then nothing may be acknowledged.
    """
    if not events:
        return 0
    try:
        return await inbox.accept(app.db, events, app.config.turn, box=app.box)
    except _POISON as error:
        if len(events) > 1:
            return sum([await store(app, [one]) for one in events])
        log.error("event_cannot_be_stored", id=events[0].event_id, exc_info=error)
        why = f"cannot be stored: {type(error).__name__}"
        kept = Incoming(replace(events[0].chat, id="-"), events[0].event_id, kind="unknown", note=why)
        return await inbox.accept(app.db, [kept], app.config.turn)

"""One bot's line to the Bot API: plain calls and file downloads, without letting the token out.

Updates are read as they came: a type newer than the library's spoils one update, not the batch it arrived in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientError, ClientResponseError, ClientTimeout

from bot import shape
from kit.errors import Unavailable

CALL_S = 20.0
FILE_S = 60.0
FETCH_BYTES = 20_000_000  # getFile's own limit is 20 MB


class Api:
    """A bot's connections. `bot` is the library's typed side of it."""

    def __init__(self, token: str, api_url: str) -> None:
        self._session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
        self.bot = Bot(token, session=self._session)
        self.username = ""  # known after `me`

    async def close(self) -> None:
        """Close the connections."""
        # the library's own close sleeps 250 ms for each bot
        await (await self._session.create_session()).close()

    async def me(self) -> dict[str, Any]:
        """What Telegram says about the bot; remembers its username."""
        found = await self.call("getMe", {})
        about = found if isinstance(found, dict) else {}
        self.username = str(about.get("username") or "")
        return about

    async def call(self, method: str, fields: Mapping[str, Any], timeout_s: float = CALL_S) -> Any:
        """`result` of any method as plain JSON. Raises Unavailable with the codes of bot.telegram.errors."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
            if value is not None
        }
        session = await self._session.create_session()
        address = self._session.api.api_url(self.bot.token, method)
        try:
            async with session.post(address, data=form, timeout=ClientTimeout(total=timeout_s)) as answer:
                status, body = answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError):
            raise Unavailable("no connection to Telegram", code="network") from None
        try:
            found = shape.read(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):  # a proxy's page, or no page at all
            raise Unavailable("Telegram's answer is not JSON", code="5xx")
        if found.get("ok"):
            return found.get("result")
        raise self._refusal(method, status, found)

    def _refusal(self, method: str, status: int, answer: Mapping[str, Any]) -> Unavailable:
        """What an answer with `ok: false` means."""
        parameters = answer.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        code = "5xx" if status >= 500 else "401" if status == 404 else str(status)
        return Unavailable(
            f"Telegram: {method}: {self.redacted(str(answer.get('description') or ''))}",
            permanent=code in ("400", "403", "413"),
            retry_after=float(wait) if isinstance(wait, int | float) else None,
            code=code,
        )

    async def download(self, path: str) -> bytes:
        """The file at `path` (getFile gave it), from the API's own host. Raises Unavailable, never with the address."""
        address = self._session.api.file_url(self.bot.token, path)
        found = bytearray()
        try:
            async for chunk in self._session.stream_content(address, timeout=int(FILE_S)):
                found += chunk
                if len(found) > FETCH_BYTES:
                    raise too_heavy()
        except ClientResponseError as error:
            gone = error.status in (400, 403, 404, 410)
            raise Unavailable("Telegram does not give the file", permanent=gone, code=str(error.status)) from None
        except (ClientError, TimeoutError, OSError):
            raise Unavailable("no connection to Telegram's files", code="network") from None
        return bytes(found)

    def redacted(self, words: str) -> str:
        """`words` of Telegram's for the log and for staff."""
        return words.replace(self.bot.token, "<token>")[:200]


def too_heavy() -> Unavailable:
    """A file that getFile does not give."""
    return Unavailable("the file is over 20 MB", permanent=True, code="too_heavy")

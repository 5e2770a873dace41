"""What Telegram's refusals mean for us: try again, wait so long, or never.

Codes: blocked, gone, 400, 413, 401 (token refused), 409, 429, 5xx, network (nothing left here), unsure (the answer was
lost), migrated:<chat id>.
"""

from __future__ import annotations

from collections.abc import Callable

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError

from kit.errors import Unavailable

# a refused token may be mended by the host at any time; a minute between tries keeps Telegram and the log calm
_TOKEN_WAIT_S = 60.0
# refusals of the chat, not of this message, that come as 400
_GONE = ("chat not found", "PEER_ID_INVALID", "group chat was deactivated", "user is deactivated")
_SHUT = ("have no rights to send", "not enough rights to send", "CHAT_WRITE_FORBIDDEN", "CHAT_RESTRICTED")
_CODES: dict[type[TelegramAPIError], tuple[str, bool]] = {
    TelegramForbiddenError: ("blocked", True),  # blocked by the person, deactivated, put out of the group
    TelegramEntityTooLarge: ("413", True),
    TelegramBadRequest: ("400", True),
    TelegramConflictError: ("409", False),
    TelegramServerError: ("5xx", False),
}


def unavailable(error: AiogramError, redacted: Callable[[str], str]) -> Unavailable:
    """`error` in our terms; Telegram's own words pass through `redacted`, the library's (an address!) never."""
    if isinstance(error, TelegramRetryAfter):
        return Unavailable("Telegram asks to wait", retry_after=float(error.retry_after), code="429")
    if isinstance(error, TelegramMigrateToChat):
        code = f"migrated:{error.migrate_to_chat_id}"
        return Unavailable("the group became a supergroup", permanent=True, code=code)
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):  # 404 is the answer to a token of a wrong form
        return Unavailable("Telegram refuses the token", retry_after=_TOKEN_WAIT_S, code="401")
    if isinstance(error, ClientDecodeError):
        return Unavailable("Telegram's answer is not JSON", code="5xx")
    if isinstance(error, TelegramBadRequest) and any(words in error.message for words in _GONE):
        return Unavailable("Telegram knows no such chat", permanent=True, code="gone")
    if isinstance(error, TelegramBadRequest) and any(words in error.message for words in _SHUT):
        return Unavailable("the bot may not write in the chat", permanent=True, code="blocked")
    for kind, (code, permanent) in _CODES.items():
        if isinstance(error, kind):
            return Unavailable(f"Telegram: {redacted(error.message)}", permanent=permanent, code=code)
    if isinstance(error, TelegramNetworkError):
        if isinstance(error.__cause__, ClientConnectorError):
            return Unavailable("no connection to Telegram", code="network")
        return Unavailable("no answer from Telegram", code="unsure")  # the words had left: perhaps it took them
    return Unavailable("Telegram refuses", permanent=True, code="400")


def ended_well(error: AiogramError) -> str | None:
    """The message id when Telegram did send and only the form of its answer was strange; None when it did not."""
    if not (isinstance(error, ClientDecodeError) and isinstance(error.data, dict) and error.data.get("ok")):
        return None
    result = error.data.get("result")
    result = result[-1] if isinstance(result, list) and result else result
    return str(result.get("message_id", "")) if isinstance(result, dict) else ""

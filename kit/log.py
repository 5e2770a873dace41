"""The log: to stderr, lines of text for a person at a terminal, JSON for a machine. Nobody's secrets or phones in it.

One processor cleans every value of every line, also those of libraries: cards, codes, bot tokens, phones. Results of
commands go to stdout and never through here.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

from kit.mask import mask
from kit.mask.cards import find_phones

_TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")  # a bot token, also inside an address
_BEARER = re.compile(r"(?i)\b(bearer\s+|(?:access_token|api_key|token|password)=)[^\s&\"']+")
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]+):[^@/\s]+@")
# our own ids: long digits that must stay findable (an Instagram id has 16)
_IDS = {
    "shop",
    "shop_id",
    "chat",
    "key",
    "id",
    "event_id",
    "provider_id",
    "update_id",
    "account",
    "version",
    "pid",
    "row",
}
# libraries that write addresses (with tokens in them) or bodies at INFO
_QUIET = ("httpx2", "httpcore2", "aiogram", "aiohttp", "asyncio", "openai", "uvicorn.access")


def clean(text: str) -> str:
    """`text` without cards, codes, tokens and phones."""
    if text.isascii() and text.isalpha():
        return text
    text = _TOKEN.sub("<token>", text)
    text = _BEARER.sub(r"\1<secret>", text)
    text = _URL_PASSWORD.sub(r"\1:<secret>@", text)
    text = mask(text).text
    for start, end in reversed(find_phones(text)):
        text = f"{text[:start]}<phone>{text[end:]}"
    return text


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, dict):
        return {name: _clean_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean_value(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean(str(value))


def redact(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The structlog processor: every value cleaned, but our own ids."""
    return {name: value if name in _IDS else _clean_value(value) for name, value in event.items()}


def set_up(level: str = "info", *, json: bool | None = None) -> None:
    """Send the log of this process to stderr; `json` None: JSON unless a person looks on."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not as_json:
        ending = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    # the traceback becomes text before redaction: exceptions quote what they choked on
    finish: list[Any] = [structlog.processors.format_exc_info, redact, ending]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

"""The log: to stderr, lines of text for a person at a terminal, JSON for a machine. Nobody's secrets or phones in it.

One processor cleans every value of every line, also those of libraries: cards, codes, tokens, phones, secrets of the
settings. It is stricter than `kit.mask`, which must not harm what a shopper wrote: a sum lost from a log harms nobody.
Results of commands go to stdout and never through here.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

from kit.mask import mask
from kit.mask.cards import find_phones
from kit.mask.plain import Found, Plain

# a bot token, also inside an address; keys of the providers by their own beginnings; a signed web token
_TOKENS = re.compile(
    r"(?<=/bot)\d+:[\w-]+|(?<!\d)\d{6,}:[\w-]{30,}|\b(?:sk|pk|rk|pcsk)[-_][\w-]{12,}|\b(?:EAA|IGQ|IGA)\w{16,}"
    r"|\bAIza[\w-]{30,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+|%20)[\w.~+/=:-]{4,}")
# a name that says what follows is a secret, and a value that is no word of ours (it has a digit or is long)
_NAMED = re.compile(
    r"""(?ix)([\w.-]*(?:token|secret|passw(?:or)?d|api[_-]?key|authorization|cookie|signature)[\w-]*["']?\s*(?:[:=]|%3D)\s*
    (?:b?["'])?)(?!<)(?=[^\s&"',;}]*\d|[^\s&"',;}]{12}|(?<==)[^\s&"',;}]{6})[^\s&"',;}]{3,}"""
)
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^@/\s]+@")
_SECRET_NAME = re.compile(r"(?i)token|secret|passw|api_?key|authorization|cookie|card_number|cvv|pin_code")
_LETTERS = re.compile(r"[A-Za-z_.]*")
# what looks like a number of somebody and is ours: a conversation's key, a UUID, a hash, a moment
_OURS = re.compile(
    r"\b(?:telegram|instagram|widget|messenger|whatsapp):-?(?:\d{5,13}|1784\d{13})(?![\w-])"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9]*[a-f])[0-9a-f]{24,}\b|\b0x[0-9a-f]+\b"
    r"|\b20\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
# whatever is left that could be the number of a card: a sum or an id of ours is shorter or begins with 1
_LONG = re.compile(r"(?<![\d.])[2-9](?:[ .,_/*|-]{0,3}\d){12,18}(?!\d)")
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
_hidden: list[str] = []  # the secrets of our own settings, the longest first; they are cut out whatever they look like


def hide(*secrets: str) -> None:
    """Never let these appear in a line again; shorter ones than 6 characters would cut words to pieces."""
    _hidden[:] = sorted({*_hidden, *(secret for secret in secrets if len(secret) >= 6)}, key=len, reverse=True)


def clean(text: str) -> str:
    """`text` without cards, codes, tokens, phones and the secrets of the settings."""
    text = _without_secrets(text)
    if _LETTERS.fullmatch(text):
        return text
    parts, at = [], 0
    for ours in _OURS.finditer(text):
        parts += [_without_numbers(text[at : ours.start()]), ours.group()]
        at = ours.end()
    parts.append(_without_numbers(text[at:]))
    return "".join(parts)


def _without_secrets(text: str) -> str:
    for secret in _hidden:
        if secret in text:
            text = text.replace(secret, "<secret>")
    text = _TOKENS.sub("<token>", text)
    text = _BEARER.sub(r"\1 <secret>", text)
    text = _URL_PASSWORD.sub(r"\1:<secret>@", text)
    return _NAMED.sub(r"\1<secret>", text)


def _without_numbers(text: str) -> str:
    """Without what belongs to a person, read as a person would: full-width digits and hidden spaces are digits too."""
    if not any(char.isdigit() for char in text):
        return text
    text = mask(text).text
    text = _cut(text, [(start, end, "<phone>") for start, end in find_phones(Plain(text).text)])
    return _cut(text, [(*spot.span(), "<number>") for spot in _LONG.finditer(Plain(text).text)])


def _cut(text: str, spots: list[tuple[int, int, str]]) -> str:
    """`text` with something else at places of its plain form."""
    plain = Plain(text)
    for start, end, instead in reversed(spots):
        spot = plain.back(Found(start, end, "", ""))
        text = text[: spot.start] + instead + text[spot.end :]
    return text


def _clean_value(value: Any, name: str = "") -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_NAME.search(name) and not isinstance(value, dict | list | tuple | set | frozenset):
        return "<secret>" if value else value
    if isinstance(value, int | float):  # a phone may be a count or a sum; sixteen digits are neither
        return value if abs(value) < 10**12 else clean(str(value))
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _clean_value(part, str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean_value(part, name) for part in value]
    return clean(str(value))


def redact(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The structlog processor: every value cleaned; of our own ids only what could be a secret."""
    return {name: _id(value) if name in _IDS else _clean_value(value, name) for name, value in event.items()}


def _id(value: Any) -> Any:
    return (
        _without_secrets(value) if isinstance(value, str) else value if isinstance(value, int) else _clean_value(value)
    )


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
    )  # loggers are not cached: it saves 2 µs of 140 a line, and a logger once used could never be set up anew
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

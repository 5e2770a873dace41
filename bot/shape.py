"""Payloads of strangers, made fit to keep: what a webhook or a poll brought, before anyone reads it.

PostgreSQL's jsonb takes no NUL character, no half of a surrogate pair and no NaN; an update that carries one
would fail to store, be delivered again and fail again, for ever.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from kit.mask import mask

_DEPTH = 64  # the deepest real payload we have seen is 11 (a comment in a reply in an update)
_RAW_CHARS = 16_000  # an unknown shape is kept to be looked at, not to be a way to fill the disk
_FORBIDDEN = {0: None} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def read(body: bytes) -> Any:
    """The JSON value in `body`, ready to be stored. Raises ValueError for anything that is not sound JSON."""
    try:
        return tidy(json.loads(body, parse_constant=_refuse))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def tidy(value: Any, depth: int = 0) -> Any:
    """`value` without what jsonb cannot hold. Raises ValueError when it is nested deeper than 64."""
    if depth > _DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else value.translate(_FORBIDDEN)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {tidy(str(name)): tidy(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [tidy(part, depth + 1) for part in value]
    return value


def fingerprint(value: Any) -> str:
    """An id for an event that brought none: the same event again has the same one."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def keep(value: Any) -> dict[str, Any]:
    """An unknown shape as `Incoming.raw`: card numbers and codes masked, cut where it is unreasonably long."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > _RAW_CHARS:
        return {"cut": mask(text[:_RAW_CHARS]).text}
    masked = _masked(value)
    return masked if isinstance(masked, dict) else {"value": masked}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(part) for part in value]
    return value


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not JSON")

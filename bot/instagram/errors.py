"""What the Graph API's refusals mean for us. Decided by code and subcode, never by the HTTP status alone.

Codes: window, permission, token, private_again, blocked, gone, rate, policy, 5xx, network (nothing left here), unsure
(the answer was lost), or the platform's own number.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from kit.errors import Unavailable

_WINDOW = {(10, 2534022), (10, 2018278)}  # 24 hours have passed since the shopper's last word
_BLOCKED = {551}
_AGAIN = {(100, 2534014)}  # no such user; a second private reply to one comment
_RATE = {4, 17, 32, 613, *range(80001, 80010)}
_TRANSIENT = {1, 2, 1200}
_POLICY = {368}
_TOKEN_WAIT_S = 300.0  # the host may mend it at any time; until then everything stays in the outbox
_POLICY_WAIT_S = 900.0  # a block of the account lasts for hours; asking often makes it longer
_RATE_WAIT_S = 60.0


def refusal(error: Mapping[str, Any], status: int, headers: Mapping[str, str], *, private: bool) -> Unavailable:
    """The `error` object of an answer in our terms. `private`: it was a private reply to a comment."""
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    what = f"Instagram: {error.get('message') or error.get('type') or status}"[:200]
    if (code, subcode) in _WINDOW:
        return Unavailable(what, permanent=True, code="window")
    if code == 190:
        return Unavailable(what, retry_after=_TOKEN_WAIT_S, code="token")
    if code == 10 or 200 <= code <= 299:
        return Unavailable(what, permanent=True, code="permission")
    if (code, subcode) in _AGAIN:
        return Unavailable(what, permanent=True, code="private_again" if private else "gone")
    if code in _BLOCKED:
        return Unavailable(what, permanent=True, code="blocked")
    if code in _RATE:
        return Unavailable(what, retry_after=rest_s(headers) or _RATE_WAIT_S * random.uniform(1, 2), code="rate")  # noqa: S311  jitter
    if code in _POLICY:
        return Unavailable(what, retry_after=_POLICY_WAIT_S, code="policy")
    if code in _TRANSIENT or (status >= 500 and code <= 0):
        return Unavailable(what, code="5xx")
    return Unavailable(what, permanent=True, code=str(code))


def no_answer(status: int) -> Unavailable:
    """An answer that is not the Graph API's: a proxy's page, an empty body."""
    return Unavailable(f"Instagram's answer is not JSON (HTTP {status})", code="5xx")


def rest_s(headers: Mapping[str, str]) -> float:
    """Seconds to be quiet as the usage headers tell: 0 below 100 %."""
    found = [_usage(headers.get(name, "")) for name in ("x-business-use-case-usage", "x-app-usage")]
    return max(found, default=0.0)


def _usage(header: str) -> float:
    try:
        parts = _flat(json.loads(header)) if header else []
    except ValueError:
        return 0.0
    names = ("call_count", "total_cputime", "total_time")
    full = any(_number(part.get(name)) >= 100 for part in parts for name in names)
    if not full:
        return 0.0
    minutes = max((_number(part.get("estimated_time_to_regain_access")) for part in parts), default=0)
    return max(minutes * 60.0, _RATE_WAIT_S)


def _flat(value: Any) -> list[dict[str, Any]]:
    """The objects with figures in a usage header: {"<id>": [{...}]} or {...}."""
    if isinstance(value, list):
        return [part for one in value for part in _flat(one)]
    if not isinstance(value, dict):
        return []
    return [value] if any(isinstance(part, int) for part in value.values()) else _flat(list(value.values()))


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0

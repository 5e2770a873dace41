"""A phone number as people read it: `+998 90 123 45 67`. Numbers are kept as E.164 everywhere."""

from __future__ import annotations

import re

# how the digits after the country code are grouped, where shoppers come from; elsewhere the number stays as it is
_GROUPS = {"+998": (2, 3, 2, 2), "+996": (3, 3, 3), "+992": (2, 3, 4), "+993": (2, 6), "+90": (3, 3, 2, 2)}
_GROUPS |= {"+7": (3, 3, 2, 2), "+82": (2, 4, 4)}


def shown(number: str) -> str:
    """An E.164 number in groups; what is none, or of another country, unchanged."""
    for code, groups in _GROUPS.items():
        rest = number.removeprefix(code)
        if number.startswith(code) and rest.isdigit() and len(rest) == sum(groups):
            pattern = "".join(rf"(\d{{{size}}})" for size in groups)
            return f"{code} {' '.join(re.fullmatch(pattern, rest).groups())}"  # type: ignore[union-attr]
    return number

"""Whom a product is for, beside whom it is asked for."""

from __future__ import annotations

_OTHERS = 0.45  # a product for men when women's was asked for
_GROWN = 0.8  # for grown people when a boy's or girl's was asked for
FAMILY = {
    "kids": {"kids", "girls", "boys", "babies"},
    "girls": {"girls", "kids", "women"},
    "boys": {"boys", "kids", "men"},
}
FAMILY |= {"babies": {"babies", "kids"}, "men": {"men", "boys"}, "women": {"women", "girls"}}
_YOUNG = {"kids", "girls", "boys", "babies"}


def suits(own: frozenset[str], audiences: set[str]) -> float:
    """1 for whom a product is for or when nothing is known, less when it is for others."""
    if own & {one for asked in audiences for one in FAMILY[asked]}:
        grown = audiences <= _YOUNG and not own & _YOUNG  # men's shoes for a son: some boys wear them
        return _GROWN if grown else 1.0
    if not own:
        return 0.8 if audiences & _YOUNG else 1.0
    return _OTHERS

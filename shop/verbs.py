"""Uzbek words that are made of a verb: who asks for "the one that turns" says aylanadigan, a title says aylanma."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

_LEAST = 3  # letters of a root
_SAME, _OTHER_VOICE = 0.95, 0.8  # what inflates (puflaydigan) is called so before what is inflated (puflanadigan)
_CASES = r"(?:lar)?(?:i|ini|idan|iga|ida|ining|ni|dan|ga|mi|imi)?$"
_DOES = re.compile(rf"(.+?)(?:a|y)digan{_CASES}")
_TOOL = re.compile(rf"(.+?)[gk]ich{_CASES}")
_MADE = re.compile(rf"(.+?)(?:[aiou]?vchi|uvchan|[gk]ich|ma|i?sh|ib|gan){_CASES}")


@lru_cache(maxsize=65536)
def root(key: str, *, does: bool = True) -> str:
    """`pufl` of puflaydigani, the one that inflates: what a participle is made of; "" for other words.

    Without `does`: what a tool is called by, puflagich.
    """
    return _root((_DOES if does else _TOOL).match(key))


def _root(found: re.Match[str] | None) -> str:
    own = found[1].rstrip("aiou") if found else ""
    return own if len(own) >= _LEAST else ""


class Verbs:
    """The words of titles that are made of verbs."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._made: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            if own := root(key) or _root(_MADE.fullmatch(key)):
                self._made[own].append(key)

    def near(self, key: str) -> list[tuple[str, float]]:
        """(word of a title, likeness) of those made of the same verb as a participle: aylanma for aylanadigani."""
        own = root(key)
        if not own:
            return []
        found = [(one, _SAME) for one in self._made.get(own, ())]
        others = {bare for bare in (own[:-1].rstrip("aiou"),) if own[-1] in "nl" and len(bare) >= _LEAST}
        others |= {own + voice for voice in ("n", "an", "in", "l", "al", "il")}
        return found + [(one, _OTHER_VOICE) for other in others for one in self._made.get(other, ())]

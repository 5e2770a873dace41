"""Names of models as they are written, letters and digits together: `g3410`, `A4`, `2x2,7`, `RTX3060`."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from shop.fold import Word, fold, words
from shop.search.units import Unit

_CODE = re.compile(r"(?<![^\W_])(?=[\w.,]*\d)(?=[\w.,]*[^\W\d_])\w+(?:[.,]\d\w*)*", re.UNICODE)
# "2ta", "10kg", "5x", "M2": so many of something, or a size
_NO_CODE = re.compile(
    r"\d+(?:[.,]\d+)?-?(?:ta|tasi\w*|talik\w*|dona|sht|shtuk\w*|kg|kilo|g|gr|l|litr\w*|ml|m|metr\w*|sm|mm|k|ming|t|tis|dom|uy"
    r"|kv|y|kun|soat|ga|gacha|dan|lik\w*|li|nchi|chi|inchi|y|ya|iy|aya|oy|go|mu|x|s|th|st|nd|rd|x?l|xs|pcs|gb|tb|mb|w|v)"
    r"|(?:x{0,4}[sl]|m)\d{1,2}(?:ta)?"
)


@lru_cache(maxsize=4096)
def codes(text: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, key) of every one in `text`; `х` between numbers is an x."""
    found = []
    for match in _CODE.finditer(text):
        said = fold(re.sub(r"(?<=\d)[хХ×*](?=\d)", "x", match.group())).replace(" ", "").replace(",", ".")
        if not _NO_CODE.fullmatch(said):
            found.append((match.start(), match.end(), said))
    return tuple(found)


def with_models(text: str, asked: Sequence[Unit | None], known: Container[str]) -> list[Unit]:
    """The units of `text` with those names of models that are `known` in place of their letters and numbers."""
    models = [
        Unit((Word(text[start:end], key, start, end),), "name") for start, end, key in codes(text) if key in known
    ]
    return [*models, *(one for one in asked if one and not any(_within(one, model) for model in models))]


def _within(unit: Unit, other: Unit) -> bool:
    return other.start <= unit.start and unit.end <= other.end


def skus_in(text: str, skus: Mapping[str, int]) -> list[tuple[int, tuple[int, int]]]:
    """Where articles stand in a text ("LS-101", "ls 101"), each as (its place among `skus`, span)."""
    tokens, found = words(text), list[tuple[int, tuple[int, int]]]()
    if all(word.key.isalpha() for word in tokens):  # no article: most texts are done here
        return []
    for length in (4, 3, 2, 1):
        for at in range(len(tokens) - length + 1):
            chunk = tokens[at : at + length]
            if any(after.start - one.end > 1 for one, after in pairwise(chunk)):
                continue  # what stood between is blanked out
            joined = "".join(word.key for word in chunk)
            if joined in skus and not joined.isalpha() and not joined.isdigit():
                span = (chunk[0].start, chunk[-1].end)
                if not any(span[0] >= first and span[1] <= past for _, (first, past) in found):
                    found.append((skus[joined], span))
    return found

"""How strong a thing is said to be: `67 vattli blok` is no block of 20 W."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.measure import measured, measures, of_text
from agent.brain_rules.piece import Piece
from agent.brain_rules.sizes import so_strong
from agent.brain_rules.titles import stems, titled, titles_of
from shop.shops import Shop

_UNIT = "w"
_FEW = 5


def as_strong(shop: Shop, piece: Piece, named: Sequence[tuple[int, int]], skus: list[str]) -> list[str]:
    """Of the shelf of what is named those of the strength that stands beside its name; all of it where none is so."""
    at = [at for at, token in enumerate(piece.tokens) if any(a <= token.start < b for a, b in named)]
    said = [one for one in measures(piece.tokens) if one[2][1] == _UNIT]
    if len(skus) != 1 or len(said) != 1 or not any(so_strong(piece.tokens, one) for one in at):
        return skus
    own = shop.products[skus[0]]
    if own.sizes or not _strengths(own.title_uz) or measured(said, titles_of(own)):
        return skus
    kin = [sku for sku, one in shop.products.items() if one.category == own.category and _strengths(one.title_uz)]
    fit = [sku for sku in kin if measured(said, titles_of(shop.products[sku]))]
    words = stems(piece.said) - titled(own)
    called = [sku for sku in fit if any(word.isalpha() for word in words & titled(shop.products[sku]))]
    return called if len(called) == 1 else [*fit, *skus] if fit else kin[:_FEW]


def _strengths(title: str) -> bool:
    return any(unit == _UNIT for _, unit in of_text(title))

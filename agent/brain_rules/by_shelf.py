"""`telefoni qora`: a thing whose title has no word for what it is ("Nova 105") is called by its shelf's."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.mention import Mention
from agent.brain_rules.piece import Piece
from agent.brain_rules.titles import comes_in
from shop.fold import words
from shop.lexicon import load
from shop.search.titles import asides
from shop.search.units import things_of
from shop.shops import Shop


def called_by_shelf(shop: Shop, piece: Piece, named: Sequence[Mention], liked: Sequence[str]) -> bool:
    """Whether a part says the kind of what is in view and a colour or size it comes in, and names nothing else."""
    about = shop.products.get(liked[0]) if liked else None
    if about is None or not named or any(about.sku in one.skus for one in named):
        return False
    if _kinds(about.title_ru) or not any(
        token.kind == "word" and comes_in(about, token.text) for token in piece.tokens
    ):
        return False
    kind, known = _kinds(about.category), load().concepts
    kind |= {above for name in kind for above in known[name].above}
    return all(_kinds(text) & kind for one in named for text in one.named)


def _kinds(text: str) -> set[str]:
    """The kinds of goods that the words of a text mean, together or alone, without what they come with."""
    known, beside = load(), asides(text)
    alone = {name for word in words(text) if word.start not in beside for name in known.meanings((word.key,))}
    together = {name for unit in things_of(text) if unit.start not in beside for name in unit.concepts}
    return {name for name in alone | together if known.concepts[name].kind == "goods"}

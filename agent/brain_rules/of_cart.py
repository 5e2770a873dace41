"""A word that tells one thing of the cart from the others there: what stands with it is said of that thing."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.choosing import MOST
from agent.brain_rules.lexicon import index
from agent.brain_rules.looks import looks
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import WHOLE
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.text import Token
from agent.brain_rules.titles import titles_of
from shop import colors
from shop.fold import words
from shop.shops import Shop

_CLEARLY = 1.08  # so much better than any other thing of the cart
_LEAST = 3  # letters of a word that names something
_ROOT = 5
_CHANGES = frozenset({"change", "remove"})
_BUYS = frozenset({"order", "wish"})  # "a teapot, I take two" is no kettle of the cart
_ANEW = frozenset({"more", "also", "available", "price", "apiece", "about", "compare", "look", "else", "keep_only"})


def of_cart(
    shop: Shop, piece: Piece, named: Sequence[Mention], before: Mention | None, hint: Hint
) -> list[Mention] | None:
    """`the pots in blue, the kettle red`: the one thing of those in the cart that a part is about; None for else.

    It must say something of it: a number, a look, a change or that it stays. `before`: what was named ahead of it.
    """
    acts = {one.name for one in piece.met}
    sure = len(named) == 1 and named[0].sure and named[0].skus[0] not in hint.held
    if len(hint.held) < 2 or len(named) > 1 or sure or acts & _ANEW or (acts & _BUYS and not acts & _CHANGES):
        return None
    for token in _words(piece):
        sku = _called(shop, token.text, hint.held)
        if not sku:
            continue
        if (before is not None and before.skus == [sku]) or (named and named[0].skus == [sku]):
            return None
        said, denied = looks(shop.products[sku], [piece], hint)
        if said or denied or piece.numbers or acts & _CHANGES or _stays(piece):
            own = Piece(piece.text, piece.tokens, piece.met, [(token.start, token.end)])
            return [Mention([sku], [own], acts, True)]
    return None


def _words(piece: Piece) -> list[Token]:
    """The words of a part that have no other meaning."""
    met = covered(one for one in piece.met if one.name not in _CHANGES)
    return [
        token
        for at, token in enumerate(piece.tokens)
        if token.kind == "word" and at not in met and len(token.key) >= _LEAST and not colors.named(token.text)
    ]


def _called(shop: Shop, word: str, held: Sequence[str]) -> str:
    """The one of these that a word names, clearly better than the others; "" for none."""
    hits = [hit for hit in shop.search.find(word, MOST) if hit.sku in held]
    if not hits or hits[0].matched < WHOLE:
        return ""
    near = [hit.sku for hit in hits if _CLEARLY * hit.score > hits[0].score]
    called = [sku for sku in near if all(_begins(word, title) for title in titles_of(shop.products[sku]))]
    found = near if len(near) == 1 else called  # of a socket and a frame for sockets the one that is called so itself
    return found[0] if len(found) == 1 else ""


def _begins(word: str, title: str) -> bool:
    """Whether a word of a title begins as this one does: "розеток" of "Розетка двойная"."""
    own = [one.key for one in words(title)]
    return bool(own) and any(one[:_ROOT] == said.key[:_ROOT] for said in words(word) for one in own)


def _stays(piece: Piece) -> bool:
    return bool(index("unchanged").find(piece.tokens))

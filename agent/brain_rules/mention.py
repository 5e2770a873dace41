"""A product that the message names, and the pieces of the message that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.brain_rules.lexicon import Met
from agent.brain_rules.looks import looks
from agent.brain_rules.piece import Hint, Look, Piece
from agent.brain_rules.text import Token
from shop.catalogue import Product


@dataclass
class Mention:
    """A product the message names: one sku when it is clear, several when they fit alike, best first.

    `lacking`: what it was to be without, in the message's words, where the shop has none without it. `untold`: of what
    it was to be without the shop tells nothing.
    """

    skus: list[str]
    pieces: list[Piece]
    acts: set[str] = field(default_factory=set)
    sure: bool = True  # one product is meant, not a kind
    lacking: str = ""
    untold: bool = False

    @property
    def named(self) -> list[str]:
        """The words of the message that name it, as they stand there."""
        return [piece.text[a:b] for piece in self.pieces for a, b in piece.named]

    def looks(self, product: Product, hint: Hint) -> tuple[list[Look], list[Look]]:
        """What is said of `product` here, and what is taken back."""
        return looks(product, self.pieces, hint)


@dataclass
class Goods:
    """The mentions of a message in order, and pieces that name nothing (they are about the focus).

    `foreign`: things asked for that this shop does not sell, as they were called. `asides`: parts that name no product
    and ask something beside one: "... va kafolati bormi". `unplaced`: what is ordered in words that nobody knows.
    """

    mentions: list[Mention]
    loose: list[Piece]
    foreign: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        """Every piece of the message, whatever it is about."""
        return [*self.loose, *(piece for one in self.mentions for piece in one.pieces)]

    @property
    def acts(self) -> set[str]:
        """What is meant with any of the mentions: `price`, `order`, ..."""
        return {act for one in self.mentions for act in one.acts}

    def without_paying(self, tokens: Sequence[Token], met: Sequence[Met]) -> set[str]:
        """Takes out the payments that only names of goods speak of ("plastic pens with a logo"), and returns them."""
        named = [span for one in self.mentions if one.sure for piece in one.pieces for span in piece.named]
        said: dict[str, bool] = {}
        for one in met:
            own = tokens[one.first : one.past]
            inside = any(a <= token.start < b for a, b in named for token in own)
            said[one.name] = said.get(one.name, True) and inside
        only = {name for name in _OF_PAYING if said.get(name)}
        for mention in self.mentions:
            mention.acts -= only
        return only


_OF_PAYING = frozenset({"card", "invoice"})


def piece_of(text: str, tokens: Sequence[Token], met: Sequence[Met], first: int, past: int) -> Piece:
    """Tokens [first, past) with the meanings that stand in them, wholly or in part."""
    inside = [
        Met(one.name, max(one.first, first) - first, min(one.past, past) - first, one.phrase)
        for one in met
        if one.first < past and first < one.past
    ]
    return Piece(text, tokens[first:past], inside)

"""A piece of the message and what is said in it of one product: what both the sizes and the colours are read with."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from agent.brain_rules import sizes
from agent.brain_rules.lexicon import Met, keys, words_of
from agent.brain_rules.numbers import Number, numbers, place
from agent.brain_rules.text import Token
from shop import colors
from shop.fold import stem, words

# behind it: not M, instead of M, 6 is too many, I have the black one
_NOT_WANTED = frozenset(words_of(("emas", "o'rniga", "ko'p", "много", "kerakmas", "o'zimda", "ozimda")))
_MINE = frozenset(words_of(("menda", "bizda", "uyda", "uyimda", "o'zimda", "unda")))
_ARTICLES = frozenset(words_of(("the", "a", "an", "any", "этот", "эту", "эти")))
_BESIDE = 3  # words: "oltini bizga to'g'ri kelmaydi"


@dataclass(frozen=True, slots=True)
class Look:
    """What was said of one line: "" and 0 are unsaid. `no_size`, `no_color`: said, but the product has no such.

    `letter`: the letter that was said for a number; `either`: the numbers it may be, when they are several.
    `share`: "half" or "rest" of what there is, where no number is said.
    """

    size: str = ""
    color: str = ""
    qty: int = 0
    no_size: str = ""
    no_color: str = ""
    letter: str = ""
    either: tuple[str, ...] = ()
    share: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was said."""
        return self == UNSAID

    def asked(self) -> dict[str, str]:
        """The size and colour as they were said, also where the product has no such."""
        return {"size": self.size or self.no_size, "color": self.color or self.no_color}

    def over(self, old: Look) -> Look:
        """This look laid over an older one."""
        return Look(
            self.size or ("" if self.no_size else old.size),
            self.color or ("" if self.no_color else old.color),
            self.qty or old.qty,
            self.no_size,
            self.no_color,
        )


UNSAID = Look()


def kept(said: Mapping[str, str]) -> Look:
    """The look that a session keeps of a product (`Session.look`)."""
    return Look(said.get("size", ""), said.get("color", ""), int(said.get("qty", 0) or 0))


@dataclass(frozen=True)
class Piece:
    """A piece of the message: its tokens, meanings and the spans of the text that named the product."""

    text: str
    tokens: Sequence[Token]
    met: Sequence[Met]
    named: Sequence[tuple[int, int]] = ()
    apart: bool = False  # a conjunction parts it from what follows: it is about what was shown before
    # what looks.py read in it: for one product, and for all that come in the same sizes and colours
    events: dict[Hashable, list[Event]] = field(default_factory=dict, init=False, compare=False, repr=False)
    alike: dict[Hashable, Alike] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def said(self) -> str:
        """Its words as they stand in the text."""
        return self.text[self.tokens[0].start : self.tokens[-1].end]

    @cached_property
    def numbers(self) -> list[Number]:
        """The numbers in it."""
        return numbers(self.tokens)

    @cached_property
    def place(self) -> int:
        """The place in a list that is said: 2 for `ikkinchisi`; 0 for none."""
        return place(self.tokens)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its words without their endings."""
        said = {token.key for token in self.tokens} | {word.key for word in words(self.said)}
        return frozenset(map(stem, said))

    @property
    def of_each(self) -> bool:
        """Whether the number in it is of everything that was named: `one of each`."""
        return any(one.name == "of_each" for one in self.met)

    @property
    def of_all(self) -> bool:
        """Whether what it says without a number is of all that was named: `ikkalasi qora`, `both for Gentra`."""
        return not self.numbers and any(one.name in ("both", "all_of") for one in self.met)

    def met_at(self, at: int, *names: str) -> bool:
        """Whether one of these meanings covers token `at`."""
        return any(one.first <= at < one.past and one.name in names for one in self.met)


@dataclass(frozen=True, slots=True)
class Hint:
    """What helps to tell numbers apart: slots that were asked, the shop's size chart, whether somebody orders."""

    asked: frozenset[str] = frozenset()
    chart: Mapping[str, str] = field(default_factory=dict, hash=False)
    orders: bool = False
    sums: bool = False  # what so many of the thing in view cost is asked
    price: int = 0  # that the shopper names
    held: tuple[str, ...] = ()  # what is in the cart, or in the order that may still be changed


@dataclass(frozen=True, slots=True)
class Event:
    at: int  # place in the text
    kind: str  # size | color | qty | share
    value: str | int
    known: bool = True
    denied: bool = False
    letter: str = ""
    either: tuple[str, ...] = ()


# colours, and written sizes by their token with how many tokens they take
Alike = tuple[list[Event], dict[int, tuple[Event | None, int]]]


def so_many(piece: Piece) -> list[Piece]:
    """Of `на небольшую комнату нужно 5 рулонов`, behind a thing, how many are needed; [] where that is not told."""
    counted = [number for number in piece.numbers if number.counted]
    if len(counted) != 1 or not any(one.name == "order" for one in piece.met):
        return []
    return [replace(piece, tokens=piece.tokens[counted[0].first : counted[0].past], met=[])]


def in_spans(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return bool(spans) and any(start < token.end and token.start < end for start, end in spans)


def denied(piece: Piece, at: int, end: int) -> bool:
    """`M emas`, `32 tor keladi`, `не 42`, `not red`: this is not wanted."""
    tokens = piece.tokens
    if at and tokens[at - 1].key in ("ne", "not", "no") and tokens[at - 1].kind == "word":
        return True
    if at > 1 and tokens[at - 2].key in keys("questions", "not") and tokens[at - 1].key in keys("questions", "do_take"):
        return True  # "не берите бежевые", "don't send the beige"
    if _not_to_take(tokens, at):
        return True
    if at and (
        tokens[at - 1].key == "vmesto" or [token.key for token in tokens[max(0, at - 2) : at]] == ["instead", "of"]
    ):
        return True
    past = next((place for place, token in enumerate(tokens) if token.start >= end), len(tokens))
    while past < len(tokens) and (sizes.is_marker(tokens[past]) or tokens[past].key in ("rang", "rangi", "svet")):
        past += 1
    not_wanted = any(one.name == "remove" and one.first == past for one in piece.met)  # "ko'ki kerak emas"
    misfits = any(
        piece.met_at(place, "too_bad", "misfit") and not _of_name(piece, place) for place in range(past, past + _BESIDE)
    )
    return (
        _owned(piece, at, past)
        or _told_not_to(tokens, past)
        or (
            past < len(tokens)
            and (not_wanted or tokens[past].key in _NOT_WANTED | keys("questions", "do_not_take") or misfits)
        )
    )


def _not_to_take(tokens: Sequence[Token], at: int) -> bool:
    """`брать не надо бежевый`, `не надо брать синие`, `don't take the beige`: not and to take stand before it."""
    said = [token.key for token in tokens[max(0, at - 3) : at]]
    if all(set(said) & keys("questions", name) for name in ("not", "needed", "do_take")):
        return True
    behind = said[-1:] and said[-1] in _ARTICLES
    return (
        bool(behind)
        and len(said) > 2
        and said[0] in keys("questions", "not")
        and said[1] in keys("questions", "do_take")
    )


def _told_not_to(tokens: Sequence[Token], past: int) -> bool:
    """`бежевый не берите`, `бежевый брать не надо`; `bej olma dedi`: do not take it, somebody said, and no apple."""
    said = [token.key for token in tokens[past : past + 3]]
    if len(said) > 1 and said[0] == "olma" and said[1] in keys("questions", "told_to"):
        return True
    if any(colors.named(token.text) for token in tokens[past : past + 4]):
        return False  # "чёрный не берите бежевый": what is not to be taken stands behind
    needed = [set(said) & keys("questions", name) for name in ("not", "do_take", "needed")]
    return all(needed) or (len(said) > 1 and said[0] in needed[0] and said[1] in needed[1])


def _of_name(piece: Piece, at: int) -> bool:
    """`5 ta katta gilamcha`: right before the name the word is part of it, and nothing is too big."""
    return any(in_spans(token, piece.named) for token in piece.tokens[at : at + 2])


def _owned(piece: Piece, at: int, past: int) -> bool:
    """`чёрные у меня уже есть`, `I already have a black one`, `menda qorasi bor`: it is not wanted once more."""
    tokens = piece.tokens
    if at and past < len(tokens) and tokens[at - 1].key in _MINE and tokens[past].key == "bor":
        return True
    return any(one.name == "owned" and (one.first == past or 0 <= at - one.past <= 1) for one in piece.met)

"""Models that goods are made for (`iPhone 13`, `A25`), as people say them: `13 ga`, `a yigirma besh`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from agent.brain import Heard
from agent.brain_rules import sizes
from agent.brain_rules.lexicon import words_of
from agent.brain_rules.numbers import Number, is_money, is_pieces, numbers
from agent.brain_rules.piece import Hint, Piece, in_spans
from agent.brain_rules.text import Token, tokens
from agent.brain_rules.told import told_at
from shop import colors
from shop.catalogue import Product
from shop.fold import fold, fold_word
from shop.lexicon import load
from shop.search import Search
from shop.shops import Shop

_BESIDE = frozenset(words_of(("без", "without", "free", "на", "с", "со", "из", "для", "with")))
_TAILED = re.compile(r"\b(\d{1,3})([асетхр])\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"\b(\d{1,3})\s?(?:[kк]\b|(?:ming|минг)(?:ta|та)?(?:li|ли)\w*|тысячник\w*)", re.IGNORECASE)
_NEAR = 5  # things that a message may name
_LATIN = str.maketrans("асетхр", "acetxp")
_CODE = re.compile(r"[A-Za-z]\d{1,3}")


@dataclass(frozen=True)
class Sizes:
    """All sizes of a shop: folded, their words as written, and those that are codes (`A25`)."""

    folded: frozenset[str]
    words: frozenset[str]
    codes: frozenset[str]


_SIZES: WeakKeyDictionary[Search, Sizes] = WeakKeyDictionary()


def in_one_word(heard: Heard, text: str) -> str:
    """`text` with the models that the shop's goods are made for as its sizes write them: `samsung a 55` is `A55`.

    At the beginning of a clause `а 15` is rather "and 15", and `a 15 ta` are so many.
    """
    text = _TAILED.sub(lambda found: _tailed(heard, found), text)
    text = _THOUSANDS.sub(lambda found: _whole(heard, text, found), text)
    codes = sizes_of(heard.shop).codes
    if not codes:
        return text
    parts = tokens(text)
    for number in reversed(numbers(parts)):
        before = parts[number.first - 1] if number.first else None
        if before is None or number.counted or before.kind != "word" or len(before.text) > 1:
            continue
        said = f"{fold_word(before.text)}{number.value}".upper()
        apart = before.end < parts[number.first].start
        begins = number.first < 2 or parts[number.first - 2].kind != "word"
        if said in codes and not (apart and (begins or _counts(parts, number.past) or is_money(parts, number))):
            text = f"{text[: before.start]}{said}{text[parts[number.past - 1].end :]}"
    return text


def sizes_of(shop: Shop) -> Sizes:
    """The sizes of all products; looked through once an index."""
    if shop.search not in _SIZES:
        each = {size for one in shop.products.values() for size in one.sizes}
        words = frozenset(word for size in each for word in size.split())
        codes = frozenset(size.upper() for size in each if _CODE.fullmatch(size))
        _SIZES[shop.search] = Sizes(frozenset(map(fold, each)), words, codes)
    return _SIZES[shop.search]


def _tailed(heard: Heard, found: re.Match[str]) -> str:
    """`13с`, typed in Cyrillic, as the `13C` of a size."""
    said = found[1] + found[2].lower().translate(_LATIN).upper()
    return said if said in sizes_of(heard.shop).words else found[0]


def _whole(heard: Heard, text: str, found: re.Match[str]) -> str:
    """`20 minglik`, `20к` as the 20000 of the title of what is named or in view; the 20k of an address is none."""
    said, search = f"{found[1]}000", heard.shop.search
    if not search.knows(said):
        return found[0]
    near = {*(hit.sku for hit in search.find(text, _NEAR)), *heard.session.focus, *heard.session.shown}
    titles = [heard.shop.products[sku].title_uz for sku in near if sku in heard.shop.products]
    return f"{said} " if any(said in title.split() for title in titles) else found[0]


def _counts(parts: list[Token], past: int) -> bool:
    """Whether a word follows that a number stands before: `15 ta`, `15 кг`."""
    after = parts[past].key if past < len(parts) else ""
    return is_pieces(after) or bool(load().unit(after))


def so_many(piece: Piece, number: Number, named: Sequence[str], hint: Hint) -> bool:
    """`8 covers for galaxy 9`, `I'll take 12`: how many, though one of the models is called by that."""
    called = [size for size in named if re.fullmatch(rf"[^\W\d_]{{3,}}.* {number.value}", size)]
    ordered = number.first > 0 and piece.met_at(number.first - 1, "order") and "size" not in hint.asked
    return bool(called) and (ordered or (hint.orders and before_name(piece, number)))


def before_name(piece: Piece, number: Number) -> bool:
    """`6 usb cables 1 m`: the number right before what names the thing counts it, the other one measures it."""
    return number.past < len(piece.tokens) and in_spans(piece.tokens[number.past], piece.named)


def is_option(heard: Heard, said: str) -> bool:
    """Whether a text is nothing but a size of what the talk is about, or how many of which it is to be.

    `Note 13`, `alcohol-free`, `хромированных 2` are no address.
    """
    skus = {*heard.session.focus, *(line["sku"] for line in (*heard.cart["picks"], *heard.cart["lines"]))}
    own = tokens(said)
    return any(_only_options(heard.shop.products[sku], own) for sku in skus if sku in heard.shop.products)


def _only_options(product: Product, own: Sequence[Token]) -> bool:
    at, found, counts = 0, False, 0
    numbered = {one.first: one.past for one in numbers(own)}
    while at < len(own):
        size, used = sizes.written_at(own, at, product.sizes)
        size = size or told_at(own, at, product)
        tinted = not size and own[at].kind == "word" and bool(colors.color_of(own[at].text, product.colors))
        if not (size or tinted) and at in numbered and not counts:
            counts, used = 1, numbered[at] - at
        elif not (size or tinted) and not (own[at].kind == "mark" or own[at].key in _BESIDE):
            return False
        found = found or bool(size) or (tinted and bool(numbered))
        at += max(1, used)
    return found

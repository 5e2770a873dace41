"""Which of the products that were just listed is meant: `the leather one`, `pro emas, oddiysi`, `второй, но красный`.

Each part of the message keeps some of the list or, denied, puts them away: by place, by words of the titles, colour,
size, and by comparing (the cheaper, the bigger, the plain one).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

from agent.brain_rules import meant_for
from agent.brain_rules.choosing import by_unit
from agent.brain_rules.for_whom import for_whom
from agent.brain_rules.lacking import fitting, lacks
from agent.brain_rules.lexicon import Met, index, keys
from agent.brain_rules.looks import names_size
from agent.brain_rules.measure import measured, of_one, of_text
from agent.brain_rules.numbers import ordinal, so_big
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.strange import unknown
from agent.brain_rules.text import PAUSES, Token, blank
from agent.brain_rules.titles import comes_in, one_name, titles_of
from shop import colors
from shop.catalogue import Product
from shop.fold import Word, words
from shop.search.codes import codes
from shop.shops import Shop

_NOT = frozenset({"ne", "not", "no"})
_SIDES = re.compile(r"\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)+")  # 40x60, 1.2x1.8
_MEASURED = re.compile(r"(\d+)(?:\s?[xх×]\s?(\d+))?\s?(sm|см|cm|mm|мм|m|м|l|л)\b", re.IGNORECASE)
_ITSELF = re.compile("chisi(?:ni|dan|ning|niki|ga|dagi)?(?:yam)?$")
_ENDS_FROM = 4  # letters
_OF_ELSE = 2  # unknown words: something else is spoken of
_PIECES = 5  # up to here a number in words is of pieces
_TAKEN_BACK = frozenset({"refuse", "remove", "denied", "cancel"})
# "arzonroq qiling", "можно подешевле?" ask for a lower price, "arzonrog'i" and "the cheaper one" for the cheaper thing
_ASKS_FOR_LESS = re.compile("ber|otda|sdel|ustup|skin|tush|mojno|kil|make|give|do$")


Cut = tuple[Piece, bool]  # a part of the message, and whether it tells what is not wanted


@dataclass
class Chosen:
    """`skus` of the list that are meant, in its order; `pieces`: what was said of them; `met`: what else was meant.

    `each`: several were named by their places, with what was said of each of them.
    """

    skus: list[str]
    pieces: list[Piece]
    met: list[Met]
    each: dict[str, list[Piece]] = field(default_factory=dict)


@dataclass
class _Part:
    """A part of the message between pauses. `denied`: these are not wanted. `spans`: what told the products apart."""

    piece: Piece
    denied: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)

    def means(self, name: str) -> bool:
        """Whether this meaning is in the part; it tells products apart then."""
        found = [one for one in self.piece.met if one.name == name]
        tokens = self.piece.tokens
        self.spans += [(tokens[one.first].start, tokens[one.past - 1].end) for one in found]
        return bool(found)


def told_apart(
    shop: Shop,
    text: str,
    tokens: Sequence[Token],
    met: Sequence[Met],
    shown: Sequence[str],
    hint: Hint,
    cut: Sequence[Cut] = (),
) -> Chosen | None:
    """The products of the list that the message tells from the rest; None when it does not.

    `cut`: the message as `cut_up` has it, where it is held against several lists.
    """
    left = [sku for sku in shown if sku in shop.products]
    parts = [_Part(piece, denied) for piece, denied in cut or cut_up(text, tokens, met)]
    each = _at_places(parts, left)
    each = each if len(each) > 1 else _each_told(shop, parts, left, hint)
    if len(each) > 1:
        return Chosen(list(each), [piece for pieces in each.values() for piece in pieces], list(met), each)
    for part in parts:
        for keeps in (
            _by_place,
            _lacking,
            _by_title,
            _of_people,
            _by_number,
            _of_unit,
            _by_color,
            _by_size,
            _by_comparing,
            _meant_for,
        ):
            if len(left) == 1 and keeps not in (_by_place, _by_comparing):  # these two also tell what was meant by it
                continue
            kept = keeps(shop, part, left, hint)
            kept = [sku for sku in left if sku not in kept] if part.denied and kept else kept
            left = kept or left
    if len(left) == len(shown):
        return None
    pieces = [
        Piece(part.piece.text, part.piece.tokens, _besides(part.piece.met, part.piece.tokens, part.spans), part.spans)
        for part in parts
        if not part.denied
    ]
    return Chosen(left, pieces, _besides(met, tokens, [span for part in parts for span in part.spans]))


def _at_places(parts: Sequence[_Part], shown: Sequence[str]) -> dict[str, list[Piece]]:
    """What is said of each product whose place is named, where every part speaks of one: `birinchi va uchinchisini`."""
    said: dict[str, list[Piece]] = {}
    sku = ""
    for part in parts:
        if at := part.piece.place:
            sku = shown[at - 1] if at <= len(shown) else ""
        if part.denied or not sku or any(one.name in _TAKEN_BACK for one in part.piece.met):
            return {}
        said.setdefault(sku, []).append(part.piece)
    return said


def _each_told(shop: Shop, parts: list[_Part], shown: list[str], hint: Hint) -> dict[str, list[Piece]]:
    """What is said of each product where every part with a number tells one: `1 small red and 1 large blue`."""
    told: dict[str, list[Piece]] = {}
    counted = [part for part in parts if part.piece.numbers]
    if len(counted) < 2 or any(part.denied for part in parts):
        return {}
    for part in counted:
        kept = shown
        for keeps in (_by_title, _by_number, _by_comparing):
            kept = keeps(shop, part, kept, hint) or kept
        if len(kept) != 1:
            return {}
        told.setdefault(kept[0], []).append(part.piece)
    return told


def _besides(met: Sequence[Met], tokens: Sequence[Token], spans: Sequence[tuple[int, int]]) -> list[Met]:
    """Meanings of other words than those that told the products apart (`arzonrog'i` asks for no discount here)."""
    return [one for one in met if not any(a <= tokens[one.first].start < b for a, b in spans)]


def place_of_thing(tokens: Sequence[Token], met: Sequence[Met]) -> int:
    """As `numbers.place`, where the place stands for a thing: `первое возьму`, `the first one`, not `первый раз`.

    The one before the last (`oldingisi`, `the previous one`) counts as 1 here: some place.
    """
    before = {one.first for one in met if one.name == "previous"}
    for at in range(len(tokens)):
        found = ordinal(tokens, at) or ((1, 1) if at in before else None)
        if not found:
            continue
        past = at + found[1]
        after = tokens[past] if past < len(tokens) else None
        itself = _ITSELF.search(
            tokens[past - 1].key
        )  # birinchisi stands for a thing whatever follows, birinchi may not
        if itself or after is None or after.kind != "word" or _called_so(after.key, "of_shown"):
            return found[0]
        if any(one.first <= past < one.past for one in met) and not _called_so(after.key, "of_else"):
            return found[0]
    return 0


def _called_so(said: str, part: str) -> bool:
    """Whether a word is one of the list, a longer one also with an ending."""
    return any(said == word or (len(word) >= _ENDS_FROM and said.startswith(word)) for word in keys("numbers", part))


def cut_up(text: str, tokens: Sequence[Token], met: Sequence[Met]) -> list[Cut]:
    """The message cut at pauses, at `but`, before `not` and behind `emas`."""
    cuts, denied = [0], set()
    for at, token in enumerate(tokens):
        joins = token.kind == "word" and token.key in keys("pauses", "and") and token.text.lower() != "no"
        if token.kind in PAUSES or joins:
            cuts.append(at)
        if token.kind == "word" and (token.key in _NOT or token.text.lower() == "no"):
            cuts.append(at)
            denied.add(at)
        elif token.key == "emas":
            denied.add(at)
            cuts.append(at + 1)
    cuts = sorted({*cuts, len(tokens)})
    parts = []
    for first, past in pairwise(cuts):
        inside = [
            Met(one.name, one.first - first, one.past - first, one.phrase)
            for one in met
            if first <= one.first and one.past <= past
        ]
        piece = Piece(text, tokens[first:past], inside)
        parts.append((piece, any(first <= at < past for at in denied)))
    return parts


# ---- what keeps some of the list -------------------------------------------------------------------------------------


def _by_place(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    at = part.piece.place
    if part.means("last"):
        return left[-1:]
    if part.means("previous"):
        return left[-2:-1]
    return left[at - 1 : at] if at > 0 else []


def _lacking(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    """`kapyushonsizidan`, `без капюшона`: the one without it."""
    lacking = lacks(part.piece.tokens)
    kept = fitting(shop, left, lacking)
    part.spans += [(one.start, one.end) for one in lacking] if len(kept) < len(left) else []
    return kept


def _by_title(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    start = part.piece.tokens[0].start
    if any(one.name in ("receives", "takes") for one in index("places").find(part.piece.tokens)):
        return []  # "his mum will receive it" tells no things apart
    joins = [one for one in part.piece.tokens if one.key in keys("pauses", "and")]  # "а" is no "A" of "Galaxy A9"
    beside = [(one.start - start, one.end - start) for one in [*lacks(part.piece.tokens), *joins]]
    kept, spans = shop.search.tell_apart(blank(part.piece.said, beside, " "), left)
    if spans and all(part.piece.said[a:b].isdigit() for a, b in spans) and len(unknown(part.piece)) >= _OF_ELSE:
        return []  # "4 gas cans & the stove" is no tent for four
    counts = {part.piece.tokens[one.first].start - start for one in part.piece.numbers if one.counted}
    if spans and all(a in counts for a, _ in spans):
        return []  # "2 ta" of paints of 10 kg and of 2,8 kg
    tints = [(a, b) for a, b in spans if any(comes_in(shop.products[sku], part.piece.said[a:b]) for sku in kept)]
    part.spans += [(a + start, b + start) for a, b in spans if (a, b) not in tints]  # "the lace one in gold" is chosen
    return kept


def _of_people(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    """`ayollarnikidan bitta`: the one for women, where the titles say for whom each is."""
    return for_whom(shop, part.piece.said, left)


def _by_number(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    """`yuz detallisi`: a number in words, or what is called by it ("пятидесятка"), that stands in a title."""
    said = {one.value for one in part.piece.numbers if one.words and not one.counted and one.value > _PIECES}
    said |= {so_big(token) for token in part.piece.tokens} - {0}
    return [sku for sku in left if said & _numbers_of(shop.products[sku])] if said else []


def _of_unit(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    """`3 kilo bering`: of packs of one thing the one that is sold by the kilo; `килограмм возьму` too."""
    if sku := by_unit(shop, left, [part.piece.tokens]):
        return [sku]
    one = of_one(part.piece.tokens)
    return [sku for sku in left if one and measured(one, titles_of(shop.products[sku]))]


def _meant_for(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    """`5 yoshga`: what its description says is meant for that."""
    return meant_for.fitting(shop, left, part.piece.said)


def _numbers_of(product: Product) -> set[int]:
    return {int(word.key) for word in _title(product) if word.key.isdigit()}


def _by_color(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    return [sku for sku in left if colors.colors_of(part.piece.said, shop.products[sku].colors)]


def _by_size(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    return [sku for sku in left if names_size(shop.products[sku], part.piece, hint)]


def _by_comparing(shop: Shop, part: _Part, left: list[str], hint: Hint) -> list[str]:
    products = [shop.products[sku] for sku in left]
    bargains = any(_ASKS_FOR_LESS.match(token.key) for token in part.piece.tokens)
    if part.means("cheapest") or (not bargains and part.means("cheaper")):
        return _best(products, lambda product: -product.price)
    if part.means("dearest"):
        return _best(products, lambda product: product.price)
    if part.means("biggest"):
        return (
            _of_bulk(products, 1) or _called(products, "biggest") or _by_price(shop, products, 1) or _spread(products)
        )
    if part.means("smallest"):
        return _of_bulk(products, -1) or _called(products, "smallest") or _by_price(shop, products, -1)
    return _plain(products) if part.means("plain") else []


def _best(products: Sequence[Product], worth: Callable[[Product], float]) -> list[str]:
    """The products that are worth most; none when they are all alike or one cannot be compared."""
    worths = [worth(product) for product in products]
    if not worths or 0 in worths or len(set(worths)) == 1:
        return []
    return [product.sku for product, own in zip(products, worths, strict=True) if own == max(worths)]


def _of_bulk(products: Sequence[Product], sign: int) -> list[str]:
    """The biggest (`sign` 1) or smallest (-1) by what says how much or for how many: `4 kishilik`, `350 ml`, `1 l`."""
    sizes = [_bulk(product) for product in products]
    for unit in sizes[0] if sizes else ():
        worths = [sign * one.get(unit, 0.0) for one in sizes]
        if 0 not in worths and len(set(worths)) > 1:
            return [product.sku for product, own in zip(products, worths, strict=True) if own == max(worths)]
    return []


def _spread(products: Sequence[Product]) -> list[str]:
    """The biggest by what the shop wrote: `60x80 sm` beside `Diametri 60 sm`; none where one is not measured so."""
    found = [_MEASURED.search(product.description) for product in products]
    if not all(found) or len({one[3] for one in found if one}) > 1:
        return []
    sides = [(float(one[1]), float(one[2] or one[1])) for one in found if one]
    worths = [a * b for a, b in sides]
    return [product.sku for product, own in zip(products, worths, strict=True) if own == max(worths)]


def _by_price(shop: Shop, products: Sequence[Product], sign: int) -> list[str]:
    """Of things with one name the biggest costs most, the smallest least, where no title tells which is which."""
    alike = one_name(shop, [product.sku for product in products])
    return _best(products, lambda product: sign * product.price) if alike else []


def _bulk(product: Product) -> dict[str, float]:
    """The measures of a title by unit, its only number as "" where it has one, and `40x60` as so much "x"."""
    found = {unit: value for title in (product.title_uz, product.title_ru) for value, unit in of_text(title)}
    models = [code for title in (product.title_uz, product.title_ru) for _, _, code in codes(title)]
    sides = next((one[0].split("x") for one in (re.fullmatch(_SIDES, code) for code in models) if one), [])
    found = ({"x": prod(map(float, sides))} if sides else {}) | found  # of 2x3 m the 3 m are only one side
    bare = [re.findall(r"\d+(?:[.,]\d+)?", title) for title in (product.title_uz, product.title_ru)]
    numbers = next((one for one in bare if len(one) == 1), [])
    return found | ({"": float(numbers[0].replace(",", "."))} if numbers else {})


def _called(products: Sequence[Product], size: str) -> list[str]:
    """Those whose title itself says that they are big or small."""
    return [
        product.sku
        for product in products
        if any(size in index("intents").meanings(word.key) for word in _title(product))
    ]


def _plain(products: Sequence[Product]) -> list[str]:
    """The one whose title is the beginning of the others': `Delfin` beside `Delfin Pro`; or that is called plain."""
    called = _called(products, "plain")
    if called:
        return called
    named = {product.sku: {word.key for word in _title(product)} for product in products}
    return [sku for sku, own in named.items() if all(own < rest for other, rest in named.items() if other != sku)]


def _title(product: Product) -> Sequence[Word]:
    return words(f"{product.title_uz} {product.title_ru}")

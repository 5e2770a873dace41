"""What a number said of one product is, a size, how many pieces or neither, by what stands beside it and was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules import measure, models, sizes, told, which_number
from agent.brain_rules.in_compounds import tells_part
from agent.brain_rules.lexicon import index, keys, words_of
from agent.brain_rules.numbers import Number, covered, is_for_many, is_money, is_pieces, of_else, ordinal
from agent.brain_rules.packed import by_its_pack, costs_one, in_each_pack, packs
from agent.brain_rules.piece import Event, Hint, Piece, denied, in_spans
from agent.brain_rules.text import Token, is_product
from shop import colors
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.search.codes import codes

_POINTING = frozenset(words_of(("this", "that", "which", "other", "the", "same")))
_MODEL = 20  # from here on a number that stands in the title is the name, below it may be a number of pieces
_OF_NAME = frozenset({"house", "guest", "kids", "kid", "children", "boys", "girls", "baby"})
_NAME_ENDS = re.compile(r"\s*(?:$|[(,]|uchun|для|for)")  # behind the number of a name
_MEANT_FOR, _FITS = frozenset(words_of(("uchun",))), frozenset(words_of(("на", "для", "for")))
_LEAST_PRICE = 10  # thousands, as a price of one is named without them
_FOR_EACH, _AT = (
    frozenset(words_of(("dan", "each", "apiece", "каждого", "каждой", "каждый"))),
    frozenset(words_of(("по",))),
)
_SCALE = 15  # sizes of shoes and clothes begin there
_EITHER = 4  # words behind the number: "или на 8 рожков"
HAVING = re.compile(r"....li(?:k|gi|si|sini|sidan)?$|...li(?:k|kdan|gi|gini|gidan)$")
_LIGHTEST = 30  # kg: below it a weight is of goods
_MOST_PIECES = 200  # a bare number above it is a price, a year or a weight
_FROM = frozenset(words_of(("от", "from", "с")))
_FEWEST_PARTS, _PART_WORD = 3, 5  # "2 sections" may be two; letters of the word for a part


def number_event(product: Product, piece: Piece, number: Number, hint: Hint) -> tuple[Event | None, int]:
    """What a number means for this product (None: nothing of it), and how many words it took."""
    tokens = piece.tokens
    used = number.past - number.first
    start = tokens[number.first].start
    titles = (product.title_uz, product.title_ru)
    listed = "" if number.counted else sizes.of_listed(number.value, product.sizes, titles)
    held = packs(product, piece, number) or (which_number.is_beside_size(piece, number) and listed and number.value)
    if held:
        return Event(start, "qty", held), used
    if listed:
        return size_event(piece, number.first, used, listed, True), used
    if (
        (in_spans(tokens[number.first], piece.named) and not number.counted)
        or costs_one(piece, number)
        or _from_so_many(piece, number)
        or in_each_pack(piece, number)
        or measure.of_its_size(tokens, number.first, number.past, titles)
    ):
        return None, used
    if (
        _of_a_name(piece.text, tokens, number)
        or which_number.of_model(product, tokens, number)
        or _of_part(product, piece, number)
        or (not product.sizes and which_number.tells_which(piece.text, start))
        or (which_number.called_so(piece.text, start) and _named_so(product, number))
    ):
        return None, used
    if number.words and number.past < len(tokens) and tokens[number.past].key in _MEANT_FOR:
        return None, used  # "tort uchun qolip": a cake, and no four
    if hint.price and hint.price in (number.value, 1000 * number.value) and not number.counted:
        return None, used  # "140 dan qiling" where it costs 160 000
    sized = product.sizes and not models.so_many(piece, number, product.sizes, hint)
    if not number.counted and any(map(is_product, tokens)) and product.price in (number.value, 1000 * number.value):
        return None, used  # a line of a price list
    own = sizes.of_number(number.value, product.sizes, {}) if sized else ""
    if not own and _each_costs(piece, number):
        return None, used
    if not number.counted and tells_part(titles, tokens, number.past, number.value):
        return None, used  # "на 11 секций"
    counted = any(one.counted or models.before_name(piece, one) for one in piece.numbers if one.first != number.first)
    counted = counted or tokens[max(0, number.first - 1)].key in keys("numbers", "in_each")  # "две по 1 кг"
    if counted and measure.own_measure(tokens, number.first, titles):  # "1 kg ... 3 pieces"
        return None, used + 1
    if not product.sizes and measure.is_so_big(tokens, number.past):  # "20 lik truba"
        return None, used + 1
    if measure.is_of_so_many(tokens, number.past) or _has_so_many(tokens, number):  # "25 talik", "37 klavishli"
        return (size_event(piece, number.first, used + 1, own, True) if own else None), used + 1
    if measure.sold_by(tokens, number.past, titles):  # "10 kilo" of what is sold by 1 kg
        return Event(start, "qty", number.value), used + 1
    if own and sizes.is_unit(tokens, number.past):  # "115 cm" where 115 is a size
        return size_event(piece, number.first, used, own, True), used + 1
    if not number.counted and sizes.is_property(tokens, number.past):
        return None, used + 1
    if not own and not number.counted and number.value >= _MODEL and _named_so(product, number):
        return None, used  # "болгарка на 125" is one of 125 mm
    called = not own and not number.counted and _called_by(product, piece, number)
    if called or (is_for_many(tokens, number) and _named_so(product, number)):
        return None, used
    money = is_money(tokens, number) and not own and not number.counted
    packed = by_its_pack(titles, tokens, number.past)  # "3 blok", of water and no house
    other = money or (of_else(tokens, number) and not (packed or _before_name(piece, number)))
    other = other or _of_title(product, tokens, number) or _so_many_parts(product, piece, number)
    if other or (ordinal(tokens, number.first) and not number.words and not (own and number.value >= _MODEL)):
        return None, used
    is_marked = marked(tokens, number.first, number.past)
    paired = tokens[number.first].key in keys("numbers", "pair") and sizes.in_pairs(*titles)
    count = 1 if paired else number.value  # "пару" of boots is one
    qty = Event(start, "qty", count, True, denied(piece, number.first, tokens[number.past - 1].end))
    if number.counted:
        own_parts = _in_title(product, tokens, number) or _its_parts(product, tokens, number)
        return (qty if 1 <= number.value <= 1000 and not own_parts else None), used
    if _of_body(tokens, number) and not own and not sizes.near_sizes(number.value, product.sizes):
        return None, used
    if sized and (is_marked or not _with_its_unit(product, tokens)):
        size = sizes.of_number(number.value, product.sizes, hint.chart, marked=is_marked or "size" in hint.asked)
        told_for = "size" in hint.asked and number.first and tokens[number.first - 1].key in _FITS  # "на три"
        if size and not (number.words and not (is_marked or told_for) and number.value <= 5):
            return size_event(piece, number.first, used, size, True), used
        near = sizes.near_sizes(number.value, product.sizes) or _of_another_scale(product, piece, number, hint)
        if is_marked or (not number.words and near):
            return size_event(piece, number.first, used, str(number.value), False), used
    alone = used == len(tokens)  # "vanilla, 5"
    follows = number.past < len(tokens) and in_spans(tokens[number.past], piece.named)  # "ok 2 pillows then"
    follows = follows or (bool(piece.named) and _before_title(product, tokens, number.past))
    leads = (number.first == 0 or follows) and bool(piece.named) and not _named_so(product, number)  # "3 erasable pens"
    leads = leads or (number.first == 0 and follows and measure.only_measures(titles, number.value))
    # "price for 2", "тогда чёрных 4. сколько выйдет"
    summed = hint.sums and number.value <= _MODEL and _ends_with(piece, number.past)
    tinted = number.past < len(tokens) and bool(colors.color_of(tokens[number.past].text, product.colors))  # "3 синие"
    ends = number.past == len(tokens) and not _named_so(product, number)
    toned = ends and any(_tone(product, tokens, at) for at in range(number.first))  # "серой 8", "white espresso cup 3"
    toned = toned or _listed(product, piece, number) or (ends and told.option_ends(product, tokens, number.first))
    meant = (
        number.words
        or _before_its_size(product, tokens, number)
        or _not_so_many(tokens, number)
        or packed
        or alone
        or leads
        or summed
        or tinted
        or toned
        or (number.past < len(tokens) and tokens[number.past].key in _FOR_EACH)  # "по 3 каждого"
        or hint.orders
        or bool(hint.asked & {"qty", "product"})
    )
    return (qty if meant and 1 <= number.value <= _MOST_PIECES and not _this_one(tokens, number) else None), used


def _before_title(product: Product, tokens: Sequence[Token], at: int) -> bool:
    """`мыло 10 лавандовых`: behind the number a word of the title that has no number there."""
    if at >= len(tokens) or tokens[at].kind != "word" or len(tokens[at].key) <= _PART_WORD:
        return False
    titles = [words(title) for title in (product.title_uz, product.title_ru)]
    fits = [(nth, title) for title in titles for nth, one in enumerate(title) if stem(one.key) == stem(tokens[at].key)]
    return bool(fits) and not any(nth and title[nth - 1].key.isdigit() for nth, title in fits)


def _of_another_scale(product: Product, piece: Piece, number: Number, hint: Hint) -> bool:
    """`ещё сыну школьные 33` with a man's shoes in view: behind other words, a size and no 33 of them."""
    known = [int(size) for size in product.sizes if size.isdigit()]
    if len(known) < max(2, len(product.sizes)) or min(known) < _SCALE or "qty" in hint.asked:
        return False
    ends = number.first > 0 and number.past == len(piece.tokens)
    tinted = ends and _tone(product, piece.tokens, number.first - 1)
    return ends and not tinted and _SCALE <= number.value <= max(known)


def _from_so_many(piece: Piece, number: Number) -> bool:
    """`скидка есть от 3?`, `is it cheaper from 5`: from so many on something costs less."""
    before = piece.tokens[number.first - 1].key if number.first else ""
    return before in _FROM and any(one.name in ("haggle", "cheaper", "wholesale") for one in piece.met)


def _before_name(piece: Piece, number: Number) -> bool:
    """`2 ta mehmonlar uchun shippak`: a word of the name is nothing else; nor is the house of `3 house slippers`.

    Nor are the children of `I want 2 kids digital watches`, who are three of `for 3 kids`.
    """
    after = piece.tokens[number.past : number.past + 2]
    if after and number.counted and in_spans(after[0], piece.named):
        return True
    house = len(after) == 2 and after[0].text.lower() in _OF_NAME
    counts = number.first == 0 or piece.tokens[number.first - 1].text.lower() != "for"  # "sneakers for 3 kids"
    return counts and house and in_spans(after[1], piece.named)


def _not_so_many(tokens: Sequence[Token], number: Number) -> bool:
    """`2 not 3`: so many, and not another number."""
    after = tokens[number.past : number.past + 2]
    return len(after) == 2 and after[0].text.lower() in ("not", "не") and after[1].number is not None


def _before_its_size(product: Product, tokens: Sequence[Token], number: Number) -> bool:
    """`3 size 54 suits and 2 size 46`, `2 19 mm`: right behind the number a size is told."""
    past = number.past
    if not product.sizes or past >= len(tokens):
        return False
    is_told = sizes.is_marker(tokens[past]) and past + 1 < len(tokens)
    is_told = is_told and (bool(_size_at(product, tokens, past + 1)) or _letter_of(tokens, past))
    written = bool(sizes.written_at(tokens, past, product.sizes)[0])
    return is_told or (tokens[past].start > tokens[past - 1].end and written)


def _size_at(product: Product, tokens: Sequence[Token], at: int) -> str:
    value = tokens[at].number
    return sizes.written_at(tokens, at, product.sizes)[0] or (
        sizes.of_number(value, product.sizes, {}) if value else ""
    )


def _each_costs(piece: Piece, number: Number) -> bool:
    """`10 pachka olsam 40 dan`, `10 пачек по 40`: behind how many are taken, what each of them is to cost."""
    counted = any(one.counted and one.first < number.first for one in piece.numbers)
    if not counted or number.counted or number.words or number.value < _LEAST_PRICE:
        return False
    after = piece.tokens[number.past].key if number.past < len(piece.tokens) else ""
    before = piece.tokens[number.first - 1].key if number.first else ""
    return after in _FOR_EACH or before in _AT


def _tone(product: Product, tokens: Sequence[Token], at: int) -> bool:
    """Whether a colour of the product stands there."""
    return at >= 0 and tokens[at].kind == "word" and bool(colors.color_of(tokens[at].text, product.colors))


def _listed(product: Product, piece: Piece, number: Number) -> bool:
    """`black ink 2, blue 1`: at the end, right behind the name, with a colour said before it and none of the title."""
    tokens, at = piece.tokens, number.first
    behind = number.past == len(tokens) and at > 1 and in_spans(tokens[at - 1], piece.named)
    titles = f"{product.title_uz} {product.title_ru}"
    own = re.search(rf"(?<![\d.,]){number.value}(?![.,]?\d)", titles)  # the 2 of "2,8 kg" is no number of its own
    return behind and not own and any(_tone(product, tokens, one) for one in range(at - 1))


def _ends_with(piece: Piece, past: int) -> bool:
    """Whether nothing is left there but the question for the price: `price for 2`, `а за 2 сколько`."""
    return all(piece.met_at(at, "price", "total") for at in range(past, len(piece.tokens)))


def _of_a_name(text: str, tokens: Sequence[Token], number: Number) -> bool:
    """`DOT-4`, `AI-95`, `i5`: the number is part of what something is called."""
    at = number.first
    if any(a <= tokens[at].start < b for a, b, _ in codes(text)):  # "i5", "2x3"
        return True
    if at < 2 or tokens[at - 1].text not in ("-", "–") or tokens[at - 2].kind != "word":
        return False
    return tokens[at - 2].end == tokens[at - 1].start and tokens[at - 1].end == tokens[at].start


_DIGIT = tuple(words_of(("raqam", "цифр", "digit")))


def _of_part(product: Product, piece: Piece, number: Number) -> bool:
    """`five-lamp`, `two-seater`, `4-card` of a title with a 4: how many parts one has; `2-ta`, `2-dona` count it.

    Of `bitta raqami tushib qopti`, `одна цифра` the digits of a phone are the parts.
    """
    tokens, at = piece.tokens, number.past
    if at < len(tokens) and tokens[at].key.startswith(_DIGIT):
        return True
    if number.counted or at + 1 >= len(tokens) or tokens[at].text not in ("-", "–") or tokens[at + 1].kind != "word":
        return False
    joined = tokens[at - 1].end == tokens[at].start and tokens[at].end == tokens[at + 1].start
    parts = not is_pieces(tokens[at + 1].key) or tokens[at + 1].text.lower() == "piece"
    return joined and parts and (number.words or _named_so(product, number))


def _so_many_parts(product: Product, piece: Piece, number: Number) -> bool:
    """`11 sections` where the title says "11 seksiya": an unknown word behind a number of the name is its part."""
    after = piece.tokens[number.past] if number.past < len(piece.tokens) else None
    if after is None or after.kind != "word" or number.counted or number.words or number.value < _FEWEST_PARTS:
        return False
    known = _ordinary(after) or number.past in covered(piece.met) or in_spans(after, piece.named)
    return _named_so(product, number) and len(after.key) >= _PART_WORD and not (known or colors.named(after.text))


def _has_so_many(tokens: Sequence[Token], number: Number) -> bool:
    """`37 клавишли`, `50 sahifali`: how many of something one piece has; `2 qizili` are two."""
    after = tokens[number.past] if number.past < len(tokens) else None
    if after is None or after.kind != "word" or number.counted or number.words or not HAVING.search(after.key):
        return False
    return not (_ordinary(after) or colors.named(after.text))


def _ordinary(said: Token) -> bool:
    """Whether a word is one of daily talk, a unit or a thing; what parts a thing has is seldom one of them."""
    known = load()
    if stem(said.key) in known.everyday_stems or said.key in known.filler or index("intents").meanings(said.key):
        return True
    return bool(known.unit(said.key) or known.names_goods((said.key,)))


def _named_so(product: Product, number: Number) -> bool:
    """Whether the number stands in the product's title."""
    said = str(number.value)
    return any(word.key == said for title in (product.title_uz, product.title_ru) for word in words(title))


def _called_by(product: Product, piece: Piece, number: Number) -> bool:
    """`galaxy 5 uchun plyonka`, `ремешок на ми бэнд 8`: behind a word, a number that the title has behind a word too.

    In the title nothing is counted by it; behind a wish, a colour or a verb of the message it is of pieces.
    """
    tokens, at, said = piece.tokens, number.first, str(number.value)
    if number.words or not at or tokens[at - 1].kind != "word" or at - 1 in covered(piece.met):
        return False
    if _tone(product, tokens, at - 1):
        return False
    for title in (product.title_uz, product.title_ru):
        for before, one in pairwise(words(title)):
            ends = _NAME_ENDS.match(title[one.end :])  # "Blender 3 in 1", "Mixer 5 speeds" are called by no number
            if one.key == said and before.key.isalpha() and len(before.key) > 1 and ends:
                return True
    return False


def _in_title(product: Product, tokens: Sequence[Token], number: Number) -> bool:
    """`носки 5 пар` is the name of the thing, not five of them; two packs of "pillowcases, 2 pcs" are two."""
    if tokens[number.past - 1].key in keys("numbers", "packs"):
        return False
    titles = [words(title) for title in (product.title_uz, product.title_ru)]
    pairs = [(one.key, stem(other.key)) for title in titles for one, other in pairwise(title) if is_pieces(other.key)]
    if number.words:  # "набор где пять пар"; but "two packs" of what is "2 dona"
        return (str(number.value), stem(tokens[number.past - 1].key)) in pairs
    return number.value > 1 and str(number.value) in {count for count, _ in pairs}


def _its_parts(product: Product, tokens: Sequence[Token], number: Number) -> bool:
    """`2 ta kreslolik` of a set that is called "... 2 kreslo": how many of them it has."""
    after = tokens[number.past].key if number.past < len(tokens) else ""
    pairs = [pair for title in (product.title_uz, product.title_ru) for pair in pairwise(words(title))]
    own = [other.key for one, other in pairs if one.key == str(number.value)]
    return bool(HAVING.search(after)) and any(after.startswith(key) for key in own)


def _with_its_unit(product: Product, tokens: Sequence[Token]) -> bool:
    """Whether a size stands here as the catalogue writes it, so that a bare number is none: `2 ... по 5 кг`."""
    return any(sizes.written_at(tokens, at, product.sizes)[0] for at in range(len(tokens)))


def _of_body(tokens: Sequence[Token], number: Number) -> bool:
    """`bo'yim 175`, `вес 80`, `180 cm`: how tall or heavy a person is, where no size is that number."""
    body = keys("sizes", "body")
    after = tokens[number.past].key if number.past < len(tokens) else ""
    if number.value >= _LIGHTEST and (load().unit(after) == "kg" or after.startswith("kilo")):
        return True  # "im 60 kilos"; of what has sizes nobody takes so much
    near = range(max(0, number.first - 2), number.first)
    before = [tokens[at] for at in near if not (at and tokens[at - 1].number and load().unit(tokens[at].key))]
    so_tall = number.value >= _LIGHTEST or bool(load().unit(after))  # but "3 tall boxes"
    return (so_tall and after in body) or any(token.key in body for token in before)  # "60 cm, two" is two


def _of_title(product: Product, tokens: Sequence[Token], number: Number) -> bool:
    """`2 kishiligi` where the title has "2 kishilik": the number with its word is the thing's name."""
    if number.past >= len(tokens) or number.past - number.first > 1:
        return False
    said = {(key, stem(tokens[number.past].key)) for key in (tokens[number.first].key, str(number.value))}
    if measure.own_measure(tokens[: number.past + 1], number.first, (product.title_uz, product.title_ru)):
        return True  # "каблук семь сантиметров" of what is called "7 sm"
    titles = [words(title) for title in (product.title_uz, product.title_ru)]
    if tokens[number.past].key in keys("questions", "or"):  # "на 6 или 8 рожков": with the word of the other one
        after = {stem(token.key) for token in tokens[number.past : number.past + _EITHER]}
        return any(one.key.isdigit() and stem(other.key) in after for title in titles for one, other in pairwise(title))
    if number.first and tokens[number.first - 1].key in keys("questions", "with"):  # "with six arms"
        return not is_pieces(tokens[number.past].key) and tokens[number.past].kind == "word"
    return any((one.key, stem(other.key)) in said for title in titles for one, other in pairwise(title))


def _this_one(tokens: Sequence[Token], number: Number) -> bool:
    """`this one`, `the black one`, `the leather one`, `ikkinchisini` (the second): no quantity."""
    before = [token for token in tokens[max(0, number.first - 3) : number.first] if token.kind == "word"]
    if tokens[number.first].key != "one" or not before:
        return ordinal(tokens, number.first) is not None
    pointed = any(token.key in _POINTING for token in before)
    pointed = pointed or any(token.text.lower() in ("a", "an") for token in before[:-1])  # "I'd rather have a flat one"
    return pointed or bool(colors.named(before[-1].text))


def marked(tokens: Sequence[Token], first: int, past: int) -> bool:
    """Whether a size word stands beside tokens [first, past)."""
    beside = [tokens[at] for at in (first - 1, past) if 0 <= at < len(tokens)]
    if past + 1 < len(tokens) and (tokens[past + 1].number is not None or _letter_of(tokens, past)):
        beside = beside[: int(first > 0)]  # "six size 5 balls", "2 size M dresses": that is the size
    if past + 1 < len(tokens) and tokens[past].text in ("-", "–"):
        beside.append(tokens[past + 1])
    return any(sizes.is_marker(token) for token in beside)


def _letter_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word for a size and a letter stand there, as English has it: `size M`."""
    return tokens[at].text.lower() in ("size", "sizes") and bool(sizes.letter_at(tokens, at + 1, sure=True)[0])


def size_event(piece: Piece, at: int, used: int, size: str, known: bool) -> Event:
    past = piece.tokens[at + used - 1].end
    return Event(piece.tokens[at].start, "size", size, known, denied(piece, at, past))

"""A number of small things that are sold by the pack: how many packs hold so many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import Number, is_pieces
from agent.brain_rules.piece import Piece, in_spans
from agent.brain_rules.text import Token
from shop.catalogue import Product
from shop.fold import words
from shop.lexicon import load

_LEAST_PRICE = 10  # thousands
_PACK = 50  # pieces: of what is packed by fewer than that, a number is of packs
_COSTS = ("si", "sini", "siga", "sidan")
_OF_EACH = ("tadan", "тадан", "donadan", "донадан")


def packs(product: Product, piece: Piece, number: Number) -> int:
    """`2 ming dona`, `300 wall plugs`: how many packs hold so many, where one pack has a hundred; 0 for else."""
    tokens, past = piece.tokens, number.past
    after = tokens[past] if past < len(tokens) else None
    many = after is not None and is_pieces(after.key) and not after.key.endswith(_COSTS)  # "65 ming donasi" is a price
    many = many or (after is not None and in_spans(after, piece.named)) or number.counted
    word = tokens[past - 1].key if number.counted else after.key if after else ""
    if not many or word in keys("numbers", "packs"):
        return 0
    titles = [words(title) for title in (product.title_uz, product.title_ru)]
    held = [int(one.key) for title in titles for one, other in pairwise(title) if _counts(one.key, other.key)]
    return -(-number.value // held[0]) if held and number.value > held[0] else 0


def by_its_pack(titles: Sequence[str], said: Sequence[Token], past: int) -> bool:
    """Whether the word behind a number is what the thing is packed in: `3 blok` of "suv, blok 6 dona"."""
    word = said[past].key if past < len(said) and said[past].kind == "word" else ""
    named = [[one.key for one in words(title)] for title in titles] if word else []
    packs = (three for keys in named for three in zip(keys, keys[1:], keys[2:], strict=False))
    return any(word == pack and number.isdigit() and is_pieces(of) for pack, number, of in packs)


def costs_one(piece: Piece, number: Number) -> bool:
    """`bittasi qanchadan`, `1 tasi necha pul`, `44 за кило`: what one of them costs."""
    unit = piece.tokens[number.past + 1].key if number.past + 1 < len(piece.tokens) else ""
    if number.value >= _LEAST_PRICE and load().unit(unit) and not number.counted:
        return piece.tokens[number.past].key in keys("measures", "for_each")
    of_them = number.value == 1 and piece.tokens[number.past - 1].text.lower().endswith(("si", "си"))
    return of_them and piece.met_at(number.past, "apiece", "price")


def _counts(number: str, word: str) -> bool:
    """Whether a title says there that a pack has so many."""
    return number.isdigit() and int(number) >= _PACK and is_pieces(word)


def in_each_pack(piece: Piece, number: Number) -> bool:
    """`three packs of fifty`, `3 пачки по 50 штук`, `50 tadan 3 quti`: what one pack holds, beside how many packs."""
    tokens, packs = piece.tokens, keys("numbers", "packs")
    before = tokens[number.first - 1].key if number.first else ""
    if before not in keys("numbers", "in_each") and not tokens[number.past - 1].text.lower().endswith(_OF_EACH):
        return False
    held = [one for one in piece.numbers if tokens[one.past - 1].key in packs and one.first != number.first]
    return any(one.first == number.past or 0 <= number.first - one.past <= 1 for one in held)

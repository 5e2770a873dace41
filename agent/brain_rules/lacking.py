"""What a thing is to be without: `dastasiz`, `ruchkasi yo'g'i`, `без ручки`, `with no handle`, `sugar-free`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.piece import Piece
from agent.brain_rules.text import Token, blank, tokens
from agent.brain_rules.titles import titles_of
from shop.catalogue import Product
from shop.fold import fold_word, stem
from shop.lexicon import load
from shop.search.units import units_of
from shop.shops import Shop

NOT_IN_IT = re.compile(r"(?<=...)(?:siz|сиз)(?:lari|лари)?(?:i|и)?(?:ni|dan|ning|ga|ни|дан|нинг|га)?$", re.IGNORECASE)
_POLITE = re.compile(r"[ayая]$", re.IGNORECASE)
HAVING = re.compile(r"(?:li|ли)(?:si|си)?(?:ni|dan|ни|дан)?$", re.IGNORECASE)
_OIL = re.compile(r"(?:yog['’ʻʼ`‘]|ё)", re.IGNORECASE)  # yog'i has the key of yo'g'i
_OWNED = ("i", "и", "siz", "сиз")  # its lid, and no lid: "qopqog'i yo'g'i"
_LEAST = 3  # letters of what may be lacking


def lacks(said: Sequence[Token], behind: str = "lacking") -> list[Token]:
    """What tokens say is not to be in a thing: each a token of that word, in the place of the whole phrase.

    `behind`: the list of words that say it behind the word.
    """
    found = []
    for at, token in enumerate(said):
        first, past, word = at, at + 1, ""
        if token.kind == "word" and (ending := NOT_IN_IT.search(token.text)):
            word = token.text[: ending.start()]
            word = "" if _is_polite(token, word) else word
        elif token.key in keys("questions", "without") or _with_no(said, at):
            past = at + 1
            while past < len(said) and said[past].key in keys("questions", "between"):
                past += 1
            word = said[past].text if past < len(said) and said[past].kind == "word" else ""
            past += 1
        elif at and token.key in keys("questions", behind) and _is_lacking(said[at - 1], token):
            first, word = at - 1, said[at - 1].text
        elif token.text.lower() == "free" and at > 1 and said[at - 1].text == "-":
            first, word = at - 2, said[at - 2].text
        if len(word) >= _LEAST:
            found.append(Token("word", word, fold_word(word), said[first].start, said[past - 1].end))
    return found


def _is_polite(token: Token, word: str) -> bool:
    """Whether it is rather a verb said politely: `sotasiz`, `qo'yasiz`; "paxtasiz" and "dastasiz" are none."""
    daily = token.key in load().everyday or stem(token.key) in load().everyday_stems
    return bool(_POLITE.search(word)) and (daily or bool(index("intents").meanings(token.key)))


def _with_no(said: Sequence[Token], at: int) -> bool:
    return said[at].text.lower() == "no" and at > 0 and said[at - 1].text.lower() == "with"


def _is_lacking(owned: Token, token: Token) -> bool:
    return owned.text.lower().endswith(_OWNED) and not _OIL.match(token.text)


def without_lacking(shop: Shop, piece: Piece, said: str) -> str:
    """`said`, the words of the part, without `ventilyatorsiz`: no fan is looked for. What is called so here stays."""
    start = piece.tokens[0].start
    gone = [token for token in piece.tokens if token.kind == "word" and NOT_IN_IT.search(token.text)]
    gone = [one for one in gone if not _called_so(shop, one) and any(one.start == lack.start for lack in lacks([one]))]
    return blank(said, [(one.start - start, one.end - start) for one in gone], " ")


def only_lacking(piece: Piece, named: Sequence[tuple[int, int]]) -> bool:
    """`без вентилятора беру`: whether nothing is named in a part but what is not to be in a thing."""
    places = [(one.start, one.end) for one in lacks(piece.tokens)]
    return all(any(a <= first and past <= b for a, b in places) for first, past in named)


def _called_so(shop: Shop, token: Token) -> bool:
    """Whether goods are called so, here or anywhere: `simsiz` is wireless."""
    bare = fold_word(re.sub("(?<=siz|сиз).*", "", token.text.lower()))
    return shop.search.knows(bare) or any(unit.concepts for unit in units_of(bare))


class _Told(NamedTuple):
    """What the words of a product say that it has and lacks: stems, and names of the lexicon."""

    having: frozenset[str]
    lacking: frozenset[str]


def has(product: Product, one: Token) -> bool:
    """Whether the shop says of a product that it has what `one` says, in whatever language, and never lacks it."""
    return bool(_meant(one.text) & _told(_text(product)).having) and not is_without(product, one)


def is_without(product: Product, one: Token) -> bool:
    """Whether the shop itself says that a product is without what `one` says."""
    return bool(_meant(one.text) & _told(_text(product)).lacking)


def comes_with(product: Product, one: Token) -> bool:
    """Whether what `one` says is surely there: in a title, or told as "с крышкой", "qopqog'i bilan", "qopqoqli"."""
    said = tokens(product.description)
    told = [word.text for at, word in enumerate(said) if _told_to_have(said, at)]
    return has(product, one) and bool(_meant(one.text) & _told("\n".join((*titles_of(product), *told))).having)


def is_apart(product: Product, lacking: Sequence[Token]) -> bool:
    """Whether what is lacking is the product itself, "no kettle", and no part that its title tells of: "с крышкой"."""
    for title in (product.title_uz, product.title_ru):
        said = tokens(title)
        called = [at for at, word in enumerate(said) if any(_meant(word.text) & _meant(one.text) for one in lacking)]
        if any(not _told_to_have(said, at) for at in called):
            return True
    return False


def name_without(product: Product, lacking: Sequence[Token]) -> str:
    """A product's title without the words for what is lacking."""
    meant = [_meant(one.text) for one in lacking]
    said = [word for word in tokens(product.title_uz) if any(_meant(word.text) & one for one in meant)]
    return blank(product.title_uz, [(word.start, word.end) for word in said], " ")


def _told_to_have(said: Sequence[Token], at: int) -> bool:
    before, after = (said[near].key if 0 <= near < len(said) else "" for near in (at - 1, at + 1))
    having = bool(HAVING.search(said[at].text)) or before in keys("questions", "with")
    return said[at].kind == "word" and (having or after in keys("questions", "is_there"))


def fitting(shop: Shop, skus: Sequence[str], lacking: Sequence[Token]) -> list[str]:
    """Of several products those without what is `lacking`: told so by the shop, else not told to have it."""
    left = list(skus)
    for one in lacking:
        told = [sku for sku in left if is_without(shop.products[sku], one)]
        left = told or [sku for sku in left if not has(shop.products[sku], one)]
    return left


def _text(product: Product) -> str:
    return "\n".join((*titles_of(product), product.description))


@lru_cache(maxsize=4096)  # only of the products that a message may mean where something is to be lacking
def _told(text: str) -> _Told:
    lacking = lacks(tokens(text), "told_lacking")
    rest = blank(text, [(one.start, one.end) for one in lacking], " ")
    having = frozenset(name for token in tokens(rest) if token.kind == "word" for name in _meant(token.text))
    return _Told(having, frozenset(name for one in lacking for name in _meant(one.text)))


@lru_cache(maxsize=8192)
def _meant(word: str) -> frozenset[str]:
    """A word by its stem, as `kapyushonli` by that of kapyushon, and by what it means in any language (`=hooded`)."""
    found = set[str]()
    for form in {word, HAVING.sub("", word) or word}:
        key = fold_word(form)
        found |= {stem(key), *(f"={name}" for unit in units_of(form) for name in unit.concepts)}
        found |= {key.removesuffix("i")} if key.endswith("ni") else set()  # корзины, of корзина
    return frozenset(one for one in found if len(one) >= _LEAST)

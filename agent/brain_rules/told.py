"""Sizes that are words, as the shop's own description says them in another language: "futbol футбол, mushuk котик"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.brain_rules import sizes
from agent.brain_rules.lacking import HAVING, NOT_IN_IT
from agent.brain_rules.lexicon import keys
from agent.brain_rules.text import Token
from shop import colors
from shop.catalogue import Product
from shop.fold import fold_word, stem, words
from shop.lexicon import load

_WORD = re.compile(r"[^\W\d_]+(?:['’ʻʼ`-][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яёўқғҳ]", re.IGNORECASE)
_BEFORE = ("для", "с", "со", "на", "из", "без")
_LACKS = "-"  # before the key of what a size is without: "tuzsiz без соли", "suvli (alcohol-free)"
_FREE_OF = re.compile(r"[^,;.]*?([^\W\d_]+)-free\b", re.IGNORECASE)
_BESIDE = re.compile(r"\s*\(?\s*(?:(?:для|со?|на|из|без)\s+)?")  # "лист (squared)"
_ONE = re.compile(r"(?<=[a-z]{3})s$", re.IGNORECASE)  # an English plural without it
_SHORTEST = 3  # letters of a word's stem


def told_at(tokens: Sequence[Token], at: int, product: Product) -> str:
    """The size that the word at `at` means by the description ("с котиком" is "mushuk"); "" for none or several."""
    token = tokens[at]
    if token.kind != "word" or token.key in load().filler:
        return ""
    ends = bool(NOT_IN_IT.search(token.text))
    lacks = ends or is_without(tokens, at, at + 1)
    told = [(size, said.removeprefix(_LACKS)) for size, said in told_sizes(product) if said.startswith(_LACKS) == lacks]
    found = {size for size, said in told if _alike(token.key, said)}
    found = found or (_lacking(token.text, product.sizes) if ends else _tinted(token.text, product.sizes))
    return found.pop() if len(found) == 1 else ""


def option_ends(product: Product, tokens: Sequence[Token], at: int) -> bool:
    """Whether one of its sizes, in any of their names, stands right before `at`: `лунго 3`, `угольных 3`."""
    ends = (first + sizes.written_at(tokens, first, product.sizes)[1] == at for first in range(at))
    return bool(product.sizes) and at > 0 and (any(ends) or bool(told_at(tokens, at - 1, product)))


def is_without(tokens: Sequence[Token], first: int, past: int) -> bool:
    """Whether what tokens [first, past) say is not to be in it: `без спирта`, `alcohol-free`."""
    before = first > 0 and tokens[first - 1].key in keys("questions", "without")
    after = [token.text.lower() for token in tokens[past : past + 2]]
    return before or after[:1] == ["free"] or after == ["-", "free"]


def without(size: str, sizes: Sequence[str]) -> str:
    """Of two sizes the other one than `size`; "" where there are more."""
    left = [one for one in sizes if one != size]
    return left[0] if len(left) == 1 else ""


def _lacking(said: str, sizes: Sequence[str]) -> set[str]:
    """Of two sizes the one without what `spirtsiz` ends in: "suvli" beside "spirtli"."""
    base = stem(fold_word(NOT_IN_IT.sub("", said)))
    having = [size for size in sizes if base == stem(fold_word(HAVING.sub("", size)))]
    return {without(having[0], sizes)} - {""} if len(having) == 1 and len(base) >= _SHORTEST else set()


def told_sizes(product: Product) -> tuple[tuple[str, str], ...]:
    """Each size that the description says in another script too, with that word as a key."""
    return _told(product.sizes, product.description)


def told_words(names: tuple[str, ...], description: str) -> list[tuple[str, str]]:
    """Each of `names` that the description says in another script too, with that word as a key."""
    return [(name, said) for name, said in _told(names, description) if not said.startswith(_LACKS)]


def _tinted(said: str, sizes: Sequence[str]) -> set[str]:
    """The sizes of several words that a colour tells: `для белого` of "oq kiyim" and "qora kiyim"."""
    meant = {one.color for one in (*colors.named(said), *colors.named(_ONE.sub("", said)))}  # "for whites"
    return {size for size in sizes if " " in size and meant & {one.color for one in colors.named(size)}}


def _alike(said: str, own: str) -> bool:
    """Whether two keys are one word in any case: тюльпанами, тюльпаны."""
    short, long = sorted((said, own), key=len)
    return stem(said) == stem(own) or (len(short) > _SHORTEST + 1 and stem(long).startswith(stem(short)))


@lru_cache(maxsize=4096)
def _told(sizes: tuple[str, ...], description: str) -> tuple[tuple[str, str], ...]:
    found = []
    said = list(_WORD.finditer(description))
    for size in sizes:
        own = [word.key for word in words(size)]
        if not own or not all(key.isalpha() for key in own):
            continue
        for at in range(len(said) - len(own)):
            after = said[at + len(own)]
            lacks = _LACKS if after.group().lower() == "без" else ""
            if after.group().lower() in _BEFORE and at + len(own) + 1 < len(said):
                after = said[at + len(own) + 1]  # "rangli kiyimga для цветного"
            run = said[at : at + len(own)]
            called = [word.key for one in run for word in words(one.group())]
            if list(map(stem, called)) != list(map(stem, own)):
                continue
            touches = _BESIDE.fullmatch(description[run[-1].end() : after.start()])
            inside = (
                description[run[-1].end() : after.start()].strip() == "(" and description[after.end() :][:1] in ",;)"
            )
            if touches and (inside or other_script(run[-1].group(), after.group())):
                key = max((word.key for word in words(after.group())), key=len)  # "Ак-Сарай"
                found += [(size, lacks + key)] if len(stem(key)) >= _SHORTEST else []
            if free := _FREE_OF.match(description, run[-1].end()):
                found.append((size, _LACKS + fold_word(free[1])))
    return tuple(found)


def other_script(one: str, other: str) -> bool:
    """Whether one of two words is Cyrillic and the other is not."""
    return bool(_CYRILLIC.search(one)) != bool(_CYRILLIC.search(other))

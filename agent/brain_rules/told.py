"""Sizes that are words, as the shop's own description says them in another language: "futbol футбол, mushuk котик"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.brain_rules.text import Token
from shop import colors
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load

_WORD = re.compile(r"[^\W\d_]+(?:['’ʻʼ`-][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яёўқғҳ]", re.IGNORECASE)
_BEFORE = ("для", "с", "со", "на", "из")
_BESIDE = re.compile(r"\s*\(?\s*(?:(?:для|со?|на|из)\s+)?")  # "лист (squared)"
_SHORTEST = 3  # letters of a word's stem


def told_at(tokens: Sequence[Token], at: int, product: Product) -> str:
    """The size that the word at `at` means by the description ("с котиком" is "mushuk"); "" for none or several."""
    token = tokens[at]
    if token.kind != "word" or token.key in load().filler:
        return ""
    found = {size for size, said in told_sizes(product) if _alike(token.key, said)}
    found = found or _tinted(token.text, product.sizes)
    return found.pop() if len(found) == 1 else ""


def told_sizes(product: Product) -> tuple[tuple[str, str], ...]:
    """Each size that the description says in another script too, with that word as a key."""
    return _told(product.sizes, product.description)


def _tinted(said: str, sizes: Sequence[str]) -> set[str]:
    """The sizes of several words that a colour tells: `для белого` of "oq kiyim" and "qora kiyim"."""
    meant = {one.color for one in colors.named(said)}
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
            if after.group().lower() in _BEFORE and at + len(own) + 1 < len(said):
                after = said[at + len(own) + 1]  # "rangli kiyimga для цветного"
            run = said[at : at + len(own)]
            keys = [word.key for one in run for word in words(one.group())]
            touches = _BESIDE.fullmatch(description[run[-1].end() : after.start()])
            if (
                [stem(key) for key in keys] == [stem(key) for key in own]
                and touches
                and _other_script(run[-1].group(), after.group())
            ):
                key = max((word.key for word in words(after.group())), key=len)  # "Ак-Сарай"
                found += [(size, key)] if len(stem(key)) >= _SHORTEST else []
    return tuple(found)


def _other_script(one: str, other: str) -> bool:
    return bool(_CYRILLIC.search(one)) != bool(_CYRILLIC.search(other))

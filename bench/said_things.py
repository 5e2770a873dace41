"""What a shopper would call the goods of a shop, and how the variants are said: the words that `bench/said.yaml` fills.

A name is taken from the product's own title, without brackets, quotes, measures and makes: the shortest run of one to
three words with the thing itself among them that no other title of the shop has all of. Goods that no such run names
are left out: a shopper could not name them plainly either.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shop import colors
from shop.catalogue import Product
from shop.fold import fold, words
from shop.lexicon import load
from shop.translit import to_cyrillic

LEAST_STOCK = 4  # pieces of a variant: two different counts and one more must be there


def _words_in(said: str) -> frozenset[str]:
    return frozenset(said.split())


_BRACKETS = re.compile(r"\([^)]*\)|«[^»]*»|\"[^\"]*\"|,.*|[–—].*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'ʻʼ‘’`][^\W\d_]+)*['ʻʼ‘’`]?")
_ALIKE = 4  # letters that two forms of one word share
_BETWEEN = _words_in("uchun bilan va из для с со на в во к под от без и по до for with of in and the")
_ATTRIBUTE = re.compile(r"..(?:li|lik|siz|dagi|gan|ga|cha|lab|roq)$")
_ADJECTIVE = re.compile(r"..(?:ый|ий|ой|ая|яя|ое|ее|ые|ие)$")
_UNIT = _words_in("kg g gr ml l sm m mm dona ta juft metr litr кг г гр мл л см м мм шт пар пара метр метров")
_SIZE = re.compile(r"\d{1,3}(?:[-/]\d{1,3})?|[XSML]{1,4}|\d?XL")
_VOWELS = "aeiou'"
# by these alone nobody would know what is meant
_VAGUE = _words_in(
    "to'plam to'plami quti qutisi komplekt nabor набор комплект блок коробка ассорти assorti kichik katta kun"
)
_PLURALS = (
    (re.compile(r"(?<=[^aeiou])y$"), "ies"),
    (re.compile(r"(?:(?<=[sx])|(?<=[cs]h))$"), "es"),
    (re.compile("$"), "s"),
)
_NO_PLURAL = _words_in("soap shampoo cream perfume honey tea coffee fabric yarn thread glue bread food cable")


@dataclass(frozen=True)
class Thing:
    """One variant of a product that is there, with its name in one language."""

    product: Product
    size: str
    color: str
    stock: int
    name: str
    head: str  # the word of the name that is the thing

    @property
    def numbers(self) -> set[int]:
        """The numbers of its titles and its variant: said as a count they may be part of the name."""
        said = f"{self.product.title_uz} {self.product.title_ru} {self.size} {self.color}"
        return {int(word.key) for word in words(said) if word.key.isdigit()}

    @property
    def line(self) -> tuple[str, str]:
        """What of it stands in a cart."""
        return self.product.sku, self.product.variant(self.size, self.color)


def _words(title: str, *, latin: bool) -> list[str]:
    said = _WORD.findall(_BRACKETS.sub(" ", title))
    said = [one for one in said if one.lower() not in _UNIT and (len(one) > 2 or one.lower() in _BETWEEN)]
    if latin:  # makes are written with a capital
        return [one.lower() for at, one in enumerate(said) if at == 0 or one[0].islower()]
    return [one.lower() for one in said if not one.isascii()]


def _head(said: Sequence[str], language: str) -> int:
    """Where the word of the thing itself stands: the first noun in Russian, the last one in Uzbek and English."""
    if language == "ru":
        return next((at for at, one in enumerate(said) if not _ADJECTIVE.search(one) and one not in _BETWEEN), -1)
    last = said.index("uchun") + 1 if "uchun" in said[:-1] else 0
    nouns = [at for at, one in enumerate(said) if at >= last and not _ATTRIBUTE.search(one) and one not in _BETWEEN]
    sold = [at for at in nouns if load().names_goods((fold(said[at]),))]
    owned = [at for at in nouns if said[at].endswith("i") and len(said[at]) > 4]
    return (owned or sold or nouns or [-1])[-1]


def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= _ALIKE and one[:_ALIKE] == other[:_ALIKE])


@cache
def _of_title(title: str) -> tuple[str, ...]:
    return tuple(fold(one) for one in _WORD.findall(title))


def names(product: Product, others: Sequence[Product], language: str, english: frozenset[str]) -> list[tuple[str, str]]:
    """(name, its head) of a product, the shortest first; none where a plain one would be of another thing too."""
    if language == "en":
        said = _english(product, english)
    else:
        said = _words(product.title_ru if language == "ru" else product.title_uz, latin=language != "ru")
    head = _head(said, language) if said else -1
    if head < 0:
        return []
    found = []
    if language == "en":
        return [(" ".join(said), said[head])] if not any(_has_all(other, said) for other in others) else []
    for length in (1, 2, 3):
        for first in range(max(0, head - length + 1), min(head, len(said) - length) + 1):
            run = said[first : first + length]
            if run[0] in _BETWEEN or run[-1] in _BETWEEN - {"uchun"}:
                continue
            if all(one in _VAGUE or colors.named(one) for one in run) or any(_has_all(other, run) for other in others):
                continue
            alone = language == "uz" and first == head > 0
            run = [_bare(run[0]), *run[1:]] if alone else run
            found.append((" ".join(run), run[0] if alone else said[head]))
    return found


def _bare(word: str) -> str:
    """A word of Uzbek without its possessive, where what it is of is left out: `paypoq` of "bolalar paypog'i"."""
    for ends, instead in (("si", ""), ("g'i", "q"), ("gʻi", "q"), ("gi", "k"), ("i", "")):
        if word.endswith(ends) and len(word) > len(ends) + 3:
            return word.removesuffix(ends) + instead
    return word


def _has_all(other: Product, run: Sequence[str]) -> bool:
    own = _of_title(f"{other.title_uz} {other.title_ru} {other.description} {other.category}")
    return all(any(_alike(fold(word), one) for one in own) for word in run)


def _english(product: Product, known: frozenset[str]) -> list[str]:
    """The English name of the title or the description: one to three plain words, the last one a thing."""
    for part in re.split(r"[.,;:()«»\"]", f"{product.description}. {product.title_ru}. {product.title_uz}"):
        said = part.split()
        if 0 < len(said) <= 3 and all(one.isascii() and one.isalpha() for one in said) and said[-1].lower() in known:
            return [one.lower() for one in said]
    return []


# ---- how it is said --------------------------------------------------------------------------------------------------


def ending(word: str, case: str) -> str:
    """`word` of Uzbek with its ending: `dan` and `ni` behind anything, `sini`, `sidan` of what is one of several."""
    if case in ("dan", "ni"):
        return word + case
    if word.endswith("q") and len(word) > 3:
        word = word[:-1] + "g'"
    return word + (case if word[-1] in _VOWELS else case[1:])


def said_color(color: str, language: str, head: str) -> str:
    """A colour as it is said of a thing; "" where it has no word in the language."""
    if language == "uz":
        return color
    told = colors.shown(color, language)
    if told == color:
        return ""
    if language != "ru" or not told.endswith(("ый", "ий", "ой")):
        return told
    soft = told.endswith("ний")
    base = told[:-2]
    if head.endswith(("а", "я")):
        return base + ("яя" if soft else "ая")
    if head.endswith(("о", "е")):
        return base + ("ее" if soft else "ое")
    return base + ("ие" if soft or base[-1] in "гкх" else "ые") if head.endswith(("ы", "и")) else told


def said_size(size: str, language: str, dice: random.Random) -> str:
    """`42 razmer`, `размер 42`, `size M`; a measure or a model as the catalogue writes it."""
    if not _SIZE.fullmatch(size):
        return size
    ways = {"uz": ("{} razmer", "{}-razmer", "razmeri {}"), "ru": ("размер {}", "{} размер"), "en": ("size {}",)}
    return dice.choice(ways[language]).format(size)


def named(thing: Thing, language: str, case: str, *, several: bool) -> str:
    """The name alone, as a thing of the cart is pointed at: `futbolkani`, `рубашку`, `black mugs`."""
    if language == "uz":
        return ending(thing.name, case) if case else thing.name
    if language == "ru":
        return _accused(thing.name) if case == "acc" else thing.name
    if not several or thing.head in _NO_PLURAL or (thing.head.endswith("s") and not thing.head.endswith("ss")):
        return thing.name
    return next(ends.sub(made, thing.name) for ends, made in _PLURALS if ends.search(thing.name))


def phrase(thing: Thing, language: str, case: str, dice: random.Random, *, several: bool = False) -> str:
    """`qora futbolka L razmer`, `рубашку белую размер M`: name and variant, the ending where people put it."""
    color = said_color(thing.color, language, thing.head) if thing.color else ""
    size = said_size(thing.size, language, dice) if thing.size else ""
    name = named(thing, language, case, several=several)
    if language == "ru":
        color = _accused(color) if case == "acc" else color
        ways = [[color, name, size], [name, color, size], [name, size, color]]
    elif language == "en":
        ways = [[color, name, size], [size, color, name]] + ([[name, "in", color, size]] if color else [])
    else:
        hued = bool(color and colors.named(color))
        if case and color and not size and dice.random() < 0.4:
            return f"{thing.name} {ending(color, 'sidan' if case == 'dan' else 'sini')}"
        ways = [[color, name, size], [name, color, size], [size, color, name]]
        ways += [[f"{color} rangli", name, size]] if hued else []
    return " ".join(part for part in dice.choice(ways) if part)


def variant_phrase(thing: Thing, other: Thing, language: str, case: str, dice: random.Random) -> str:
    """What another variant differs in, the name unsaid: `qorasini`, `42 razmer`, `чёрную`."""
    if thing.color != other.color:
        color = said_color(thing.color, language, thing.head)
        if language == "uz":
            return ending(color, case) if case else color
        return _accused(color) if case == "acc" else color
    return said_size(thing.size, language, dice)


def _accused(said: str) -> str:
    """Russian feminine words as what is taken: рубашку белую; others stay as they are."""
    made = [re.sub("ая$", "ую", re.sub("яя$", "юю", one)) for one in said.split()]
    head = next((at for at, one in enumerate(made) if not one.endswith(("ую", "юю"))), None)
    if head is not None and made[head].endswith(("а", "я")) and not _ADJECTIVE.search(made[head]):
        made[head] = made[head][:-1] + ("у" if made[head].endswith("а") else "ю")
    return " ".join(made)


def in_script(text: str, language: str) -> str:
    """The message in the script of its language."""
    return to_cyrillic(text) if language == "uz-cyrl" else text

"""One key space for both Uzbek scripts, Russian and English as shoppers type them.

Keys are for comparing, never for showing: lower case, apostrophes dropped, Cyrillic written in Latin, letters that
people mix up made one (kh/h/x, q/k, c/k/s, ts/s, w/v, ks/x, ye/e), doubled letters single.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

APOSTROPHES = "ʻʼ‘’`´'ʹ′"
_LETTERS = "абвгдежзийклмнопрстуфхцчшщ", "a b v g d e j z i y k l m n o p r s t u f x s ch sh sh"
_OTHERS = {
    "ё": "yo",
    "ъ": "",
    "ы": "i",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "ў": "o",
    "қ": "k",
    "ғ": "g",
    "ҳ": "x",
}
_CYRILLIC = dict(zip(_LETTERS[0], _LETTERS[1].split(), strict=True)) | _OTHERS
_TO_LATIN = str.maketrans(_CYRILLIC)
_NO_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_RULES = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^collar", "kolar"),  # no plural of qo'l, nor cool
        (r"(?<=..)th(?=..)", "t"),  # orthopaedic, ортопедический
        (r"(?<=[bcdfghjklmnpqrstvwxz])yo", "e"),  # чёрный is mostly typed черный; hamyon, ҳамён, shyotka, шётка
        (r"kh|(?<![sc])h", "x"),
        (r"zh|dj", "j"),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)", "k"),
        (r"ts(?!$)", "s"),  # shirts, boots keep theirs
        (r"ks", "x"),
        (r"w", "v"),
        (r"ye", "e"),
        # kardigan+ni, sandal+lar, kiyim+mi: the ending goes here, for the doubled letter would hide where it began
        (r"(?<=..)nn(?:i|ing)$", "n"),
        (r"(?<=..)llar(?:i|ni|ini|ga|da|dan|ning)?$", "l"),
        (r"(?<=..)mmi$", "m"),
        (r"(?<=.)dd(?:a|an|agi)$", "d"),  # udda, uddan: in, of
        (r"(?<=..)(k|g)\1a(?:cha)?$", r"\1"),  # toshkka
        (r"(?<=...)si(?:z?lar|z?la)(?=(?:mi|di)?$)", "siz"),  # borsizlarmi, qayerdasila: polite and dialect, one key
        (r"([a-z])\1+", r"\1"),
    )
)
_TOUCHED = re.compile(r"[hcqw]|dj|ts|ks|ye|yo|si|([a-z])\1")  # no rule changes a key without any of these
_WORD = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHES}]+[^\W\d_]+)*[{APOSTROPHES}]?|\d+")


class Word(NamedTuple):
    """One word or number of a text: as written, its key, and where it stands. A tuple: a turn makes hundreds."""

    text: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=8192)  # a turn asks for the words of one message some twenty times
def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of `text` with their keys, in order; letters and digits that touch are parted."""
    return tuple(
        Word(found[0], fold_word(found[0]), found.start(), found.end())
        for found in _WORD.finditer(text.replace("\u0301", " "))
    )


def fold(text: str) -> str:
    """`text` as keys with single spaces between them; punctuation and pictures are gone."""
    return " ".join(word.key for word in words(text) if word.key)


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """The key of one word."""
    word = unicodedata.normalize("NFKC", word).lower().translate(_NO_APOSTROPHES)
    key = word.translate(_TO_LATIN)
    if not key.isascii():
        key = "".join(part for part in unicodedata.normalize("NFKD", key) if not unicodedata.combining(part))
    if key.isdigit() or not _TOUCHED.search(key):
        return key
    for pattern, to in _RULES:
        key = pattern.sub(to, key)
    return key


# Endings as keys: Uzbek (plural, possessive, cases, particles), Russian (cases), English (plural); one list, as the
# languages are mixed inside one word ("кроссовкасини"). What stays has at least 3 letters, after the second line's 4.
_AFTER_3 = """lar ning gacha niki dagi dan day dek cha ga li ami yami ax yax aya oe ie iy oy ey uyu yuyu ogo ego
 omu emu ya yu a e i o u"""
_AFTER_4 = "ni da si ov ev am yam om em im ix mi y ing ingiz imiz imni jon gina chi"
_ENDINGS = sorted(
    [(ending, 3) for ending in _AFTER_3.split()] + [(ending, 4) for ending in _AFTER_4.split()],
    key=lambda pair: -len(pair[0]),
)
_BY_LAST = {last: [pair for pair in _ENDINGS if pair[0].endswith(last)] for last in {one[-1] for one, _ in _ENDINGS}}
_OF_THE_WORD = ("o", "i", "u")
_PLURAL = re.compile(r"..[^aeious]s$|..[^aeius]es$|..ies$")  # bags, shoes, hoodies; but not libos, dress
_FLEETING = re.compile(r"(?<=[^aeiou])[oe]k$")


@lru_cache(maxsize=65536)
def stem(key: str) -> str:
    """What stays of a key when its endings are taken off: "futbolkalarni" and "футболок" both give "futbolk"."""
    if key.isdigit():
        return key
    if _PLURAL.search(key):
        key = key[:-1]
    for _ in range(5):
        for ending, shortest in _BY_LAST.get(key[-1:], ()):
            if ending == "chi" and key[-4:-3] in _OF_THE_WORD:  # yog'ochi, ilgichi: of wood, a hook
                continue
            if key.endswith(ending) and len(key) - len(ending) >= shortest:
                key = key[: -len(ending)]
                break
        else:
            break
    if key.endswith("g"):  # ko'ylagi, ryukzagi: k and q soften before a vowel
        key = key[:-1] + "k"
    return _FLEETING.sub("k", key)  # кроссовок, носок


_LEAST_SINGULAR = 4  # letters: "tos" is no plural


def singular(key: str) -> str:
    """What an English plural may be of where no ending is taken off: abayas, cases, sinks (its key is sinx); "" else.

    Only to be looked up among known words: libos, adres and boks end so too.
    """
    own = key[:-1] + "k" if key.endswith("x") else key[:-1] if key.endswith("s") else ""
    return own if len(own) >= _LEAST_SINGULAR else ""


_RUSSIAN, _SHORT_DATIVE = ("i", "u", "e", "oy", "ami", "am", "ax"), 4
_TWO, _THREE = 2, 3  # letters: ip, un; tok, gaz (stems are never shorter than four before -ni)
_WITH_SUCH = ("k", "gi", "gini", "gidan", "sini", "sidan")  # bergamotlik, simlisidan: the one with it
_OWNED = ("i", "ini", "idan", "iga", "ida", "ining", "ilar", "imiz", "ingiz")
_CASES = ("ni", "dan", "ning", "lar", "larni")  # jengadan loses -gadan otherwise; ip+ni leaves too short a stem
_OF_S = re.compile("[aeiou]si$")
_SMALL = (("ochk", "k"), ("echk", "k"), ("ochk", ""), ("echk", ""), ("chik", ""), ("ik", ""), ("chn", "k"))
_SMALLEST = 4  # letters
_HAVING = "lik"


def owned(key: str) -> set[str]:
    """Forms that a stem takes for others. A word that ends in -n as it is said of somebody's: chamadoni, chamadonidan.

    A Russian one that ends like an Uzbek dative: бумаги and книгу are of бумага and книга, whose stems lose the -ga.
    """
    if key.endswith(("ga", "cha")) and len(key) > _SHORT_DATIVE:  # -cha is an ending too: сенчу, матчи
        return {key[:-1] + ending for ending in _RUSSIAN} | {key + ending for ending in _CASES}
    if len(key) == _TWO and key.isalpha():
        return {key + ending for ending in _CASES}
    if key.endswith(("n", "l", "s", "m")):  # baxmalidan loses -li otherwise, termosidan -si, shlemi -mi
        return {key + ending for ending in (*_OWNED, "ni")}
    if key.endswith("li"):
        return {key + ending for ending in _WITH_SUCH}
    if len(key) == _THREE and key.isalpha():
        return {f"{key}ni", *((f"{key}si",) if key[-1] in "aeiou" else ())}
    if _OF_S.search(key):  # a cage is "qafas", a parrot's cage "qafasi", which as a stem loses -si
        return {key[:-1], *(key[:-1] + ending for ending in _CASES)}
    return {key[:-1]} if key.endswith("ni") else set()


def made_from(key: str) -> list[str]:
    """Stems of the words that one is made from: плащик of плащ, сумочка of сумка, оверлочный of оверлок.

    And `zamoklik`, as many say zamokli: with a lock.
    """
    own = stem(key)
    if own.endswith(_HAVING) and len(own) - len(_HAVING) >= _SMALLEST:
        return [stem(own.removesuffix(_HAVING))]
    found = [own.removesuffix(ending) + left for ending, left in _SMALL if own.endswith(ending)]
    return [stem(one) for one in found if len(one) >= _SMALLEST]


_SOUNDS = str.maketrans("oeyfzdbgjw", "aiivstpksv")


@lru_cache(maxsize=65536)
def sound(key: str) -> str:
    """A stem with the letters that sound alike made one (o/a, e/i, f/v, z/s, d/t ...): catches "krasofka"."""
    return key if key.isdigit() else re.sub(r"(.)\1+", r"\1", key.translate(_SOUNDS))

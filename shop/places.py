"""Places of the country as people type them: "Samarqandga", "в Бухару", "Yunusobod 4-kvartal".

Their names and the points of their towns are data (regions.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from shop.fold import Word, fold_word, words
from shop.lexicon import load
from shop.likeness import similarity

_FILE = Path(__file__).parent / "regions.yaml"
CITY = "tashkent_city"
# what stands around a name when it is a street's: Navoiy ko'chasi is no Navoi, улица Нукусская is no Nukus
_STREET_AFTER = (
    "koch",
    "kuch",
    "ulis",
    "stret",  # the key of "street"
    "avenu",
    "prospekt",
    "yol",
    "yul",
    "shox",
    "darvoz",
    "bulvar",
    "proezd",
    "tor",
)
_QUARTER_AFTER = ("maxal", "mfy", "mfi", "guzar")  # quarters are named like towns
_TOWN_AFTER, _TOWN_BEFORE = ("shaxar", "shaxr", "gorod", "city"), frozenset({"gorod", "g"})
_STREET_BEFORE = frozenset({"ul", "ulisa", "kocha", "kochasi", "stret", "prospekt", "pr", "proezd", "bulvar"})
_REGION_AFTER = ("viloyat", "vil", "obl", "region", "oblast")
_DISTRICT_AFTER = ("tuman", "rayon", "district")
TO, _FROM = frozenset({"v", "vo", "do", "to", "na"}), frozenset({"iz", "ot", "from", "s"})
# endings on place names, as keys, after the last vowel of the name was taken off
_VOWELS = ("", "a", "o", "i", "u", "e", "y", "iy")
_CASES = """ ga da dan ning ni gacha lik dagi cha ka mi si siga sida sidan larga gami dami
 a e u i y om em oy ey ami shi shda"""
_ENDINGS = frozenset(vowel + case for vowel in _VOWELS for case in ("", *_CASES.split()))
_CASES_ALIKE = frozenset(
    one.translate(str.maketrans("oey", "aii")) for one in ("ga", "da", "dan", "ni", "ning", "gacha")
)
_ADJECTIVES = frozenset(
    vowel + sk for vowel in _VOWELS for sk in ("skiy", "skaya", "skoy", "skom", "skogo", "skuyu", "ski")
)
_OF_A_QUARTER = "guzari"
_VOWELS_ALIKE = str.maketrans("oey", "aii")  # as they are mixed up: one language's name in the other's letters
_SHORT = 5  # letters
_TYPO = 0.84  # one letter in six


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the country that a text names. `kind`: region (or its town of that name), city (the capital),
    district (or another town), spot.

    `name`: of a district, as keys: the first one that it has in the data, however it was called here.
    `whole`: it was said to be the whole region ("Buxoro viloyati").
    `outside`: it was called a district, which is what lies around a town of that name ("Kattaqo'rg'on tumani").
    """

    region: str
    kind: str
    start: int
    end: int
    rank: int
    name: tuple[str, ...] = ()
    whole: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    keys: tuple[str, ...]
    region: str
    kind: str
    whole: bool = False
    called: tuple[str, ...] = ()  # the name that the place goes by, of the several it has


def is_place(word: Word) -> bool:
    """Whether one word, spelled right, is the name of a place."""
    return _place_at([word], 0)[0] is not None


def place_in(text: str) -> bool:
    """Whether `text` names a city, district or region of the country."""
    return bool(places_of(text))


@lru_cache(maxsize=4096)  # one message is asked about twenty times in a turn
def places_of(text: str) -> tuple[Place, ...]:
    """Places named in `text`, the likeliest first: a destination before an origin, a town before a region."""
    tokens = words(text)
    found: list[Place] = []
    at = 0
    while at < len(tokens):
        place, used = _place_at(tokens, at)
        if place:
            found.append(place)
        at += used
    if not found:
        found = [place for at in range(len(tokens)) if (place := _misspelled(tokens, at))]
    towns = {place.region for place in found if place.kind in ("city", "region")}
    if towns:  # "Samarqand, Buyuk ipak yo'li 30": a street there, not the metro station of the capital
        found = [place for place in found if place.kind != "spot" or place.region in towns]
    return tuple(sorted(found, key=lambda place: -place.rank))


# ---- names in text ---------------------------------------------------------------------------------------------------


def _place_at(tokens: Sequence[Word], at: int) -> tuple[Place | None, int]:
    """The longest place name that begins at `at`, and how many words it takes (1 when there is none)."""
    index, longest = _names()
    for length in range(min(longest, len(tokens) - at), 0, -1):
        chunk = tokens[at : at + length]
        for name in index.get((length, chunk[0].key[:3]), ()):
            if all(_same(key, word.key) for key, word in zip(name.keys, chunk, strict=True)):
                place = _judged(tokens, at, at + length, name)
                if place:
                    return place, length
    return None, 1


def _judged(tokens: Sequence[Word], start: int, end: int, name: _Name) -> Place | None:
    """The place, unless these words are the name of a street; ranked by what stands around them."""
    last = tokens[end - 1].key
    after = tokens[end].key if end < len(tokens) else ""
    before = tokens[start - 1].key if start else ""
    if after == "ul" or after.startswith("ulis"):  # "Навои ул., 5"; in "Мирабад, ул. Нукусская" the street comes after
        after = "stret" if all(word.key.isdigit() for word in tokens[end + 1 : end + 2]) else ""
    region = name.region
    rank = {"region": 2, "city": 1, "district": 3, "spot": 3}[name.kind]
    # "Smarqand shahar" is a slip of a town; Farzona alone is a name
    slip = after.startswith(_TOWN_AFTER + _REGION_AFTER + _DISTRICT_AFTER) and name == _nearest(last)
    adjective = not (is_called(name.keys[-1], last) or slip)
    if after.startswith(_REGION_AFTER):
        region, rank = ("tashkent_region" if name.region == CITY and name.kind == "city" else name.region), 2
    elif after.startswith(_DISTRICT_AFTER):
        rank = 3
        if name.kind == "city":
            region = "tashkent_region"
    elif after.startswith(_STREET_AFTER) or before in _STREET_BEFORE or (adjective and name.kind != "district"):
        return None
    elif start > 1 and tokens[start - 2].key in _STREET_BEFORE and tokens[start].start - tokens[start - 1].end == 1:
        return None  # "улица Имама Бухари"; in "ул. Навои, Бухара" a pause stands before the town
    if last == _OF_A_QUARTER:  # Do'stlik guzari; the district is G'uzor
        return None
    if after.startswith(_TOWN_AFTER) or after == "sh" or before in _TOWN_BEFORE:
        rank = 4
    elif after.startswith(_QUARTER_AFTER):
        rank = 0
    if last.endswith("ga") or before in TO:
        rank += 3
    if last.endswith("dan") or before in _FROM:
        rank -= 4
    district = name.called if name.kind == "district" else ()
    around = name.kind == "region" and after.startswith(_DISTRICT_AFTER)  # "Buxoro tumani" is no part of the town
    whole = name.whole or around or after.startswith(_REGION_AFTER)
    outside = after.startswith(_DISTRICT_AFTER) or last.startswith(_DISTRICT_AFTER)
    return Place(region, name.kind, tokens[start].start, tokens[end - 1].end, rank, district, whole, outside)


def _misspelled(tokens: Sequence[Word], at: int) -> Place | None:
    """A single word that is nearly a place ("yunsobod", "bektemr"); asked only when nothing was spelled right."""
    name = _nearest(tokens[at].key)
    after = tokens[at + 1].key if at + 1 < len(tokens) else ""
    short = len(tokens[at].key) <= _SHORT or (name is not None and len(name.keys[0]) <= _SHORT)
    if short and not after.startswith(_TOWN_AFTER + _REGION_AFTER + _DISTRICT_AFTER):
        return None  # "solar" is no Salor, "Кагон шахар" is Kogon
    return _judged(tokens, at, at + 1, name) if name else None


@lru_cache(maxsize=4096)
def _nearest(key: str) -> _Name | None:
    """The name of a place that a word is a slip of."""
    if len(key) < _SHORT or key.isdigit() or load().unit(key) or key in load().everyday:
        return None  # "olib tashlang" is no way to Toshloq
    own = key.translate(_VOWELS_ALIKE)
    for name in _of_one_word().get(key[0], ()):
        called = name.keys[0].translate(_VOWELS_ALIKE)
        if len(called) >= _SHORT and (own == called or _tail(called, own) in _CASES_ALIKE):
            return name  # Кагон, Чирчик, Ангрин: Kogon, Chirchiq, Angren
    if len(key) <= _SHORT:
        return None
    alike = ((similarity(key, name.keys[0]), name) for name in _of_one_word().get(key[0], ()))
    best = max(alike, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _TYPO else None


@lru_cache(maxsize=8192)
def _same(name: str, key: str) -> bool:
    return is_called(name, key) or _tail(name, key) in _ADJECTIVES


@lru_cache(maxsize=8192)
def is_called(name: str, key: str) -> bool:
    """Whether `key` is `name`, in any case of it: toshkentdan is toshkent."""
    return key == name or _tail(name, key) in _ENDINGS


def _tail(name: str, key: str) -> str | None:
    """What `key` has after the root of `name` (its last vowels off); None when it is another word."""
    root = re.sub(r"(?:iy|[aeiouy])$", "", name) if len(name) >= 5 else name
    return key[len(root) :] if key.startswith(root) else None


# ---- the data --------------------------------------------------------------------------------------------------------


@cache
def country() -> dict[str, dict[str, Any]]:
    """Its regions by key: their names, places, spots and points."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both are safe


@cache
def _names() -> tuple[dict[tuple[int, str], list[_Name]], int]:
    """Names by (how many words, first three letters), and the length of the longest."""
    index: dict[tuple[int, str], list[_Name]] = {}
    for region, part in country().items():
        own = "city" if region == CITY else "region"
        whole = frozenset(keys_of(part.get("whole", ())))
        for kind, listed in ((own, part["names"]), ("district", part["places"]), ("spot", part.get("spots", ()))):
            for one in listed:
                wordings = keys_of([one] if isinstance(one, str) else one)
                for keys in wordings:
                    name = _Name(keys, region, kind, keys in whole, wordings[0])
                    index.setdefault((len(keys), keys[0][:3]), []).append(name)
    return index, max(length for length, _ in index)


@cache
def _of_one_word() -> dict[str, list[_Name]]:
    """Names of a single word by their first letter."""
    found: dict[str, list[_Name]] = {}
    for (length, head), names in _names()[0].items():
        if length == 1:
            found.setdefault(head[:1], []).extend(names)
    return found


def keys_of(wordings: Iterable[str]) -> list[tuple[str, ...]]:
    """The names as keys, and as they are written in English: Baxmal tumani is Bakhmal district."""
    # Кукон, Узбекистон: no ў on the keyboard
    typed = [one for wording in wordings for one in (wording, wording.replace("o'", "u").replace("O'", "U"))]
    own = [tuple(word.key for word in words(wording)) for wording in typed]
    english = [tuple(_ENGLISH.get(key, key) for key in keys) for keys in own]
    return list(dict.fromkeys([*own, *english]))


_ENGLISH = {fold_word(own): fold_word(said) for own, said in (("tumani", "district"), ("shahri", "city"))}


@cache
def points() -> list[tuple[str, list[list[Any]]]]:
    """Of each region its towns: latitude, longitude and, where a shop may deliver there apart, names."""
    return [(region, part["points"]) for region, part in country().items()]

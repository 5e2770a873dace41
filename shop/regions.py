"""From a place as typed ("Samarqandga", "в Бухару", "Yunusobod 4-kvartal") or a pin to the shop's delivery region.

A country's places are data (regions.yaml); a shop groups them as it likes: a region of its profile covers the places
that its key or its names say, and one called `other` covers the rest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from shop.fold import Word, fold_word, words
from shop.lexicon import load
from shop.likeness import similarity
from shop.profile import Profile, Region

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
_TO, _FROM = frozenset({"v", "vo", "do", "to", "na"}), frozenset({"iz", "ot", "from", "s"})
_OTHERS = ("other", "others", "rest", "provinces", "default", "boshqa", "regions", "viloyatlar")
_OTHER_WORDS = re.compile(r"boshqa|qolgan|другие|остальн|\bother\b|\brest\b", re.IGNORECASE)
_EVERYWHERE = re.compile(r"respublika|o.?zbekiston|узбекистан|uzbekistan", re.IGNORECASE)
_LIST = re.compile(r"[,;()]")  # "the other districts (Chimboy, Beruniy)"
_TOWN_ALONE = re.compile(r"shahar|shahri|шаҳар|шаҳри|город|\bг\.|\bcity\b|\btown\b", re.IGNORECASE)
_AROUND = re.compile(r"tuman|туман|район|district|atrof|атроф|\bvil|вил|област|oblast|\bregion\b", re.IGNORECASE)
# endings on place names, as keys, after the last vowel of the name was taken off
_VOWELS = ("", "a", "o", "i", "u", "e", "y", "iy")
_CASES = """ ga da dan ning ni gacha lik dagi cha ka mi si siga sida sidan larga gami dami
 a e u i y om em oy ey ami shi shda"""
_ENDINGS = frozenset(vowel + case for vowel in _VOWELS for case in ("", *_CASES.split()))
_ADJECTIVES = frozenset(
    vowel + sk for vowel in _VOWELS for sk in ("skiy", "skaya", "skoy", "skom", "skogo", "skuyu", "ski")
)
_OF_A_QUARTER = "guzari"
_TYPO = 0.84  # one letter in six
_NAMED_FROM = 5  # letters of a place with its ending
_IN_TOWN = 8  # km from the middle of a town to its edge


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the country that a text names. `kind`: region (or its town of that name), city (the capital),
    district (or another town), spot.

    `name`: of a district, as keys. `whole`: it was said to be the whole region ("Buxoro viloyati").
    """

    region: str
    kind: str
    start: int
    end: int
    rank: int
    name: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    keys: tuple[str, ...]
    region: str
    kind: str
    whole: bool = False


def region_of(profile: Profile, text: str) -> Region | None:
    """The delivery region that covers the place named in `text`; None: no place, or the shop does not go there.

    A name that the shop gave its region itself ("Chorsu atrofi") counts before the country's places.
    """
    regions = profile.delivery.regions
    own = _by_own_name(regions, text)
    if own:
        return own
    return _covering(regions, found[0]) if (found := places_of(text)) else _listing(regions, text)


def sent_to(profile: Profile, text: str) -> Region | None:
    """The delivery region of a place that something is to go to: "Beruniyga", "в Бухару", "Qo'qon ichiga"."""
    keys = ["", *(word.key for word in words(text)), ""]
    for word, before, after in zip(words(text), keys, keys[2:], strict=False):
        to = word.key.endswith(("ga", "ka")) or before in _TO or after == "ichiga"
        if to and len(word.key) >= _NAMED_FROM and (region := region_of(profile, word.text)):
            return region
    return None


def is_place(word: Word) -> bool:
    """Whether one word, spelled right, is the name of a place."""
    return _place_at([word], 0)[0] is not None


def place_in(text: str) -> bool:
    """Whether `text` names a city, district or region of the country."""
    return bool(places_of(text))


def region_at(profile: Profile, latitude: float, longitude: float) -> Region | None:
    """The delivery region of a pin; None when it is farther than 150 km from every town we know."""
    regions = profile.delivery.regions
    km, region, capital, names = min(
        (_km((latitude, longitude), (lat, lon)), region, nth == 0, tuple(_keys(names)))
        for region, points in _points()
        for nth, (lat, lon, *names) in enumerate(points)
    )
    listed = {name for one in regions for name in _named_in(one)}
    name = next((name for name in names if name in listed), ()) if km <= _IN_TOWN else ()
    place = Place(region, "region" if capital else "district", 0, 0, 0, name)
    return _covering(regions, place) if km <= 150 else None


def at_home(profile: Profile, region: Region) -> bool:
    """Whether `region` is the shop's own town, where a courier comes to the door; elsewhere it is a province."""
    home = region_of(profile, " ".join(profile.contacts.address.all()))
    if home is None:
        covered = _covered(region)
        return CITY in covered or (not covered and len(profile.delivery.regions) == 1)
    return home.key == region.key


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


def _place_at(tokens: list[Word], at: int) -> tuple[Place | None, int]:
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


def _judged(tokens: list[Word], start: int, end: int, name: _Name) -> Place | None:
    """The place, unless these words are the name of a street; ranked by what stands around them."""
    last = tokens[end - 1].key
    after = tokens[end].key if end < len(tokens) else ""
    before = tokens[start - 1].key if start else ""
    if after == "ul" or after.startswith("ulis"):  # "Навои ул., 5"; in "Мирабад, ул. Нукусская" the street comes after
        after = "stret" if all(word.key.isdigit() for word in tokens[end + 1 : end + 2]) else ""
    region = name.region
    rank = {"region": 2, "city": 1, "district": 3, "spot": 3}[name.kind]
    adjective = not _plain(name.keys[-1], last)
    if after.startswith(_REGION_AFTER):
        region, rank = ("tashkent_region" if name.region == CITY and name.kind == "city" else name.region), 2
    elif after.startswith(_DISTRICT_AFTER):
        rank = 3
        if name.kind == "city":
            region = "tashkent_region"
    elif after.startswith(_STREET_AFTER) or before in _STREET_BEFORE or (adjective and name.kind != "district"):
        return None
    if last == _OF_A_QUARTER:  # Do'stlik guzari; the district is G'uzor
        return None
    if after.startswith(_TOWN_AFTER) or after == "sh" or before in _TOWN_BEFORE:
        rank = 4
    elif after.startswith(_QUARTER_AFTER):
        rank = 0
    if last.endswith("ga") or before in _TO:
        rank += 3
    if last.endswith("dan") or before in _FROM:
        rank -= 4
    district = name.keys if name.kind == "district" else ()
    whole = name.whole or after.startswith(_REGION_AFTER)
    return Place(region, name.kind, tokens[start].start, tokens[end - 1].end, rank, district, whole)


def _misspelled(tokens: list[Word], at: int) -> Place | None:
    """A single word that is nearly a place ("yunsobod", "bektemr"); asked only when nothing was spelled right."""
    name = _nearest(tokens[at].key)
    return _judged(tokens, at, at + 1, name) if name else None


@lru_cache(maxsize=4096)
def _nearest(key: str) -> _Name | None:
    """The name of a place that a word is a slip of."""
    if len(key) < 6 or key.isdigit() or load().unit(key):
        return None
    alike = ((similarity(key, name.keys[0]), name) for name in _of_one_word().get(key[0], ()))
    best = max(alike, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _TYPO else None


@lru_cache(maxsize=8192)
def _same(name: str, key: str) -> bool:
    return _plain(name, key) or _tail(name, key) in _ADJECTIVES


@lru_cache(maxsize=8192)
def _plain(name: str, key: str) -> bool:
    return key == name or _tail(name, key) in _ENDINGS


def _tail(name: str, key: str) -> str | None:
    """What `key` has after the root of `name` (its last vowels off); None when it is another word."""
    root = re.sub(r"(?:iy|[aeiouy])$", "", name) if len(name) >= 5 else name
    return key[len(root) :] if key.startswith(root) else None


# ---- the shop's grouping ---------------------------------------------------------------------------------------------


def _covering(regions: tuple[Region, ...], place: Place) -> Region | None:
    """The profile's region for a place: by what it names, by its key or what its names list, else the one for the rest.

    A shop may tell a town from the districts around it ("Buxoro shahri", "Kogon va Buxoro viloyati tumanlari").
    """
    listing = [region for region in regions if region.key == place.region or place.region in _covered(region)]
    if place.region != CITY:  # whose districts are the town itself
        listing = _apart(listing, place, rest=any(map(_is_rest, regions)))
    if listing:
        return min(listing, key=lambda region: (region.key != place.region, len(_covered(region))))
    rest = next((region for region in regions if _is_rest(region)), None)
    return rest or next((region for region in regions if _EVERYWHERE.search(" ".join(region.name.all()))), None)


def _apart(listing: list[Region], place: Place, *, rest: bool) -> list[Region]:
    """Of the regions that name a part of the country those for this place of it: its town, or what lies around."""
    outside = place.kind == "district" or place.whole
    named = [region for region in listing if place.name and place.name in _named_in(region)]
    if named or (len(listing) == 1 and not (rest and outside and _names_town(listing[0]))):
        return named or listing
    own = [region for region in listing if not _only_lists(region)] or listing
    fits = [region for region in own if not (_names_town(region) if outside else _names_districts(region))]
    return fits or (own if len(listing) > 1 else [])


def _names_town(region: Region) -> bool:
    """Whether a region of the shop is a town alone."""
    return bool(_TOWN_ALONE.search(" ".join(region.name.all()))) and not _names_districts(region)


def _names_districts(region: Region) -> bool:
    """Whether it is what lies around a town."""
    return bool(_AROUND.search(" ".join(region.name.all())))


def _named_in(region: Region) -> frozenset[tuple[str, ...]]:
    """The districts and towns that its names list."""
    return frozenset(place.name for wording in region.name.all() for place in places_of(wording) if place.name)


def _only_lists(region: Region) -> bool:
    """Whether it is the districts that it names and no more: "Karmana tumani" is not all that lies around Navoiy."""
    places = [place for wording in region.name.all() for place in places_of(wording)]
    other = _OTHER_WORDS.search(" ".join(region.name.all()))
    return bool(places) and not other and all(place.kind == "district" for place in places)


def _is_rest(region: Region) -> bool:
    """Whether it is everything that no other region covers; "other towns of Samarkand region" are of that alone."""
    if region.key.lower() in _OTHERS:
        return True
    return bool(_OTHER_WORDS.search(" ".join(region.name.all()))) and not _covered(region)


def _covered(region: Region) -> frozenset[str]:
    """The country's regions that a profile's region names, by its key ("karakalpakstan_khorezm") or its wordings."""
    return _covered_by(region.key, region.name.all())


@lru_cache(maxsize=1024)
def _covered_by(key: str, wordings: tuple[str, ...]) -> frozenset[str]:
    known = _data()
    if key in known:
        return frozenset({key})
    by_key = {part for part in key.split("_") if part in known}
    return frozenset(by_key | {place.region for wording in wordings for place in places_of(wording)})


def _by_own_name(regions: tuple[Region, ...], text: str) -> Region | None:
    """A region whose own name, none of the country's, stands in the text whole."""
    keys = [word.key for word in words(text)]
    for region in regions:
        for wording in region.name.all():
            name = [word.key for word in words(wording)]
            if name and not places_of(wording) and not _is_rest(region) and _inside(name, keys):
                return region
    return None


def _listing(regions: tuple[Region, ...], text: str) -> Region | None:
    """The region whose name lists a town of one word, unknown to the country's places, that stands in the text."""
    keys = [word.key for word in words(text)]
    for region in regions:
        listed = [item.strip() for wording in region.name.all() for item in _LIST.split(wording)]
        named = [words(item)[0].key for item in listed if item.istitle() and item.isalpha() and not places_of(item)]
        if len(listed) > len(region.name.all()) and any(_plain(name, key) for name in named for key in keys):
            return region
    return None


def _inside(name: list[str], keys: list[str]) -> bool:
    return any(
        all(_plain(part, key) for part, key in zip(name, keys[at : at + len(name)], strict=True))
        for at in range(len(keys) - len(name) + 1)
    )


# ---- the data --------------------------------------------------------------------------------------------------------


@cache
def _data() -> dict[str, dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both are safe


@cache
def _names() -> tuple[dict[tuple[int, str], list[_Name]], int]:
    """Names by (how many words, first three letters), and the length of the longest."""
    index: dict[tuple[int, str], list[_Name]] = {}
    for region, part in _data().items():
        own = "city" if region == CITY else "region"
        whole = frozenset(_keys(part.get("whole", ())))
        for kind, wordings in ((own, part["names"]), ("district", part["places"]), ("spot", part.get("spots", ()))):
            for keys in dict.fromkeys(_keys(wordings)):
                index.setdefault((len(keys), keys[0][:3]), []).append(_Name(keys, region, kind, keys in whole))
    return index, max(length for length, _ in index)


@cache
def _of_one_word() -> dict[str, list[_Name]]:
    """Names of a single word by their first letter."""
    found: dict[str, list[_Name]] = {}
    for (length, head), names in _names()[0].items():
        if length == 1:
            found.setdefault(head[:1], []).extend(names)
    return found


def _keys(wordings: Iterable[str]) -> list[tuple[str, ...]]:
    """The names as keys, and as they are written in English: Baxmal tumani is Bakhmal district."""
    own = [tuple(word.key for word in words(wording)) for wording in wordings]
    english = [tuple(_ENGLISH.get(key, key) for key in keys) for keys in own]
    return list(dict.fromkeys([*own, *english]))


_ENGLISH = {fold_word(own): fold_word(said) for own, said in (("tumani", "district"), ("shahri", "city"))}


@cache
def _points() -> list[tuple[str, list[list[Any]]]]:
    """Of each region its towns: latitude, longitude and, where a shop may deliver there apart, names."""
    return [(region, part["points"]) for region, part in _data().items()]


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on the ground, good to a per cent inside one country."""
    north = (one[0] - other[0]) * 111.2
    east = (one[1] - other[1]) * 111.2 * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)

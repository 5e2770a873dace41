"""From a place as typed ("Samarqandga", "в Бухару", "Yunusobod 4-kvartal") or a pin to the shop's delivery region.

A country's places are data (regions.yaml); a shop groups them as it likes: a region of its profile covers the places
that its key or its names say, and one called `other` covers the rest.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from shop.fold import words
from shop.places import CITY, TO, Place, country, is_called, places_of, points
from shop.profile import Profile, Region

_NAMED_FROM = 5  # letters of a place with its ending
_OTHERS = ("other", "others", "rest", "provinces", "default", "boshqa", "regions", "viloyatlar")
_OTHER_WORDS = re.compile(r"boshqa|qolgan|другие|остальн|\bother\b|\brest\b", re.IGNORECASE)
_EVERYWHERE = re.compile(r"respublika|o.?zbekiston|узбекистан|uzbekistan", re.IGNORECASE)
_LIST = re.compile(r"[,;()]")  # "the other districts (Chimboy, Beruniy)"
_TOWN_ALONE = re.compile(r"shahar|shahri|ша[ҳх]ар|ша[ҳх]ри|город|\bг\.|\bcity\b|\btown\b", re.IGNORECASE)
_AROUND = re.compile(r"tuman|туман|район|district|atrof|атроф|\bvil|вил|област|oblast|\bregion\b", re.IGNORECASE)
_IN_TOWN = 8  # km from the middle of a town to its edge


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
        to = word.key.endswith(("ga", "ka")) or before in TO or after == "ichiga"
        if to and len(word.key) >= _NAMED_FROM and (region := region_of(profile, word.text)):
            return region
    return None


def beyond(profile: Profile, text: str) -> bool:
    """Whether a text names a town or region where the shop does not deliver, apart from a street: `Samarqand, ...`."""
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    if not _tells_where(profile) or any(region_of(profile, part) for part in (text, *parts)):
        return False
    return any(not re.search(r"\d", part) and any(one.kind != "spot" for one in places_of(part)) for part in parts)


def beyond_at(profile: Profile, latitude: float, longitude: float) -> bool:
    """Whether a pin is where the shop does not deliver."""
    return _tells_where(profile) and region_at(profile, latitude, longitude) is None


def _tells_where(profile: Profile) -> bool:
    """Whether each delivery region of the shop names places we know: "in town" alone says nothing of the next one."""
    return bool(profile.delivery.regions) and all(map(_covered, profile.delivery.regions))


def region_at(profile: Profile, latitude: float, longitude: float) -> Region | None:
    """The delivery region of a pin; None when it is farther than 150 km from every town we know."""
    regions = profile.delivery.regions
    km, region, capital, names = min(
        (_km((latitude, longitude), (lat, lon)), region, nth == 0, tuple(names))
        for region, points in points()
        for nth, (lat, lon, *names) in enumerate(points)
    )
    listed = {name for one in regions for name in _named_in(one)}
    called = (place.name for name in names for place in places_of(name))
    name = next((name for name in called if name in listed), ()) if km <= _IN_TOWN else ()
    place = Place(region, "region" if capital else "district", 0, 0, 0, name)
    return _covering(regions, place) if km <= 150 else None


def at_home(profile: Profile, region: Region) -> bool:
    """Whether `region` is the shop's own town, where a courier comes to the door; elsewhere it is a province."""
    home = region_of(profile, " ".join(profile.contacts.address.all()))
    if home is None:
        covered = _covered(region)
        return CITY in covered or (not covered and len(profile.delivery.regions) == 1)
    return home.key == region.key


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
    # "Ohangaron va Olmaliq" are not Chirchiq, though all are of one part of the country
    # nor is Farg'ona Qo'qon, to a shop that has only that town of the region apart
    town = place.kind == "region" and not (place.whole or any(place.region in one.key for one in listing))
    known = town or (place.kind == "district" and bool(place.name))
    elsewhere = known and all(map(_only_lists, listing))
    if elsewhere and not named:
        return []
    if len(named) > 1:  # "Kattaqo'rg'on shahri" beside "... tumanlari (Kattaqo'rg'on tumani, Narpay)"
        named = [region for region in named if _names_districts(region) == place.outside] or named
    if place.outside and rest and len(named) == 1 and _names_town(named[0]) and not _names_districts(named[0]):
        return []  # "Beruniy tumani" of a shop that has "Beruniy shahri" apart
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
    return _covers_rest(region.key, region.name.all())


@lru_cache(maxsize=1024)
def _covers_rest(key: str, wordings: tuple[str, ...]) -> bool:
    other = bool(_OTHER_WORDS.search(" ".join(wordings))) and not _covered_by(key, wordings)
    return key.lower() in _OTHERS or other


def _covered(region: Region) -> frozenset[str]:
    """The country's regions that a profile's region names, by its key ("karakalpakstan_khorezm") or its wordings."""
    return _covered_by(region.key, region.name.all())


@lru_cache(maxsize=1024)
def _covered_by(key: str, wordings: tuple[str, ...]) -> frozenset[str]:
    known = country()
    if key in known:
        return frozenset({key})
    by_key = {part for part in key.split("_") if part in known}
    return frozenset(by_key | {place.region for wording in wordings for place in places_of(wording)})


def _by_own_name(regions: tuple[Region, ...], text: str) -> Region | None:
    """A region whose own name, none of the country's, stands in the text whole."""
    keys = [word.key for word in words(text)]
    own = ((region, name) for region in regions for name in _own_names(region.key, region.name.all()))
    return next((region for region, name in own if _inside(name, keys)), None)


@lru_cache(maxsize=1024)
def _own_names(key: str, wordings: tuple[str, ...]) -> list[list[str]]:
    """The names of a shop's region that the country does not know, as keys."""
    names = [[word.key for word in words(wording)] for wording in wordings if not places_of(wording)]
    return [] if _covers_rest(key, wordings) else [name for name in names if name]


def _listing(regions: tuple[Region, ...], text: str) -> Region | None:
    """The region whose name lists a town of one word, unknown to the country's places, that stands in the text."""
    keys = [word.key for word in words(text)]
    listed = ((region, name) for region in regions for name in _listed_towns(region.name.all()))
    return next((region for region, name in listed if any(is_called(name, key) for key in keys)), None)


@lru_cache(maxsize=1024)
def _listed_towns(wordings: tuple[str, ...]) -> list[str]:
    """The towns, unknown to the country's places, that the wordings of a region list."""
    listed = [item.strip() for wording in wordings for item in _LIST.split(wording)]
    named = [words(item)[0].key for item in listed if item.istitle() and item.isalpha() and not places_of(item)]
    return named if len(listed) > len(wordings) else []


def _inside(name: list[str], keys: list[str]) -> bool:
    return any(
        all(is_called(part, key) for part, key in zip(name, keys[at : at + len(name)], strict=True))
        for at in range(len(keys) - len(name) + 1)
    )


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on the ground, good to a per cent inside one country."""
    north = (one[0] - other[0]) * 111.2
    east = (one[1] - other[1]) * 111.2 * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)

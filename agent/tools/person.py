"""Tools that keep who the shopper is and where the parcel goes."""

from __future__ import annotations

import re

from agent.tools.choice import Data
from agent.turn import Turn
from kit.errors import Refused
from orders import cart as carts
from shop import regions
from shop.places import places_of
from shop.profile import Profile, Region


async def set_phone(turn: Turn, phone: str, second: bool = False) -> Data:
    """Keep a phone number (+998901234567). second=True: one more number, not a correction of the first."""
    from agent.brain_rules.phones import e164  # phonenumbers' tables cost 60 ms: only where a number is kept

    number = e164(phone)
    if not number:
        raise Refused("talk.wrong_phone")
    turn.cart.give_phone(number, turn.shop, second=second)
    return {"status": "kept"}


async def correct_phone(turn: Turn, wrong: str, right: str) -> Data:
    """Some digits of the number that is kept were wrong ("not 15, 51 at the end"): put the right ones there.

    `wrong` may be "" where the right ones are the end of the number.
    """
    from agent.brain_rules.phones import e164  # as above

    kept = turn.cart.phone
    wrong = wrong or kept[-len(right) :]
    sure = kept.endswith(wrong) or kept.count(wrong) == 1  # which digits are meant
    at = kept.rfind(wrong) if sure and wrong.isdigit() and right.isdigit() and len(wrong) == len(right) else -1
    number = e164(kept[:at] + right + kept[at + len(wrong) :]) if at >= 0 else ""
    if not number:
        raise Refused("talk.wrong_phone")
    turn.cart.give_phone(number, turn.shop)
    return {"status": "kept"}


async def set_address(turn: Turn, address: str) -> Data:
    """Keep where to deliver, as the shopper said it: district, street, house; or a landmark; or a post branch."""
    if regions.beyond(turn.shop.profile, address):
        return {"status": "beyond", "delivered_to": _delivered_to(turn)}
    if turn.cart.number is not None:
        turn.cart.declined.discard("address")  # another address for a placed order is to be a whole one again
    turn.cart.give_address(_with_town(address[:500], turn.cart.address))
    _settle_region(turn, address)
    return {"status": "kept", "enough": carts.enough(turn.cart)}


def _delivered_to(turn: Turn) -> list[str]:
    return [region.name.text(turn.language) for region in turn.shop.profile.delivery.regions]


async def set_location(turn: Turn, latitude: float, longitude: float) -> Data:
    """Keep a pin on the map."""
    if regions.beyond_at(turn.shop.profile, latitude, longitude):
        return {"status": "beyond", "delivered_to": _delivered_to(turn)}
    turn.cart.location = (latitude, longitude)
    _settle_region(turn, turn.cart.address)
    return {"status": "kept"}


async def set_name(turn: Turn, name: str) -> Data:
    """Keep the name of the person who receives the parcel."""
    turn.cart.name = name[:100]
    return {"status": "kept"}


async def set_delivery(turn: Turn, method: str) -> Data:
    """How it gets there: courier, post_branch or pickup (the shopper comes for it)."""
    if method not in (carts.COURIER, carts.POST, carts.PICKUP):
        raise Refused("talk.no_method", method=method)
    offered = method != carts.PICKUP or turn.shop.profile.delivery.pickup
    if offered:
        turn.cart.method = method
    return {"status": "kept" if offered else "no_pickup"}


async def use_saved(turn: Turn) -> Data:
    """Take name, phone and address of the shopper's last order, after the shopper agreed to it."""
    buyer = turn.contact.buyer
    for name in ("name", "phone", "phone2", "recipient", "address", "landmark", "region"):
        if buyer.get(name) and not getattr(turn.cart, name):
            setattr(turn.cart, name, buyer[name])
    if buyer.get("location") and not turn.cart.location:
        turn.cart.location = tuple(buyer["location"])
    return {"status": "kept"}


async def decline(turn: Turn, slot: str) -> Data:
    """Note that the shopper will not fill a slot: phone_local (a local number for the courier)."""
    if slot != "phone_local":
        raise Refused("talk.cannot_skip", slot=slot)
    turn.cart.declined.add(slot)
    return {"status": "kept"}


_FLAT = r"кв|квартира|kv|kvartira|xonadon|хонадон|flat|apt|apartment"
_ENTRANCE, _FLOOR = r"подъезд|под|podyezd|podezd|entrance", r"этаж|qavat|қават|floor"
_INSIDE = re.compile(rf"\b(?:(?P<flat>{_FLAT})|(?P<entrance>{_ENTRANCE})|(?P<floor>{_FLOOR})|домофон)\b", re.IGNORECASE)
_OF_IT = {"flat": _FLAT, "entrance": _ENTRANCE, "floor": _FLOOR}


def _inside(said: str) -> bool:
    """Whether a text says only where in a house: entrance, floor, flat; a town may stand beside them."""
    parts = [part for part in re.split(r"[,;\n]", said) if part.strip()]
    return any(map(_INSIDE.search, parts)) and all(_INSIDE.search(part) or _is_town(part) for part in parts)


def _is_town(part: str) -> bool:
    return bool(places_of(part)) and not re.search(r"\d", part)


def _without(before: str, said: str) -> str:
    """An address without what is told of it anew: "Навои 5 кв 3" and then "кв 31" is of Навои 5."""
    kinds = {name for one in _INSIDE.finditer(said) for name, text in one.groupdict().items() if text}
    for words in (_OF_IT[kind] for kind in kinds):
        ahead, behind = rf"\b\d+\s*-?\s*(?:{words})\b(?!\.?\s*-?\s*\d)", rf"\b(?:{words})\b\.?\s*-?\s*\d+"
        before = re.sub(rf"[,\s]*(?:{ahead}|{behind})", "", before, flags=re.IGNORECASE)
    return before.strip(" ,")


def _with_town(said: str, before: str) -> str:
    """A corrected street keeps the town of the address before: "Urganch, Navoiy 5" and then "Navoiy 50"."""
    if before and _inside(said) and (kept := _without(before, said)):
        return f"{kept}, {said}"  # "второй подъезд, кв 31" after the street
    parts = re.split(r"[,;\n]", before)
    if len(parts) < 2 or places_of(said) or not places_of(parts[0]) or re.search(r"\d", parts[0]):
        return said
    return f"{parts[0].strip()}, {said}"


def _settle_region(turn: Turn, said: str) -> None:
    """The delivery region: of the place the address names, of the pin, the one asked about, or the shop's own city."""
    profile, location = turn.shop.profile, turn.cart.location
    region = _named(profile, said) or (regions.region_at(profile, *location) if location else None)
    region = region or profile.region(turn.cart.region) or profile.region(turn.session.region)
    region = region or next((one for one in profile.delivery.regions if carts.in_city(one, profile)), None)
    turn.cart.region = region.key if region else ""


def _named(profile: Profile, said: str) -> Region | None:
    """The region of the first part that names a place: a town stands before a street that may be called like one."""
    for part in re.split(r"[,;\n]", said):
        region = regions.region_of(profile, part)
        if region:
            return region
    return regions.region_of(profile, said)

"""The owner's first day: after /claim the bot asks, and each answer changes the shop at once; no file is edited.

A question waits in `staff.step` ({"flow": "setup", "ask": "name"}); the next plain message or a button is its answer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from shop.prices import amounts

from bot.staff.desk import Desk, Rows, rows
from kit import words
from kit.errors import Misconfigured, Refused
from kit.message import Button
from orders import card as cards
from shop import shops
from shop import staff as members
from shop.profile.week import parse_spans

ORDER = ("language", "name", "card", "hours", "delivery", "prepay", "languages")
_DAY = {
    "mon": "du|dush|душ|пн|пон|mon",
    "tue": "se|sesh|сеш|вт|втор|tue",
    "wed": "chor|чор|ср|сред|wed",
    "thu": "pay|пай|чт|четв|thu",
    "fri": "jum|жум|пт|пят|fri",
    "sat": "shan|шан|сб|суб|sat",
    "sun": "yak|як|вс|воск|sun",
}
_DAYS = {day: re.compile(rf"^(?:{stems})", re.IGNORECASE) for day, stems in _DAY.items()}
_TIMES = re.compile(r"\d{1,2}(?:[:.]\d{2})?\s*[-–—]\s*\d{1,2}(?:[:.]\d{2})?")


async def begin(desk: Desk) -> None:
    """The first question."""
    await _ask(desk, ORDER[0])


async def answer(desk: Desk, text: str) -> None:
    """Takes `text` (typed, or the value of a pressed button) as the answer to the question that waits."""
    ask = str(desk.who.step["ask"])
    if text != "skip":
        await _TAKE[ask](desk, text.strip())
    await _next(desk, ask)


async def _next(desk: Desk, after: str) -> None:
    at = ORDER.index(after) + 1
    if at < len(ORDER):
        await _ask(desk, ORDER[at])
        return
    await desk.done_asking()
    hidden = await shops.hide_demo(desk.tx, desk.shop_id)
    await desk.answer(desk.say("setup_done" if not hidden else "setup_done_demo_hidden"))


async def _ask(desk: Desk, ask: str) -> None:
    await desk.ask({"flow": "setup", "ask": ask}, desk.say(f"setup_{ask}"), _buttons(desk, ask))


def _buttons(desk: Desk, ask: str) -> Rows:
    choices: dict[str, tuple[tuple[str, str], ...]] = {
        "language": (("oʻzbekcha", "uz"), ("ўзбекча", "uz_Cyrl"), ("русский", "ru"), ("English", "en")),
        "hours": (("10:00–20:00", "10:00-20:00"), (desk.say("setup_round_the_clock"), "00:00-24:00")),
        "prepay": (
            ("100 %", "full"),
            ("50 %", "50 %"),
            ("30 %", "30 %"),
            (desk.say("setup_prepay_none"), "none"),
        ),
        "languages": (("oʻzbekcha + русский", "uz,uz-cyrl,ru"), ("oʻzbekcha + русский + English", "uz,uz-cyrl,ru,en")),
    }
    made = [Button(label, f"s:set:{value}") for label, value in choices.get(ask, ())]
    return (*rows(*made), (Button(desk.say("skip"), "s:set:skip"),))


# ---- answers ---------------------------------------------------------------------------------------------------------


async def _language(desk: Desk, text: str) -> None:
    if text not in words.LANGUAGES:
        raise Refused("staff.choose_a_button")
    await members.set_language(desk.tx, desk.who, text)
    desk.who = await _again(desk)


async def _again(desk: Desk) -> members.Member:
    found = await members.member(desk.tx, desk.shop_id, desk.who.channel, desk.who.id)
    assert found is not None
    return found


async def _name(desk: Desk, text: str) -> None:
    if not 1 < len(text) <= 80:
        raise Refused("staff.setup_name_length")
    await _save(desk, {"shop": {"name": text}})


async def _card(desk: Desk, text: str) -> None:
    number, holder = card_of(desk.typed or text)
    await cards.put(desk.tx, desk.app.box, desk.shop_id, number=number, holder=holder, actor=desk.actor)


def card_of(text: str) -> tuple[str, str]:
    """The 16 digits and the holder's name out of one message. Raises Refused when there is no such number."""
    found = re.search(r"\d(?:[ \u00a0-]?\d){15}", text)
    if not found:
        raise Refused("staff.card_not_a_number")
    holder = " ".join((text[: found.start()] + " " + text[found.end() :]).split())
    return re.sub(r"\D", "", found[0]), holder.strip(" ,.;:").upper()[:60]


async def _hours(desk: Desk, text: str) -> None:
    await _save(desk, {"hours": hours_of(text)})


def hours_of(text: str) -> dict[str, Any]:
    """`10-20`, `du-sha 10:00-20:00, yak 11-18`, `пн-сб 9-18, вс выходной` as keys of `hours:`.

    Raises Refused when a part has no times; days that are not named keep nothing (closed).
    """
    found: dict[str, Any] = {}
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        days, times = _TIMES.sub("", part), _TIMES.findall(part)
        try:
            spans = parse_spans(", ".join(times)) if times else ()
        except ValueError as wrong:
            raise Refused("staff.setup_hours_unclear") from wrong
        named = [day for word in re.findall(r"\w+", days) for day, stem in _DAYS.items() if stem.match(word)]
        if not times and not named:
            raise Refused("staff.setup_hours_unclear")
        key = "_".join((named[0], named[-1])) if len(named) > 1 else (named[0] if named else "daily")
        found[key] = ", ".join(_clock(span) for span in spans) or "closed"
    if not found:
        raise Refused("staff.setup_hours_unclear")
    closed = {} if "daily" in found else {"daily": "closed"}
    shown = {language: " ".join(text.split()) for language in ("uz", "uz-cyrl", "ru", "en")}
    return {**closed, **found, "text": shown}


def _clock(span: tuple[int, int]) -> str:
    start, end = span
    return f"{start // 60:02d}:{start % 60:02d}-{(end if end <= 1440 else end - 1440) // 60:02d}:{end % 60:02d}"


async def _delivery(desk: Desk, text: str) -> None:
    sums = [amount.value for amount in amounts(text)]
    regions = desk.shop.profile.delivery.regions
    if not sums or not regions:
        raise Refused("staff.setup_delivery_unclear")
    home, away = sums[0], sums[-1]
    changed = [
        {**region.model_dump(mode="json"), "price": home if at == 0 else away} for at, region in enumerate(regions)
    ]
    await _save(desk, {"delivery": {"regions": changed}})


async def _prepay(desk: Desk, text: str) -> None:
    asked = text if text in ("full", "none") else f"{re.sub(r'[^0-9]', '', text) or 'x'} %"
    regions = [{**region.model_dump(mode="json"), "prepay": asked} for region in desk.shop.profile.delivery.regions]
    await _save(desk, {"delivery": {"regions": regions}})


async def _languages(desk: Desk, text: str) -> None:
    await _save(desk, {"shop": {"languages": [code.strip() for code in text.split(",")]}})


async def _save(desk: Desk, patch: dict[str, Any]) -> None:
    """Lay `patch` over the profile; a value that the profile does not take is asked for again."""
    try:
        await shops.save_profile(desk.tx, desk.app.shops, desk.shop_id, patch, actor=desk.actor)
    except Misconfigured as wrong:
        raise Refused("staff.setup_not_taken", why=str(wrong).partition(": ")[2]) from wrong


_TAKE: dict[str, Callable[[Desk, str], Awaitable[None]]] = {
    "language": _language,
    "name": _name,
    "card": _card,
    "hours": _hours,
    "delivery": _delivery,
    "prepay": _prepay,
    "languages": _languages,
}

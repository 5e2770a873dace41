"""The owner's first day: after /claim the bot asks, and each answer changes the shop at once; no file is edited.

A question waits in `staff.step` ({"flow": "setup", "ask": "name"}); the next plain message or a button is its answer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.staff.desk import LANGUAGES, Desk, Rows, rows
from kit import clock
from kit.errors import Refused
from kit.message import Button
from orders import card as cards
from shop import audit, shops
from shop.prices import amounts
from shop.profile.week import DAYS, parse_spans

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
_STEMS = {day: re.compile(rf"^(?:{stems})", re.IGNORECASE) for day, stems in _DAY.items()}
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
        "language": LANGUAGES,
        "hours": (("10:00–20:00", "10:00-20:00"), (desk.say("setup_round_the_clock"), "00:00-24:00")),
        "prepay": (
            ("100 %", "full"),
            ("50 %", "50 %"),
            ("30 %", "30 %"),
            (desk.say("setup_prepay_none"), "none"),
        ),
        "languages": (("oʻzbekcha + русский", "uz,uz-cyrl,ru"), ("oʻzbekcha + русский + English", "uz,uz-cyrl,ru,en")),
    }
    made = [Button(label, f"s:set:{ask}:{value}") for label, value in choices.get(ask, ())]
    return (*rows(*made), (Button(desk.say("skip"), f"s:set:{ask}:skip"),))


# ---- answers ---------------------------------------------------------------------------------------------------------


async def _language(desk: Desk, text: str) -> None:
    await desk.speak(text)


async def _name(desk: Desk, text: str) -> None:
    if not 1 < len(text) <= 80:
        raise Refused("staff.setup_name_length")
    await _save(desk, {"shop": {"name": text}})


async def _card(desk: Desk, text: str) -> None:
    number, holder = card_of(desk.typed or text)
    await cards.replace(desk.tx, desk.app.box, desk.shop_id, number, holder, actor=desk.actor, now=clock.now())


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
    """`10-20`, `du-sha 10:00-20:00, yak 11-18`, `пн-сб 9-18, вс выходной` as keys of `hours:`, one for each day.

    Days that are not named are closed. Raises Refused when a part has neither times nor a day.
    """
    week = dict.fromkeys(DAYS, "closed")
    for part in filter(str.strip, re.split(r"[,;\n]", text)):
        times = _TIMES.findall(part)
        named = [
            day for word in re.findall(r"\w+", _TIMES.sub("", part)) for day, stem in _STEMS.items() if stem.match(word)
        ]
        if not times and not named:
            raise Refused("staff.setup_hours_unclear")
        try:
            parse_spans(", ".join(times))
        except ValueError as wrong:
            raise Refused("staff.setup_hours_unclear") from wrong
        for day in _between(named[0], named[-1]) if named else DAYS:
            week[day] = ", ".join(times) or "closed"
    if set(week.values()) == {"closed"}:
        raise Refused("staff.setup_hours_unclear")
    shown = dict.fromkeys(("uz", "uz-cyrl", "ru", "en"), " ".join(text.split()))
    return {**week, "text": shown}


def _between(first: str, last: str) -> list[str]:
    """The days from `first` to `last`, over the week's end if need be."""
    start = DAYS.index(first)
    return [DAYS[(start + step) % 7] for step in range((DAYS.index(last) - start) % 7 + 1)]


async def _delivery(desk: Desk, text: str) -> None:
    sums = [amount.value for amount in amounts(text, currency=desk.shop.currency, expected=True)]
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
    """Lays `patch` over the profile; Refused with the reason when the profile does not take it: asked again."""
    await desk.app.shops.save_profile(desk.tx, desk.shop_id, patch)
    await audit.note(desk.tx, desk.shop_id, desk.actor, "profile.changed", keys=list(patch))


_TAKE: dict[str, Callable[[Desk, str], Awaitable[None]]] = {
    "language": _language,
    "name": _name,
    "card": _card,
    "hours": _hours,
    "delivery": _delivery,
    "prepay": _prepay,
    "languages": _languages,
}

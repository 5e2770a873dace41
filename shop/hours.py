"""When the shop works: opening hours, holidays and a day closed at short notice, in the shop's own time zone.

All times that come in and go out are aware; the arithmetic is done on absolute time, so that a change of the clocks
neither loses nor doubles an hour. A span that ends after midnight belongs to the day it began on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from kit import words
from shop.profile import Profile
from shop.profile.week import Span

_FAR = 400  # days looked ahead: a shop closed for longer has no next opening


def closed_on(profile: Profile, day: date) -> bool:
    """Whether the shop does not open on `day` at all: no hours, a holiday, closed for today."""
    if day in profile.holidays or day == profile.closed_today:
        return True
    return bool(profile.hours.week) and not profile.hours.week[day.weekday()]


def open_at(profile: Profile, t: datetime) -> bool:
    """Whether the shop works at `t`."""
    day = t.astimezone(profile.zone).date() - timedelta(days=1)
    return any(start <= t < end for start, end in _spans(profile, day, 2))


def next_opening(profile: Profile, t: datetime) -> datetime | None:
    """`t` itself when the shop works then, else when it opens next; None when it does not within 400 days."""
    t = t.astimezone(UTC)
    day = t.astimezone(profile.zone).date() - timedelta(days=1)
    return next((max(start, t) for start, end in _spans(profile, day, _FAR) if end > t), None)


def add_working(profile: Profile, t: datetime, hours: float) -> datetime:
    """When `hours` of working time have passed since `t`. A shop that never opens counts every hour."""
    t, left = t.astimezone(UTC), timedelta(hours=hours)
    day = t.astimezone(profile.zone).date() - timedelta(days=1)
    for start, end in _spans(profile, day, _FAR):
        if end <= t:
            continue
        begin = max(start, t)
        if begin + left <= end:
            return begin + left
        left -= end - begin
    return t + timedelta(hours=hours)


def working_between(profile: Profile, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between `start` and `end`."""
    day = start.astimezone(profile.zone).date() - timedelta(days=1)
    days = (end.astimezone(profile.zone).date() - day).days + 1
    total = timedelta()
    for begin, until in _spans(profile, day, max(days, 0)):
        total += max(timedelta(), min(until, end) - max(begin, start))
    return total


def hold_until(profile: Profile, placed: datetime) -> datetime:
    """Until when stock is held for an order placed at `placed`.

    3 working hours, or, ordered in the evening (after 18:00) or on a day off, to 12:00 of the next working day.
    """
    rules, placed = profile.orders, placed.astimezone(UTC)
    local = placed.astimezone(profile.zone)
    if local.time() < rules.evening_from and not closed_on(profile, local.date()):
        return add_working(profile, placed, rules.hold_hours)
    day = local.date()
    for _ in range(_FAR):
        day += timedelta(days=1)
        if not closed_on(profile, day):
            noon = datetime.combine(day, rules.evening_until, profile.zone).astimezone(UTC)
            # a shop that opens at noon itself would have no time to see the money
            opened = next((start for start, _ in _spans(profile, day, 1)), noon)
            return noon if noon > opened else opened + timedelta(hours=rules.hold_hours)
    return placed + timedelta(hours=rules.hold_hours)


def hours_text(profile: Profile, language: str) -> str:
    """The opening hours as the shop words them, or `Mon–Sat 10:00–20:00, Sun 11:00–18:00` put together from them."""
    written = profile.hours.text.text(language)
    if written:
        return written
    week = profile.hours.week
    if not week or all(spans == ((0, 24 * 60),) for spans in week):
        return words.say(language, "shop.hours_always")
    runs: list[list[int]] = []
    for day in range(7):
        if runs and week[runs[-1][0]] == week[day]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(f"{_days(run, language)} {_clock(week[run[0]], language)}" for run in runs)


def _days(run: list[int], language: str) -> str:
    first, last = (words.say(language, f"shop.day_{day}") for day in (run[0], run[-1]))
    return first if len(run) == 1 else f"{first}–{last}"


def _clock(spans: tuple[Span, ...], language: str) -> str:
    if not spans:
        return words.say(language, "shop.hours_closed")
    return ", ".join(
        f"{start // 60:02}:{start % 60:02}–{'24:00' if end == 24 * 60 else f'{end // 60 % 24:02}:{end % 60:02}'}"
        for start, end in spans
    )


def _spans(profile: Profile, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Working spans that begin on `first` and the `days` - 1 days after it, in UTC, in order."""
    for step in range(days):
        day = first + timedelta(days=step)
        if closed_on(profile, day):
            continue
        for start, end in profile.hours.week[day.weekday()] if profile.hours.week else ((0, 24 * 60),):
            opened, closed = (_moment(profile, day, minutes) for minutes in (start, end))
            if opened < closed:  # the clocks may have jumped over the whole span
                yield opened, closed


def _moment(profile: Profile, day: date, minutes: int) -> datetime:
    extra, within = divmod(minutes, 24 * 60)
    local = datetime.combine(day + timedelta(days=extra), time(within // 60, within % 60), profile.zone)
    return local.astimezone(UTC)

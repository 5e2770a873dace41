"""Working hours: what is open when, and how long stock is held."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.words import LANGUAGES
from shop.hours import add_working, closed_on, hold_until, hours_text, next_opening, open_at, working_between
from shop.profile import Profile, parse

TASHKENT = ZoneInfo("Asia/Tashkent")


def shop(**parts: Any) -> Profile:
    data: dict[str, Any] = {"shop": {"name": "Sinov"}, "hours": {"mon_sat": "10:00-20:00", "sun": "11:00-18:00"}}
    return parse(data | parts, "test")


def at(text: str, zone: ZoneInfo = TASHKENT) -> datetime:
    """2026-03-02 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("when", "works"),
    [
        ("2026-03-02 09:59", False),
        ("2026-03-02 10:00", True),
        ("2026-03-02 19:59", True),
        ("2026-03-02 20:00", False),
        ("2026-03-08 10:30", False),
        ("2026-03-08 17:59", True),
    ],
)
def test_open_at(when: str, works: bool) -> None:
    assert open_at(shop(), at(when)) is works


def test_holidays_and_closed_today_do_not_count_as_working() -> None:
    profile = shop(holidays=["2026-03-21"], closed_today="2026-03-23")
    assert closed_on(profile, date(2026, 3, 21))
    assert not open_at(profile, at("2026-03-21 12:00"))
    assert next_opening(profile, at("2026-03-20 21:00")) == at("2026-03-22 11:00")
    assert next_opening(profile, at("2026-03-22 19:00")) == at("2026-03-24 10:00")


@pytest.mark.parametrize(
    ("placed", "until"),
    [
        ("2026-03-02 11:00", "2026-03-02 14:00"),  # 3 working hours
        ("2026-03-02 17:59", "2026-03-03 10:59"),  # 2:01 today, the rest tomorrow
        ("2026-03-02 18:00", "2026-03-03 12:00"),  # in the evening: to noon of the next working day
        ("2026-03-02 23:30", "2026-03-03 12:00"),
        ("2026-03-02 03:00", "2026-03-02 13:00"),  # at night: 3 hours from the opening
        ("2026-03-07 19:00", "2026-03-08 12:00"),  # Sunday works
    ],
)
def test_how_long_stock_is_held(placed: str, until: str) -> None:
    assert hold_until(shop(), at(placed)) == at(until)


def test_a_holiday_moves_the_end_of_the_hold() -> None:
    profile = shop(holidays=["2026-03-21", "2026-03-22"])
    assert hold_until(profile, at("2026-03-20 19:00")) == at("2026-03-23 12:00")
    assert hold_until(profile, at("2026-03-21 12:00")) == at("2026-03-23 12:00")
    assert hold_until(shop(orders={"hold_hours": 5, "evening_from": "20:00"}), at("2026-03-02 18:30")) == at(
        "2026-03-03 13:30"
    )


def test_a_shop_that_opens_after_noon_gets_its_hours() -> None:
    profile = shop(hours={"daily": "14:00-22:00"})
    assert hold_until(profile, at("2026-03-02 21:00")) == at("2026-03-03 17:00")


def test_closing_after_midnight_belongs_to_the_day_before() -> None:
    profile = shop(hours={"fri": "18:00-02:00"})
    assert open_at(profile, at("2026-03-07 01:59"))
    assert not open_at(profile, at("2026-03-07 02:00"))
    assert not open_at(profile, at("2026-03-06 01:00"))
    assert add_working(profile, at("2026-03-06 23:00"), 4) == at("2026-03-13 19:00")


def test_a_lunch_break_is_no_working_time() -> None:
    profile = shop(hours={"daily": "09:00-13:00, 14:00-18:00"})
    assert not open_at(profile, at("2026-03-02 13:30"))
    assert add_working(profile, at("2026-03-02 12:00"), 2) == at("2026-03-02 15:00")


def test_without_hours_every_hour_counts_and_a_shop_that_never_opens_ends_too() -> None:
    assert add_working(shop(hours={}), at("2026-03-02 23:00"), 3) == at("2026-03-03 02:00")
    never = shop(hours={"daily": "closed"})
    assert next_opening(never, at("2026-03-02 23:00")) is None
    assert add_working(never, at("2026-03-02 23:00"), 3) == at("2026-03-03 02:00")
    assert hold_until(never, at("2026-03-02 23:00")) == at("2026-03-03 02:00")


def test_a_change_of_the_clocks_neither_loses_nor_doubles_an_hour() -> None:
    profile = shop(shop={"name": "Sinov", "timezone": "Europe/Berlin"}, hours={"daily": "00:00-24:00"})
    before = at("2026-03-29 00:30", ZoneInfo("Europe/Berlin"))  # at 02:00 it becomes 03:00
    assert add_working(profile, before, 3).astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=3)


def test_hours_as_text() -> None:
    profile = shop()
    assert hours_text(profile, "ru") == "Пн–Сб 10:00–20:00, Вс 11:00–18:00"
    assert hours_text(shop(hours={"tue_sun": "09:00-18:00"}), "en") == "Mon closed, Tue–Sun 09:00–18:00"
    assert hours_text(shop(hours={"daily": "10:00-20:00", "text": {"uz": "Har kuni"}}), "uz_Cyrl") == "Ҳар куни"
    assert all(hours_text(shop(hours={}), language) for language in LANGUAGES)


spans = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])
weeks = st.lists(st.one_of(st.none(), spans), min_size=7, max_size=7).filter(any)
moments = st.floats(0, 320).map(lambda days: datetime(2026, 1, 1, tzinfo=TASHKENT) + timedelta(days=days))


def week_of(days: list[tuple[int, int] | None]) -> Profile:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = {name: f"{day[0]}:00-{day[1]}:00" if day else "closed" for name, day in zip(names, days, strict=True)}
    return shop(hours=hours, holidays=["2026-03-21", "2026-06-01"])


@given(weeks, moments, st.floats(0.1, 40))
def test_exactly_the_hours_asked_for_are_working(days: list[tuple[int, int] | None], t: datetime, hours: float) -> None:
    profile = week_of(days)
    end = add_working(profile, t, hours)
    assert end > t
    assert abs(working_between(profile, t, end) - timedelta(hours=hours)) < timedelta(milliseconds=1)
    assert open_at(profile, end - timedelta(milliseconds=1))


@given(weeks, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(days: list[tuple[int, int] | None], t: datetime) -> None:
    profile = week_of(days)
    opening = next_opening(profile, t)
    assert opening is not None and opening >= t
    assert open_at(profile, opening)
    assert working_between(profile, t, opening) == timedelta()


@given(weeks, moments, st.floats(0.1, 20), st.floats(0.1, 20))
def test_later_orders_are_never_held_shorter(
    days: list[tuple[int, int] | None], t: datetime, a: float, b: float
) -> None:
    profile = week_of(days)
    assert add_working(profile, t, a + b) >= add_working(profile, t, a)
    assert add_working(profile, t + timedelta(hours=a), b) >= add_working(profile, t, b)
    assert hold_until(profile, t) > t

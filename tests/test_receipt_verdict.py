"""The verdict of a receipt, field by field: a table of what shoppers send and what may be said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.receipt import WORDS, Expected, Verdict, judge
from orders.receipt.verdict import BAD, same_person
from tests import orders_shop
from vision.receipt import Reading

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # 14:00 in Tashkent
PLACED = NOW - timedelta(hours=2)
GOOD = replace(orders_shop.GOOD, time="13:40", sender_last4="9876", transaction_id="A1B2C3D4")
ASKED = Expected(
    asked=150000,
    currency="UZS",
    last4=frozenset({"1234", "7777"}),
    phones=("+998 71 000 33 44",),
    holders=("NODIRA SALIMOVA",),
    delivery=20000,
    placed_at=PLACED,
    zone=ZoneInfo("Asia/Tashkent"),
)


def verdict(expected: Expected = ASKED, **read: object) -> Verdict:
    return judge(replace(GOOD, **read), expected, NOW)  # type: ignore[arg-type]


def words(expected: Expected = ASKED, **read: object) -> set[str]:
    return set(verdict(expected, **read).words)


def test_a_good_receipt_fits_and_says_why() -> None:
    found = verdict()
    assert found.words == ("fits",) and found.claims
    assert {field: reason["key"] for field, reason in found.reasons.items()} == {
        "amount": "amount_fits",
        "card": "card_fits",
        "date": "date_fits",
        "status": "status_success",
    }


@pytest.mark.parametrize(
    ("read", "want"),
    [
        # the sum
        ({"amount": 100000}, {"short"}),
        ({"amount": 149999}, {"short"}),
        ({"amount": 150500}, {"over"}),
        ({"amount": 170000}, {"fits"}),  # the way paid too
        ({"amount": None}, {"unreadable"}),
        ({"amount": None, "amount_present": True, "amount_asked": 150000}, {"person_checks"}),
        # the engines disagree in its place
        ({"amount": 100000, "amount_present": True, "amount_asked": 150000}, {"person_checks"}),
        # another order's sum was looked for
        ({"amount": None, "amount_present": True, "amount_asked": 65000}, {"unreadable"}),
        ({"amount": 65000, "amount_present": True, "amount_asked": 65000}, {"short"}),
        ({"amount": 15000000}, {"person_checks"}),  # read in tiyin
        ({"amount": 1500}, {"person_checks"}),
        ({"amount": 149000, "fee": 1000, "total": 150000}, {"short"}),  # what the shop got counts
        # foreign money is never short
        ({"amount": 1200, "currency": "RUB"}, {"foreign_currency", "person_checks"}),
        ({"amount": 15, "currency": "USD"}, {"foreign_currency", "person_checks"}),
        ({"amount": None, "currency": "KZT"}, {"foreign_currency", "person_checks"}),
        ({"currency": ""}, {"fits"}),
        ({"currency": "", "fields": {"currency": 0.3}}, {"person_checks"}),  # a sign that nobody could read
        ({"currency": "RUB", "fields": {"currency": 0.3}}, {"person_checks"}),
        ({"amount": 100000, "currency": "", "fields": {"currency": 0.3}}, {"person_checks"}),  # short of what?
        # the card
        ({"last4": "7777"}, {"fits"}),
        ({"last4": "9911"}, {"other_card"}),
        ({"last4": None}, {"person_checks"}),
        ({"last4": None, "phone": "71 000 33 44"}, {"fits"}),
        ({"last4": None, "phone": "+998710003344"}, {"fits"}),
        ({"last4": None, "phone": "+998901112233"}, {"person_checks"}),
        ({"last4": None, "receiver_name": "Salimova N."}, {"person_checks"}),
        ({"last4": None, "last4_present": True}, {"fits"}),
        ({"last4": "9876", "sender_last4": "9876", "last4_present": True}, {"person_checks"}),  # the two mixed up
        ({"last4": "9911", "sender_last4": "1234", "last4_present": True}, {"person_checks"}),  # labels exchanged
        ({"last4": "1284", "fields": {"last4": 0.3}}, {"person_checks"}),  # a blurred digit accuses nobody
        # status
        ({"status": "pending"}, {"pending"}),
        ({"status": "failed"}, {"failed"}),
        ({"status": "unknown"}, {"fits", "person_checks"}),
        ({"status": "unknown", "amount": 1000}, {"short", "person_checks"}),
        # the date: 24 h before the order (12:00 in Tashkent) to 1 h after now (14:00)
        ({"date": None, "time": None}, {"fits"}),
        ({"date": "2026-11-18", "time": None}, {"fits"}),
        ({"date": "2026-11-17", "time": None}, {"fits"}),
        ({"date": "2026-11-17", "time": "12:00"}, {"fits"}),
        ({"date": "2026-11-17", "time": "11:50"}, {"old"}),
        ({"date": "2026-11-16", "time": None}, {"old"}),
        ({"date": "2025-11-18", "time": None, "fields": {"date": 0.48}}, {"fits", "person_checks"}),  # disputed
        ({"date": "2026-11-18", "time": None, "fields": {"date": 0.48}}, {"fits"}),
        ({"date": "2025-11-18", "time": "13:40"}, {"old"}),
        ({"date": "2026-11-18", "time": "15:00"}, {"fits"}),
        ({"date": "2026-11-18", "time": "15:10"}, {"old", "person_checks"}),
        ({"date": "2026-11-19", "time": None}, {"old", "person_checks"}),
        ({"date": "18/11/2026"}, {"fits"}),  # not understood is not old
        # several at once
        ({"amount": 1000, "last4": "9911", "status": "failed"}, {"short", "other_card", "failed"}),
        ({"is_receipt": False}, {"not_a_receipt"}),
    ],
)
def test_one_field_at_a_time(read: dict[str, object], want: set[str]) -> None:
    assert words(**read) == want


def test_a_picture_with_two_sums_is_left_to_a_person() -> None:
    found = verdict(amounts=(50_000,))
    assert found.words == ("fits", "person_checks") and found.claims
    assert found.reasons["sums"] == {"key": "sums_differ", "seen": 50_000}


def test_a_sum_in_doubt_is_nobodys_shortfall() -> None:
    found = verdict(amount=100_000, fields={"amount": 0.45})
    assert found.words == ("person_checks",) and found.claims
    assert verdict(fields={"amount": 0.45}).words == ("fits",)


def test_a_sum_in_a_currency_nobody_could_read_is_compared_with_nothing() -> None:
    found = verdict(amount=100_000, currency="", fields={"currency": 0.3})
    assert found.claims and not found.pays
    assert found.reasons["currency"] == {"key": "currency_unsure"}
    assert found.reasons["amount"] == {"key": "amount_unsure", "seen": 100_000, "expected": 150_000}
    assert verdict(currency="", fields={"currency": 0.3}).reasons["amount"]["key"] == "amount_fits"


def test_status_unread_is_named_in_the_reasons_and_still_a_claim() -> None:
    found = verdict(status="unknown")
    assert found.claims and found.reasons["status"] == {"key": "status_unread"}


@pytest.mark.parametrize(
    ("expected", "amount", "want", "key"),
    [
        (replace(ASKED, before=100000), 50000, {"fits"}, "amount_adds_up"),
        (replace(ASKED, before=100000), 150000, {"fits"}, "amount_fits"),
        (replace(ASKED, before=100000), 40000, {"short"}, "amount_short"),
        (replace(ASKED, before=100000), 70000, {"fits"}, "amount_with_delivery"),
        (replace(ASKED, before=150000), 150000, {"over", "person_checks"}, "amount_again"),
        (replace(ASKED, others={5: 60000}), 210000, {"fits"}, "amount_of_several"),
        (replace(ASKED, others={5: 60000, 6: 40000}), 250000, {"fits"}, "amount_of_several"),
        (replace(ASKED, others={5: 60000, 6: 60000}), 210000, {"over"}, "amount_over"),  # which one? a person says
        (replace(ASKED, asked=45000), 45000, {"fits"}, "amount_fits"),  # a deposit as asked is not short
        (replace(ASKED, delivery=0), 170000, {"over"}, "amount_over"),
    ],
)
def test_sums_of_several_payments_and_orders(expected: Expected, amount: int, want: set[str], key: str) -> None:
    found = verdict(expected, amount=amount)
    assert (set(found.words), found.reasons["amount"]["key"]) == (want, key)


def test_the_orders_a_sum_pays_are_named() -> None:
    assert verdict(replace(ASKED, others={5: 60000, 6: 40000, 7: 1}), amount=250000).pays == (5, 6)


def test_a_shop_without_a_stated_card_leaves_the_tail_to_a_person() -> None:
    assert words(replace(ASKED, last4=frozenset())) == {"person_checks"}


def test_without_an_order_the_date_is_not_compared() -> None:
    assert words(replace(ASKED, placed_at=None), date="2020-01-01") == {"fits"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NODIRA SALIMOVA", "Salimova N.", True),
        ("САЛИМОВА НОДИРА", "NODIRA SALIMOVA", True),
        ("SALIMOVA", "NODIRA SALIMOVA", True),
        ("SALIMOVA B.", "NODIRA SALIMOVA", False),
        ("KARIMOVA DILFUZA", "NODIRA SALIMOVA", False),
        ("", "NODIRA SALIMOVA", False),
    ],
)
def test_names_of_one_person_in_two_spellings(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


@settings(deadline=None, max_examples=300)
@given(
    reading=st.builds(
        Reading,
        is_receipt=st.just(True),
        amount=st.none() | st.integers(0, 10**9) | st.just(150000),
        currency=st.sampled_from(["", "UZS", "RUB"]),
        date=st.none() | st.dates().map(str) | st.text(max_size=5),
        time=st.none() | st.just("13:40") | st.text(max_size=5),
        last4=st.none() | st.sampled_from(["1234", "9911"]),
        status=st.sampled_from(["success", "pending", "failed", "unknown"]),
        amount_present=st.none() | st.booleans(),
        amount_asked=st.none() | st.sampled_from([65000, 150000]),
        last4_present=st.none() | st.booleans(),
    )
)
def test_whatever_is_read_the_verdict_keeps_its_rules(reading: Reading) -> None:
    found = judge(reading, ASKED, NOW)
    said = set(found.words)
    assert said and list(found.words) == [word for word in WORDS if word in said]
    assert not ("fits" in said and (BAD & said or "over" in said or "foreign_currency" in said))
    assert found.claims == (not BAD & said)
    if "fits" in said:
        assert reading.amount in (150000, 170000) and reading.currency in ("", "UZS")
        assert reading.last4 in ("1234", None) and reading.status in ("success", "unknown")
    if reading.currency == "RUB":
        assert "short" not in said and "over" not in said
    if reading.status in ("pending", "failed"):
        assert reading.status in said and not found.claims

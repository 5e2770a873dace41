"""A bank's message is told by its structure: which way, how much, when, which card; its balance is not kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kit.mask import mask
from kit.message import Chat, Incoming
from orders import bank
from tests.bank_words import FORMATS, TASHKENT, credit, debit

AT = datetime(2026, 11, 18, 12, 20, tzinfo=TASHKENT)
CONTEXT = bank.Context(frozenset({"1234"}), "UZS", TASHKENT, AT + timedelta(hours=2))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("amount", [5_000, 150_000, 1_234_000, 12_500_000])
def test_every_form_of_credit_is_read(form: str, amount: int) -> None:
    stored = bank.without_balance(mask(credit(form, amount, AT, sender4="4321")).text)  # as accept does
    [found] = bank.parse(stored, CONTEXT)
    assert (found.way, found.amount, found.currency, found.last4) == (bank.IN, amount, "UZS", "1234")
    assert found.since == AT and found.exact
    assert found.sender4 in ("", "4321") and (found.sender4 or "8600" not in stored)


@pytest.mark.parametrize("form", ["cardxabar", "humo", "sms_uz", "sms_ru", "failed"])
def test_money_going_out_or_refused_is_never_credit(form: str) -> None:
    [found] = bank.parse(bank.without_balance(debit(form, 150_000, AT)), CONTEXT)
    assert (found.way, found.amount) == (bank.OUT, 150_000)


@pytest.mark.parametrize("form", FORMATS)
def test_the_balance_is_cut_out_and_nothing_else(form: str) -> None:
    cut = bank.without_balance(credit(form, 150_000, AT, balance=9_876_543))
    assert "876" not in cut and "150" in cut and "12:20" in cut
    assert bank.without_balance(cut) == cut


@pytest.mark.parametrize(
    "text",
    [
        "Salom, 150 000 so'm tushdimi?",
        "150000 so'm o'tkazdim *1234 kartaga",
        "Пополнение когда будет? цена 250 000 сум, 18.11",
        "Balans 5000 so'm, karta 1234",
        "№12 100 000 so'm",
        "ko'ylak 250 ming, S M L, qora",
        "/paid 18.11.2026 12:20",
    ],
)
def test_what_people_write_is_no_banks_message(text: str) -> None:
    assert not bank.is_one(text)
    assert bank.parse(text, CONTEXT) == [] and bank.without_balance(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "18.11.26 12:20 Karta 8600***1234 Popolnenie 150000.00 UZS P2P CLICK Balans 500000.00 UZS",
        "Uzcard *1234: +150 000.00 UZS. Humo2Uzcard P2P. 18-11-2026 12:20. Qoldiq 300 000.00",
        "Hurmatli mijoz! *1234 kartangizga 150 000,00 so'm o'tkazma kelib tushdi. Sana: 18.11.2026 12:20:11. "
        "Mavjud mablag': 300 000,00 so'm",
        "Вам перевод 150 000 сум от Дилфуза К. на карту *1234. 18.11.2026 12:20",
        "🟢 To‘ldirish\n➕ 150 000 so‘m\n💳 UZCARD •1234\n🏪 PAYME P2P\n🕐 18.11.2026 12:20:33\n💵 450 000 so‘m",
        "Перевод на карту\n➕ 150 000.00 UZS\n💳 ***1234\n📍 PAYME P2P>TASHKENT, UZ\n🕓 18.11.26 12:20\n💵 450 000 UZS",
    ],
)
def test_other_wordings_of_the_same_credit(text: str) -> None:
    stored = bank.without_balance(mask(text).text)
    [found] = bank.parse(stored, CONTEXT)
    assert (found.way, found.amount, found.last4, found.since) == (bank.IN, 150_000, "1234", AT)
    assert not any(balance in stored for balance in ("500000", "300 000", "450 000"))


def test_several_pasted_together_are_several() -> None:
    text = "\n\n".join(credit(form, 100_000 + at, AT) for at, form in enumerate(FORMATS[:4]))
    assert [one.amount for one in bank.parse(text, CONTEXT)] == [100_000, 100_001, 100_002, 100_003]


@pytest.mark.parametrize(
    ("when", "since"),
    [
        ("18.11 12:20", AT),
        ("12:20", AT),
        ("2026-11-18 12:20:41", AT),
        ("31.12 10:00", datetime(2025, 12, 31, 10, 0, tzinfo=TASHKENT)),
        ("18.11.2026", AT.replace(hour=0, minute=0)),
    ],
)
def test_a_time_without_its_year_or_day_is_the_last_such(when: str, since: datetime) -> None:
    [found] = bank.parse(f"Зачисление 150 000 UZS. Карта *1234. {when}. Остаток 5 000 UZS", CONTEXT)
    assert found.since == since and found.amount == 150_000


def test_the_shops_own_card_is_the_receiver_wherever_it_stands() -> None:
    text = "Пополнение 150 000 UZS. От: KARIMOVA D. карта *9911 на карту *1234. 18.11.2026 12:20"
    [found] = bank.parse(text, CONTEXT)
    assert (found.last4, found.sender4, found.sender) == ("1234", "9911", "KARIMOVA D")


def test_nothing_that_is_stored_holds_a_balance_or_a_whole_card() -> None:
    from bot.inbox.accept import _safe

    text = credit("humo", 150_000, AT, balance=9_876_543) + "\n9860 1204 1234 5678"
    stored, _ = _safe(Incoming(Chat("atir", "telegram", "777"), "e", text=text))
    assert "9.876" not in str(stored) and "1204 1234" not in str(stored) and "150.000" in str(stored)

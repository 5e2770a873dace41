"""The word "сом": Uzbeks spell their own money so, Kyrgyz screens say that they are Kyrgyz."""

from __future__ import annotations

import pytest

from kit.clock import now
from orders.receipt import Expected, judge
from vision.receipt_fields import parse_lines

_SCREEN = "Перевод выполнен|Сумма {sum}|Карта получателя 8600 **** **** 1234|Дата 21.11.2026 14:05|Чек 4821907365{more}"


@pytest.mark.parametrize("sum_", ["250 000 сом", "250 000 сўм", "250 000 сум", "250 000 сомов", "250 000 som"])
def test_som_is_the_shops_own_money(sum_: str) -> None:
    reading = parse_lines(_SCREEN.format(sum=sum_, more="").split("|"))
    assert (reading.amount, reading.currency in ("", "UZS")) == (250_000, True)
    verdict = judge(reading, Expected(asked=250_000, currency="UZS", last4=frozenset({"1234"})), now())
    assert "foreign_currency" not in verdict.words and "fits" in verdict.words


@pytest.mark.parametrize(
    ("sum_", "more"),
    [("2 500 KGS", ""), ("2 500 сом", "|Кыргызстан, MBANK"), ("2 500 сом", "|Элкарт"), ("2 500 сом", "|Валюта: KGS")],
)
def test_kyrgyz_money_is_foreign_where_the_screen_says_so(sum_: str, more: str) -> None:
    reading = parse_lines(_SCREEN.format(sum=sum_, more=more).split("|"))
    assert reading.currency == "KGS"
    verdict = judge(reading, Expected(asked=250_000, currency="UZS", last4=frozenset({"1234"})), now())
    assert "foreign_currency" in verdict.words and "short" not in verdict.words


def test_som_beside_sums_in_soms_own_letters_is_uzs() -> None:
    lines = _SCREEN.format(sum="250 000 сом", more="|Комиссия 0 сум|Итого 250 000 UZS").split("|")
    assert parse_lines(lines).currency == "UZS"

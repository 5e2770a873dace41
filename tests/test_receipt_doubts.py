"""What the engines disagree about, or no engine could read, is a person's question: nobody is told that it is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from kit.clock import now
from orders.receipt import Expected, judge
from vision import receipt_values
from vision.receipt import Reading
from vision.receipt_fields import parse, parse_lines


def _line(
    text: str, top: float, *, left: int = 100, high: int = 30, words: bool = False, slope: float = 0.0
) -> dict[str, Any]:
    return {
        "text": text, "score": 0.98, "left": left, "right": left + len(text) * high // 2, "top": top,
        "bottom": top + high, "source": "words" if words else "digits", "slope": slope,
    }  # fmt: skip


def _read(*lines: dict[str, Any], amount: int | None = None, last4: str | None = None) -> Reading:
    return parse({"lines": list(lines), "codes": []}, expect_amount=amount, expect_last4=last4)


def _words(reading: Reading, amount: int, last4: str) -> set[str]:
    return set(judge(reading, Expected(asked=amount, currency="UZS", last4=frozenset({last4})), now()).words)


def test_labels_under_their_values_do_not_name_what_stands_below_them() -> None:
    screen = [
        _line("OK", 40, high=70),
        _line("Платёж проведён", 160, words=True),
        _line("3 605 000,00 cym", 300, high=40),
        _line("сумма платежа", 352, high=16, words=True),
        _line("4071", 480, high=40),  # its mask was lost
        _line("карта получателя", 532, high=16, words=True),
        _line("21.11.2026, 11:02", 660, high=40),
        _line("дата", 712, high=16, words=True),
        _line("58812077190", 840, high=40),
        _line("номер платежа", 892, high=16, words=True),
    ]
    reading = _read(*screen)
    assert (reading.amount, reading.last4, reading.transaction_id) == (3_605_000, "4071", "58812077190")
    assert (reading.fields["amount"], reading.fields["transaction_id"]) > (0.8, 0.8)


def test_labels_above_their_values_still_name_them() -> None:
    screen = []
    for i, (label, value) in enumerate(
        (("Summa", "75 000 so'm"), ("Oluvchi karta", "4071"), ("Chek raqami", "58812077"))
    ):
        screen += [_line(label, 300 + 160 * i, high=24), _line(value, 345 + 160 * i)]
    reading = _read(_line("Toʻlov bajarildi", 100), *screen)
    assert (reading.amount, reading.last4, reading.transaction_id) == (75_000, "4071", "58812077")


def test_a_straight_screen_is_straight_though_its_short_boxes_are_askew() -> None:
    def row(label: str, value: str, top: int, slope: float) -> list[dict[str, Any]]:
        left = 1010 - len(value) * 20
        return [
            _line(value, top, left=left, high=40, slope=slope),
            _line(label, top + 14, left=75, high=28, words=True),
            _line(value, top + 10, left=left, high=28, words=True),
        ]

    screen = [
        _line("9:41", 20, left=40, slope=0.0),
        _line("310 500 cym", 580, left=300, high=80, slope=0.004),
        *row("Сумма", "310 500 cym", 770, 0.0),
        *row("Дата и время", "2026-11-21 14:03:07", 870, 0.005),
        *row("Комиссия", "0,00 cym", 970, 0.0),
        *row("Баланс", "2 661 116,00 cym", 1170, 0.0124),
        *row("Карта отправителя", "**** 3318", 1380, 0.033),
        *row("Карта получателя", "**** 4071", 1480, 0.033),
    ]
    reading = _read(*screen)
    assert (reading.last4, reading.sender_last4, reading.amount) == ("4071", "3318", 310_500)


@pytest.mark.parametrize("sign", ["P", "2", "R", "E", "C", "₿", ""])
def test_a_sign_that_neither_engine_reads_never_fits(sign: str) -> None:
    screen = [
        _line(f"640 000.00 {sign}", 100, high=60),
        _line("Платёж успешно выполнен", 200, words=True),
        _line("*4071", 300),
        _line("21.11.2026 14:05", 360),
    ]
    reading = _read(*screen)
    assert (reading.amount, reading.currency, reading.is_receipt) == (640_000, "", True)
    assert _words(reading, 640_000, "4071") == {"person_checks"}
    assert _words(reading, 900_000, "4071") == {"person_checks"}  # short of nobody knows what


@pytest.mark.parametrize("written", ["cym", "cyM", "cy", "UZS", "so'm", "сўм", "сом"])
def test_soms_by_any_name_are_no_doubt(written: str) -> None:
    reading = parse_lines([f"640 000.00 {written}", "Перевод выполнен", "*4071", "21.11.2026 14:05"])
    assert _words(reading, 640_000, "4071") == {"fits"}


def test_a_sum_in_another_currency_than_the_rest_is_in_doubt() -> None:
    lines = ["Сумма 5 000 ₽", "Комиссия 0 сум", "Баланс 90 000 сум", "Перевод выполнен", "Карта *4071"]
    reading = parse_lines(lines)
    assert (reading.amount, reading.fields["currency"] < 0.5) == (5_000, True)
    assert _words(reading, 5_000, "4071") == {"person_checks"}


def test_a_sum_that_the_engines_read_differently_is_nobodys_shortfall() -> None:
    def screen(said: str) -> Reading:
        sum_ = [_line("64 000 so'm", 100, high=60), _line(said, 108, high=44, words=True)]
        return _read(*sum_, _line("Pul yuborildi", 200), _line("Kimga *4071", 260), amount=840_000)

    assert _words(screen("64 000 so'm"), 840_000, "4071") == {"short"}
    assert _words(screen("64000 so'm"), 840_000, "4071") == {"short"}
    assert _words(screen("so'm"), 840_000, "4071") == {"short"}  # not read at all
    assert _words(screen("34 000 so'm"), 840_000, "4071") == {"person_checks"}
    assert _words(screen("34 000 so'm"), 64_000, "4071") == {"fits"}


def test_a_card_that_the_engines_read_differently_is_nobodys_fault() -> None:
    def screen(said: str) -> Reading:
        card = [_line("**** 4011", 260), _line(said, 260, words=True)]
        return _read(_line("640 000 so'm", 100, high=60), _line("Pul yuborildi", 200), *card)

    assert _words(screen("Kimga **** 4011"), 640_000, "4071") == {"other_card"}
    assert _words(screen("Kimga **** 4017"), 640_000, "4071") == {"person_checks"}


def test_a_number_without_a_currency_is_doubted_where_an_unnamed_sum_has_one() -> None:
    reading = parse_lines(["5 120 000 UZS", "Summa", "4071", "21.11.2026 14:05", "Pul yuborildi", "*4071"])
    assert _words(reading, 5_120_000, "4071") & {"short", "over"} == set()
    reading = parse_lines(["5 120 000 UZS", "Summa", "2026", "21.11.2026 14:05", "Pul yuborildi", "*4071"])
    assert _words(reading, 5_120_000, "4071") == {"person_checks"}


def test_the_first_four_after_a_slips_dots_are_no_tail() -> None:
    for line in ("CARD TO....6262 0773", "KARTA.......8600  0773", "CARD TO....6262 eee eee 0773"):
        reading = parse_lines(["AMOUNT....1 892 550.00 UZS", "APPROVED", line])
        assert _words(reading, 1_892_550, "0773") <= {"fits", "person_checks"}
    assert parse_lines(["250 000 UZS", "APPROVED", "CARD ....0773"]).last4 == "0773"
    dated = parse_lines(["ДАТА.......2026-11-21 12:17:07", "SUMMA.......700.000 cym", "......../769"])
    assert (dated.last4, dated.date) == (None, "2026-11-21")


def test_the_year_of_a_date_whose_month_one_engine_lost_is_no_sum() -> None:
    labels = [_line("Сумма", 100), _line("Сумма", 100, words=True), _line("Когда", 100, left=600, words=True)]
    values = [_line("240,000 cym", 150), _line("21  2026, 14:41", 150, left=600)]
    said = [_line("240,000 сум", 150, words=True), _line("21 ноября 2026, 14:41", 150, left=600, words=True)]
    reading = _read(*labels, *values, *said, _line("Оплачено", 40, words=True), _line("*4071", 260))
    assert (reading.amount, reading.amounts, reading.date) == (240_000, (), "2026-11-21")


def test_the_first_letter_of_a_word_that_follows_a_number_is_no_currency() -> None:
    assert [one.currency for one in receipt_values.sums('"9 Карта раками')] == [""]
    assert [one.currency for one in receipt_values.sums("15 000 долларов США")] == ["USD"]
    assert [one.currency for one in receipt_values.sums("всего UZS 75000, 5 000 р.")] == ["UZS", "RUB"]
    screen = [_line("750 000 сум", 100, words=True), _line("750 000 cym", 100), _line("9 т", 300, words=True)]
    reading = _read(*screen, _line("Перевод выполнен", 40, words=True), _line("*4071", 200))
    assert (reading.currency, reading.fields["currency"] > 0.5) == ("UZS", True)


def test_a_date_that_the_engines_read_differently_is_not_old() -> None:
    def screen(said: str) -> Reading:
        date = [_line("21.11.2025 14:05", 260), _line(said, 260, words=True)]
        return _read(_line("640 000 so'm", 100, high=60), _line("Pul yuborildi", 200), *date, _line("*4071", 320))

    for said, sure in (("21.11.2025 14:05", True), ("soat 14:05", True), ("21.11.2026 14:05", False)):
        reading = screen(said)
        assert (reading.date, reading.fields["date"] > 0.5) == ("2025-11-21", sure)

"""Lines of payment screens -> fields, without any OCR: many layouts, four languages, and the slips of engines."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision import receipt_values, receipt_words
from vision.receipt import Reading
from vision.receipt_fields import parse, parse_lines
from vision.receipt_rows import plain

LAYOUTS: list[tuple[str, dict[str, Any]]] = [
    (
        "Payme|Toʻlov muvaffaqiyatli amalga oshirildi|250 000 soʻm|Summa 250 000 soʻm|Komissiya 0 soʻm"
        "|Qabul qiluvchi karta 8600 **** **** 1234|Yuboruvchi karta 9860 **** **** 7702|Sana 21.11.2026 14:05"
        "|Tranzaksiya ID 4821907365",
        {
            "amount": 250_000,
            "currency": "UZS",
            "fee": 0,
            "last4": "1234",
            "sender_last4": "7702",
            "app": "Payme",
            "date": "2026-11-21",
            "time": "14:05",
            "transaction_id": "4821907365",
            "status": "success",
        },
    ),
    (
        "Click|Перевод выполнен|Сумма перевода|1 250 000,00 сум|Комиссия|12 500,00 сум|Списано|1 262 500,00 сум"
        "|Кому|9860 12** **** 4417|КАРИМОВА Г.|Откуда|8600 •••• •••• 0019|Дата и время|21 ноября 2026, 9:05"
        "|Номер транзакции|P2P563716034",
        {
            "amount": 1_250_000,
            "fee": 12_500,
            "total": 1_262_500,
            "last4": "4417",
            "sender_last4": "0019",
            "date": "2026-11-21",
            "time": "09:05",
            "transaction_id": "P2P563716034",
            "status": "success",
            "app": "Click",
        },
    ),
    (
        "To‘lov cheki|Holat: Jarayonda|Jami: 1.250.000 UZS|Kimga: *4417|Kimdan: *0019|2026 yil 21 noyabr, 14:05"
        "|Chek raqami: 73425887",
        {"amount": 1_250_000, "last4": "4417", "sender_last4": "0019", "date": "2026-11-21", "status": "pending"},
    ),
    (
        "Тўлов амалга ошмади|345 000 сўм|Қабул қилувчи карта|5614 **** **** 0007|Сана 2026-11-21 22:33:28"
        "|Транзакция рақами 530253146119",
        {
            "amount": 345_000,
            "currency": "UZS",
            "last4": "0007",
            "status": "failed",
            "date": "2026-11-21",
            "time": "22:33",
            "transaction_id": "530253146119",
        },
    ),
    (
        "Kaspi.kz|Перевод в обработке|12 500 ₸|Получатель|Айгуль С.|Номер квитанции 551199773|21/11/2026 08:09",
        {"amount": 12_500, "currency": "KZT", "status": "pending", "app": "Kaspi.kz", "transaction_id": "551199773"},
    ),
    (
        "Payment failed|Amount $49.90|Receiver card **** 9911|Nov 21, 2026|Transaction ID d6a377f35fbdcd0c4d419cd3",
        {
            "amount": 4990,
            "currency": "USD",
            "last4": "9911",
            "status": "failed",
            "date": "2026-11-21",
            "transaction_id": "d6a377f35fbdcd0c4d419cd3",
        },
    ),
    (
        "Сбербанк|Чек по операции|Операция отклонена|Сумма 3 499,00 ₽|Карта получателя **** 1188|21.11.26 10:00",
        {"amount": 3499, "currency": "RUB", "status": "failed", "last4": "1188", "date": "2026-11-21", "app": "Sber"},
    ),
    (
        "Uzum Bank|-200 000.00 so'm|Oʻtkazildi|Kartaga 8600********5132|RRN 032714556721|Qoldiq 1 804 332,18 so'm",
        {"amount": 200_000, "last4": "5132", "status": "success", "transaction_id": "032714556721"},
    ),
    (
        "Перевод исполнен|Зачислено: 90 000 сум|Телефон получателя +998 90 123-45-67|Дата операции 01.02.2026",
        {"amount": 90_000, "phone": "+998901234567", "status": "success", "date": "2026-02-01"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), LAYOUTS, ids=lambda value: value[:24] if isinstance(value, str) else "")
def test_layout(text: str, expected: dict[str, Any]) -> None:
    reading = parse_lines(text.split("|"))
    assert {name: getattr(reading, name) for name in expected} == expected
    assert reading.is_receipt
    assert all(0 < sure < 1 for sure in reading.fields.values())
    assert Reading.load(reading.dump()) == reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200 000.00 so'm", 200_000),
        ("1.250.000 soʻm", 1_250_000),
        ("1,250,000 UZS", 1_250_000),
        ("1\u00a0250\u00a0000 сум", 1_250_000),
        ("229,000.00 UZS", 229_000),
        ("2 290.00UZS", 2290),
        ("1123 829,00 so'm", 1_123_829),
        ("117 000, 00 so'm", 117_000),
        ("965,000.00 cm", 965_000),
        ("850 000cym", 850_000),
        ("UZS 75000", 75_000),
        ("-75 000 сўм", 75_000),
        ("7 448 000 сум", 7_448_000),
    ],
)
def test_sum_as_written(text: str, expected: int) -> None:
    assert [one.whole for one in receipt_values.sums(plain(text))] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026 14:05", "2026-11-2122:33:28", "02:58,03.07.2026", "8600 **** **** 1234", "+998 90 123 45 67",
        "P2P563716034", "d6a377f35fbdcd0c4d419cd3", "LTE 87%", "1%", "12:40", "8600 1234 5678 9012",
    ],
)  # fmt: skip
def test_what_is_no_sum(text: str) -> None:
    assert not [one for one in receipt_values.sums(text) if one.unit or one.grouped]


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("8600 **** **** 1234", "1234"),
        ("9860****5132", "5132"),
        ("860012******3456", "3456"),
        ("8600 12•• •••• 3456", "3456"),
        ("4400 12** ****0568", "0568"),
        ("•••• 8841", "8841"),
        ("*2957", "2957"),
        ("…9774", "9774"),
        ("………0578", "0578"),
        ("eooe 8841", "8841"),
        ("9860 eooo oooe 1433", "1433"),
        ("9860 **** +*** 8924", "8924"),
        ("98605867", "5867"),
        ("5614 3800 1122 3344", "3344"),
        ("4111111111111111", "1111"),
    ],
)
def test_card_as_read(text: str, tail: str) -> None:
    assert [card.tail for card in receipt_values.cards(plain(text))] == [tail]


@pytest.mark.parametrize(
    "text", ["21.11.2026", "2026-11-21", "734258877015", "4821907365123456", "250 000 so'm", "+998901234567", "14:05"]
)
def test_what_is_no_card(text: str) -> None:
    assert receipt_values.cards(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026", "21/11/2026", "2026-11-21", "2026-11-2122:33:28", "14:05, 21.11.2026", "21 noyabr 2026",
        "2026-yil 21-noyabr", "21 ноября 2026, 14:05", "21 ноябр 2026", "Nov 21, 2026", "21 Nov 2026", "21.11.26",
        "November 21st, 2026",
    ],
)  # fmt: skip
def test_date_as_written(text: str) -> None:
    assert receipt_values.day(text) == "2026-11-21"


def test_a_date_that_cannot_be_is_none() -> None:
    assert receipt_values.day("45.13.2026") is None
    assert receipt_values.day("31.02.2026") is None
    assert receipt_values.day("11/21/2026") == "2026-11-21"  # an American month comes first


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Платёж не выполнен", "failed"),
        ("Платёж успешно выполнен", "success"),
        ("Платёж выполняется", "pending"),
        ("Неуспешно", "failed"),
        ("Отклонён", "failed"),
        ("Ошибка", "failed"),
        ("Если в чеке есть ошибка, напишите в поддержку нашего банка", "unknown"),
        ("Toʻlov amalga oshmadi", "failed"),
        ("To'lov amalga oshirilmadi", "failed"),
        ("Tolov amalga oshirildi", "success"),
        ("Muvaffaqiyatsiz", "failed"),
        ("Muvaffaqiyatli", "success"),
        ("Jarayonda", "pending"),
        ("Тўлов кутилмоқда", "pending"),
        ("Тулов муваффакиятли amanra оширилди", "success"),
        ("Тулов амалга ошмади", "failed"),
        ("Хатолик", "failed"),
        ("Payment is pending", "pending"),
        ("Not completed", "failed"),
        ("Payment successful", "success"),
        ("CyMMa onepauuu", "unknown"),
        ("Отменить перевод", "unknown"),
    ],
)
def test_status_in_words(text: str, status: str) -> None:
    assert receipt_words.status([receipt_words.words_of(text)])[0] == status


def test_bad_news_anywhere_outweigh_good_news() -> None:
    lines = ["Перевод отправлен", "250 000 сум", "Карта получателя *1234", "Статус: отклонён банком"]
    assert parse_lines(lines).status == "failed"


def test_the_labelled_amount_is_neither_fee_nor_balance_nor_total() -> None:
    reading = parse_lines(
        ["Списано 252 500 сум", "Комиссия 2 500 сум", "Сумма 250 000 сум", "Остаток 9 804 332 сум", "Карта *1234"]
    )
    assert (reading.amount, reading.fee, reading.total) == (250_000, 2_500, 252_500)


def test_a_total_alone_is_taken_without_its_fee() -> None:
    assert parse_lines(["Jami 252 500 soʻm", "Komissiya 2 500 soʻm", "Kimga *1234"]).amount == 250_000


def test_two_cards_without_a_label_name_no_receiver() -> None:
    lines = ["250 000 cym", "8600 **** **** 1234", "9860 **** **** 7702", "4821907365"]
    reading = parse_lines(lines, expect_amount=250_000, expect_last4="1234")
    assert reading.is_receipt
    assert reading.last4 is None
    assert reading.amount_present
    assert reading.last4_present


def test_a_card_alone_is_the_receivers_unless_it_is_labelled_as_the_payers() -> None:
    assert parse_lines(["250 000 cym", "8600 **** **** 1234"]).last4 == "1234"
    reading = parse_lines(["250 000 soʻm", "Yuboruvchi karta 8600 **** **** 1234"])
    assert (reading.last4, reading.sender_last4) == (None, "1234")


def test_expected_numbers_are_looked_for_everywhere_and_nowhere_else() -> None:
    lines = ["Summa 250 000 soʻm", "Kimga *1234", "Sana 21.11.2026 14:05", "Tranzaksiya ID 48219073659988"]
    there = parse_lines(lines, expect_amount=250_000, expect_last4="1234")
    assert (there.amount_present, there.last4_present) == (True, True)
    other = parse_lines(lines, expect_amount=25_000, expect_last4="2026")  # the year is no card
    assert (other.amount_present, other.last4_present) == (False, False)
    assert parse_lines(lines, expect_last4="9988").last4_present is False  # the end of an id is none either
    several = parse_lines(lines, expect_last4=frozenset({"7701", "1234"}))  # a shop's cards: any of them is right
    assert several.last4_present and not parse_lines(lines, expect_last4=("7701", "5512")).last4_present
    unasked = parse_lines(lines)
    assert (unasked.amount_present, unasked.last4_present) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "moda_uz|Koʻylak, oʻlcham 42-50|Narxi 250 000 soʻm|+998 90 123 45 67",
        "SALE 50%|250 000 soʻm|Yetkazish bor",
        "Buyurtma 1024|Jami 250 000 soʻm",
        "Muvaffaqiyatli|Sana 21.11.2026",
        "8600 1234 5678 9012|VALID THRU 05/29",
    ],
)
def test_what_is_no_receipt(text: str) -> None:
    assert not parse_lines(text.split("|")).is_receipt


def test_a_fiscal_code_fills_what_is_not_written_and_nothing_else() -> None:
    lines = [
        {"text": "Чек", "score": 1.0, "left": 0, "top": 0, "right": 50, "bottom": 20, "source": "digits", "slope": 0}
    ]
    code = "https://check.example/?t=20261121T1405&s=1500.00&fn=9"
    reading = parse({"lines": lines, "codes": [code, "not an address", "http://[broken"]})
    assert (reading.amount, reading.date, reading.time) == (1500, "2026-11-21", "14:05")


def test_digits_of_one_engine_and_words_of_the_other_meet_in_a_tilted_row() -> None:
    def line(text: str, left: int, top: int, right: int, source: str) -> dict[str, Any]:
        # falls 0.1 px per px, as a phone photographed askew
        return {
            "text": text, "score": 0.98, "left": left, "right": right, "top": top + left * 0.1,
            "bottom": top + 30 + right * 0.1, "source": source, "slope": 0.1,
        }  # fmt: skip

    lines = [
        line("9860**** ****7702", 640, 700, 960, "digits"),
        line("8600……1234", 640, 640, 960, "digits"),
        line("345 000 cym", 300, 400, 700, "digits"),
        line("14.04.2026 17:40", 700, 760, 960, "digits"),
        line("Карта получателя 8600 .... 1234", 280, 640, 960, "words"),
        line("Карта отправителя 9860 **** **** 7702", 280, 700, 960, "words"),
        line("Платёж успешно выполнен", 300, 300, 800, "words"),
    ]
    reading = parse({"lines": lines, "codes": []})
    assert (reading.amount, reading.last4, reading.sender_last4) == (345_000, "1234", "7702")
    assert (reading.status, reading.date, reading.time) == ("success", "2026-04-14", "17:40")


def test_names_and_noughts() -> None:
    reading = parse_lines(["Amount 250 000 UZS", "Fee O UZS", "Recipient", "KARIMOVA DILFUZA", "Receiver card *1234"])
    assert (reading.fee, reading.receiver_name) == (0, "KARIMOVA DILFUZA")
    assert "250000" in reading.numbers


_SCRAPS = st.text("0123456789 .,:/*•…-+'ʻoOcе|№₸$абвнояэцum", max_size=24) | st.sampled_from(
    ["Summa", "Карта получателя", "Sana 31.02.2026", "21st noyabr 2026", "0 so'm", "Komissiya", "00000000000000000000"]
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(_SCRAPS, max_size=8), st.integers(0, 10**9), st.text("0123456789", min_size=4, max_size=4))
def test_no_scrap_of_text_breaks_the_parser(lines: list[str], amount: int, last4: str) -> None:
    reading = parse_lines(lines, expect_amount=amount, expect_last4=last4)
    assert reading.amount is None or 0 <= reading.amount < 10**13
    assert all(0 <= sure <= 1 for sure in reading.fields.values())


def test_sums_without_labels_are_told_apart_by_adding_up() -> None:
    lines = ["Cy", "8 673 000 UZS", "86 730 UZS", "8 759 730 UZS", "8600********7329"]
    assert parse_lines(lines).amount == 8_673_000


def test_tail_whose_mask_was_lost_is_named_by_its_label_or_leaves_a_doubt() -> None:
    assert parse_lines(["3 713 000 sum", "Receiver card", "44005108"]).last4 == "5108"
    doubt = parse_lines(["950 000 cym", "44007909", "8600 **** **** 3725"], expect_last4="7909")
    assert doubt.is_receipt
    assert doubt.last4 is None
    assert doubt.last4_present

"""Sums of money as people write them, and new products out of captions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import show
from shop.add_product import Draft, parse_caption
from shop.prices import amounts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250 ming", 250_000),
        ("250ming", 250_000),
        ("250k", 250_000),
        ("250 к", 250_000),
        ("1.5 mln", 1_500_000),
        ("1,5 млн", 1_500_000),
        ("1.5 lik", 1_500_000),
        ("1 mln 250 ming", 1_250_000),
        ("250 000", 250_000),
        ("250.000", 250_000),
        ("1'250'000", 1_250_000),
        ("1\u00a0250\u00a0000 сум", 1_250_000),
        ("250000", 250_000),
        ("250 000,00 so'm", 250_000),
        ("narxi 250", 250_000),
        ("цена 250", 250_000),
        ("250 so‘m", 250_000),
        ("скину 150", 150_000),
        ("300 ga bering", 300_000),
        ("1 so'm", 1),
        ("79000 tashladim", 79_000),
        ("ikki yuz ellik ming", 250_000),
        ("икки юз эллик минг", 250_000),
        ("bir yarim million", 1_500_000),
        ("yarim million", 500_000),
        ("yuz ellik ming so'm", 150_000),
        ("двести пятьдесят тысяч", 250_000),
        ("полтора миллиона", 1_500_000),
        ("two hundred fifty thousand", 250_000),
        ("189.000 68 74 80", 189_000),
    ],
)
def test_a_sum_in_any_spelling(text: str, value: int) -> None:
    assert [(amount.value, amount.currency) for amount in amounts(text)] == [(value, "UZS")]


NO_MONEY = """90 123 45 67|+998 90 123 45 67|998901234567|905550012|90.071.72.73|93-045-67-89|42 razmer|M 48
15-uy 22-xonadon
kod keldi 482913|482913|10:30|50 %|2026-03-21|14.09.2026|№12|3 ta 2 ta|125 lik kamar|uch xil|to'qson uch nol o'n bir
9 kvartal 12 dom 45|8600 1234 5678 9012|7A| """


@pytest.mark.parametrize("text", re.split(r"[|\n]", NO_MONEY))
def test_phones_sizes_dates_and_codes_are_no_money(text: str) -> None:
    assert amounts(text) == []


def test_other_currencies() -> None:
    found = [amounts(text)[0] for text in ("$20", "20$", "12.50 $", "100 евро", "5000 rubl", "20 тыс тенге", "50 лир")]
    assert [(amount.value, amount.currency) for amount in found] == [
        (2000, "USD"),
        (2000, "USD"),
        (1250, "USD"),
        (10000, "EUR"),
        (5000, "RUB"),
        (20000, "KZT"),
        (5000, "TRY"),
    ]


def test_several_sums_and_their_places() -> None:
    text = "shahar 25 ming, viloyat 45 ming"
    assert [text[slice(*amount.span)] for amount in amounts(text)] == ["25 ming", "45 ming"]
    assert [amount.value for amount in amounts("150-200 ming")] == [150_000, 200_000]


def test_bare_numbers_count_when_money_was_asked_for() -> None:
    assert [amount.value for amount in amounts("25 va 45", expected=True)] == [25_000, 45_000]
    assert amounts("25 va 45") == []
    assert amounts("20", currency="USD", expected=True)[0].value == 2000


@given(st.integers(1000, 10**9), st.sampled_from(["uz", "uz_Cyrl", "ru", "en"]))
def test_what_we_show_we_can_read(value: int, language: str) -> None:
    assert [amount.value for amount in amounts(show(value, "UZS", language))] == [value]


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for amount in amounts(text, expected=True):
        assert amount.value > 0
        assert 0 <= amount.span[0] < amount.span[1] <= len(text)
    parse_caption(text)


@pytest.mark.parametrize(
    ("caption", "draft"),
    [
        ("ko'ylak 250 ming, S M L, qora", Draft("Ko'ylak", 250_000, "UZS", ("S", "M", "L"), ("qora",))),
        ("Кўйлак 250 минг, S M L, қора", Draft("Кўйлак", 250_000, "UZS", ("S", "M", "L"), ("qora",))),
        ("futbolka 79, S M L", Draft("Futbolka", 79_000, "UZS", ("S", "M", "L"))),
        (
            "krossovka 350 40 41 42 43 qora",
            Draft("Krossovka", 350_000, "UZS", ("40", "41", "42", "43"), ("qora",)),
        ),
        (
            "Платье летнее, цена 250, размеры 42-50, цвет белый",
            Draft("Платье летнее", 250_000, "UZS", ("42", "44", "46", "48", "50"), ("oq",)),
        ),
        (
            "Ayollar ko'ylagi gulli 329000 so'm razmer 42 44 rang qizil, ko'k",
            Draft("Ayollar ko'ylagi gulli", 329_000, "UZS", ("42", "44"), ("qizil", "ko'k")),
        ),
        ("iPhone 13 chexol 45 ming qora", Draft("iPhone 13 chexol", 45_000, "UZS", (), ("qora",))),
        ("Atir 50 ml 320 ming", Draft("Atir 50 ml", 320_000, "UZS")),
        ("Kepka 69 000", Draft("Kepka", 69_000, "UZS")),
        ("Dress 25$ S M L black", Draft("Dress", 2500, "USD", ("S", "M", "L"), ("qora",))),
        ("Qora dengiz rasmi 120 ming", Draft("Qora dengiz rasmi", 120_000, "UZS")),
    ],
)
def test_a_caption_becomes_a_product(caption: str, draft: Draft) -> None:
    assert parse_caption(caption) == draft


@pytest.mark.parametrize("caption", ["", "salom", "250 ming", "Юбка", "🔥🔥 350 ming", "90 123 45 67"])
def test_a_caption_without_a_price_or_a_title_is_none(caption: str) -> None:
    assert parse_caption(caption) is None

"""Addresses as people give them: beside other words, corrected, after the order; and the question for the card."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit import db as database
from tests.talking import ADDRESS, Shopper, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("order", "between", "address"),
    [
        ("шарф бордовый беру", "ладно, серый", "Юнусабад, 4 квартал, дом 12"),
        ("кепку чёрную беру", "хорошо, белую", "Мирзо-Улугбек, ул. Буюк Ипак Йули 45"),
        ("qora kepka olaman", "mayli, oqidan", "Olmazor, Nurafshon ko'chasi 12"),
        ("қора кепка оламан", "майли, 2 та", "Сергели 7-мавзе, 3-уй"),
        ("I want a black cap", "2 of them", "Yunusobod 4, house 12, flat 5"),
        ("I want a black cap", "ok, 3 of these", "Chilonzor 9, house 14, apt 3"),
    ],
)
async def test_words_about_goods_are_no_address(me: Shopper, order: str, between: str, address: str) -> None:
    await me.say(order)
    await me.say("90 123 45 67")
    await me.say(between)
    assert (await me.play.cart()).address == ""
    await me.say(address)
    assert (await me.play.cart()).address == address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("ладно, Юнусабад 4 квартал, дом 12", "Юнусабад 4 квартал, дом 12"),
        ("хорошо, давайте на Сергели, 7 квартал, дом 3", "Сергели, 7 квартал, дом 3"),
        ("mayli, Yunusobod 4-kvartal 7-uy", "Yunusobod 4-kvartal 7-uy"),
        ("ok, Mirabad district, Nukus street 22, flat 3", "Mirabad district, Nukus street 22, flat 3"),
    ],
)
async def test_a_word_of_assent_before_an_address_is_left_out(me: Shopper, said: str, address: str) -> None:
    await me.say("qora kepka bitta olaman")
    await me.say("90 123 45 67")
    await me.say(said)
    assert (await me.play.cart()).address == address


CHANGES = [
    ("нет, адрес другой: Сергели, 7 квартал, дом 3", "Сергели, 7 квартал, дом 3"),
    ("хочу поменять адрес на Сергели, 7 квартал, дом 3", "Сергели, 7 квартал, дом 3"),
    ("поменяйте адрес на Мирабад, ул. Нукус 22", "Мирабад, ул. Нукус 22"),
    ("manzilni o'zgartiring: Yunusobod 4-kvartal, 7-uy", "Yunusobod 4-kvartal, 7-uy"),
    ("adresni Olmazor, Nurafshon ko'chasi 12 ga o'zgartirsangiz", "Olmazor, Nurafshon ko'chasi 12"),
    ("манзилни ўзгартиринг: Сергели 7-мавзе, 3-уй", "Сергели 7-мавзе, 3-уй"),
    ("change the address to Mirabad, Nukus street 22, flat 3", "Mirabad, Nukus street 22, flat 3"),
    ("please change my address: Yunusobod 4, house 12, flat 5", "Yunusobod 4, house 12, flat 5"),
]


@pytest.mark.parametrize(("said", "address"), CHANGES)
async def test_another_address_is_in_the_new_summary(me: Shopper, said: str, address: str) -> None:
    await to_summary(me)
    assert address in await me.say(said)
    await me.say("ha")
    (order,) = await me.orders()
    assert order["address"] == address


@pytest.mark.parametrize(("said", "address"), CHANGES)
async def test_another_address_after_the_order_asks_for_a_new_yes(me: Shopper, said: str, address: str) -> None:
    await to_summary(me)
    await me.say("ha")
    summary = await me.say(said)
    assert address in summary and "№1" in summary and "?" in summary
    assert (await me.orders())[0]["address"] != address
    await me.say("ha")
    (order,) = await me.orders()
    assert order["address"] == address


async def test_coming_for_it_is_said_instead_of_an_address(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman")
    await me.say("o'zim olib ketaman")
    cart = await me.play.cart()
    assert cart.method == "pickup" and cart.address == ""


# ---- the card --------------------------------------------------------------------------------------------------------

NOTHING_DUE = {
    "karta raqam?": "shart emas",
    "карта рақамингизни беринг": "шарт эмас",
    "номер карты скиньте": "не нужно",
    "what's your card?": "nothing to transfer",
}


@pytest.mark.parametrize("said", NOTHING_DUE)
async def test_where_nothing_is_due_the_question_for_the_card_is_answered(me: Shopper, said: str) -> None:
    await me.say("qora kepka bitta olaman, o'zim olib ketaman")
    await me.say("90 123 45 67")
    assert NOTHING_DUE[said] in await me.say(said)  # before the yes
    await me.say("ha")
    (order,) = await me.orders()
    assert order["status"] == "confirmed"
    answer = await me.say(said)
    assert NOTHING_DUE[said] in answer and "69" in answer and "4417" not in answer


@pytest.mark.parametrize("said", NOTHING_DUE)
async def test_a_card_asked_for_after_the_receipt_says_that_it_is_being_checked(me: Shopper, said: str) -> None:
    await to_summary(me)
    await me.say("ha")
    await me.say(receipt={"amount": 69000, "last4": "4417", "status": "success"})
    answer = await me.say(said)
    assert NOTHING_DUE[said] in answer and "№1" in answer and "4417" not in answer


@pytest.mark.parametrize("said", NOTHING_DUE)
async def test_a_card_asked_for_without_an_order_says_how_payment_goes(me: Shopper, said: str) -> None:
    assert await me.say(said) and "4417" not in "".join(me.messages)


@pytest.mark.parametrize("said", ["karta raqamini tashlang", "скиньте номер карты", "card number please"])
async def test_an_owed_order_shows_its_card(me: Shopper, said: str) -> None:
    await me.say(f"qora kepka bitta olaman, {ADDRESS}")
    await me.say("ha")
    answer = await me.say(said)
    assert "4417" in answer and "qat'iy" not in answer and "фиксир" not in answer

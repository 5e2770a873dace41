"""What stands beside goods and is none: the label of a phone, what is done with a thing, a yes that says what to."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, cart_of, in_cart, said_in, shopper_of

ALISA = "Alisa grey one please"


@pytest.mark.parametrize(
    "label",
    ["phone", "my phone number is", "telefon:", "телефон", "тел.", "raqamim", "телефон рақамим", "mobile"],
)
async def test_the_label_of_a_phone_is_no_thing_for_phones(db: database.Tx, tmp_path: Path, label: str) -> None:
    said = f"Samarkand, Beruni street 7, {label} 93 031 58 24"
    assert await cart_of(db, tmp_path, "kamera", ALISA, said) == [("KR-26", "kulrang", 1)]


@pytest.mark.parametrize(
    ("said", "sizes"),
    [
        (("duracell 3 ta olaman", "AAA"), ["AAA"]),
        (("duracell AAA batareyka 3 ta olaman",), ["AAA"]),
        (("батарейки дюрасел АА три пачки беру",), ["AA"]),
        (("3 packs of duracell, AA",), ["AA"]),
    ],
)
async def test_an_option_of_one_letter_doubled(
    db: database.Tx, tmp_path: Path, said: tuple[str, ...], sizes: list[str]
) -> None:
    assert await cart_of(db, tmp_path, "kamera", *said) == [("KR-44", size, 3) for size in sizes]


@pytest.mark.parametrize("said", ["yes, add it", "ha qo'shing uni ham", "yes please add the book", "да, добавьте её"])
async def test_a_yes_that_says_what_to_adds_no_other_one(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kelin/first.jsonl")
    await answer(me, "jewellery box with a mirror, black, one please. Farg'ona, Bahor 5, 93 071 26 94")
    await answer(me, "add a white guest book too")
    await answer(me, said)
    assert [[item["qty"] for item in one["items"]] for one in await me.orders()] == [[1, 1]]


@pytest.mark.parametrize("said", ["yes and add one more", "yes, add another guest book"])
async def test_a_yes_with_one_more_is_no_yes_yet(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kelin/first.jsonl")
    await answer(me, "jewellery box with a mirror, black, one please. Farg'ona, Bahor 5, 93 071 26 94")
    await answer(me, "add a white guest book too")
    await answer(me, said)
    assert await me.orders() == [] and sum(qty for _, _, qty in await in_cart(me)) == 3


@pytest.mark.parametrize(
    ("shop", "said", "skus"),
    [
        ("zapchast", "front brake pads and an air filter, both for Gentra, I take them", ["ZP-01", "ZP-06"]),
        ("zapchast", "масляный фильтр и воздушный по одному, всё на кобальт", ["ZP-05", "ZP-06"]),
        ("zapchast", "old tormoz kolodkasi va havo filtri olaman, ikkalasiyam gentraga", ["ZP-01", "ZP-06"]),
    ],
)
async def test_what_both_are_for(db: database.Tx, tmp_path: Path, shop: str, said: str, skus: list[str]) -> None:
    cart = await cart_of(db, tmp_path, shop, said)
    assert [sku for sku, _, _ in cart] == skus and len({size for _, size, _ in cart}) == 1 and cart[0][1]


async def test_words_that_name_a_thing_choose_no_model(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "zapchast", "spark plugs for Cobalt, one set") == [("ZP-10", "Cobalt", 1)]
    assert await cart_of(db, tmp_path, "zapchast", "spark plugs for Spark, one set") == [("ZP-10", "Spark", 1)]


async def test_what_is_done_with_one_thing_names_the_other(db: database.Tx, tmp_path: Path) -> None:
    said, _ = await said_in(db, tmp_path, "kelin", "uzuk qo'yadigan yostiqcha bormi sizlarda narxi bilan ayting")
    assert "60 000" in said and "90 000" not in said


async def test_one_each_of_what_was_told(db: database.Tx, tmp_path: Path) -> None:
    asked = "туфли невесты атласные 38 айвори и длинная фата 3 м айвори, сколько за все?"
    assert len(await cart_of(db, tmp_path, "kelin", asked, "по одной")) == 2


@pytest.mark.parametrize(
    "said", ["xop onamga aytib keyin yozaman", "спрошу у мамы и напишу позже", "I'll ask my mum first"]
)
async def test_who_writes_later_orders_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "kelin", "Guvohlar lentasi bormi", said) == []


@pytest.mark.parametrize(
    "said",
    [
        "yes, add a mug please",
        "да, добавьте мой второй номер",
        "yes add my friend's order",
        "ha, izoh qo'shing: eshik oldida",
    ],
)
async def test_a_yes_with_another_wish_is_no_yes(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kelin/first.jsonl")
    await answer(me, "jewellery box with a mirror, black, one please. Farg'ona, Bahor 5, 93 071 26 94")
    await answer(me, said)
    assert await me.orders() == []


@pytest.mark.parametrize(
    ("before", "said", "held"),
    [
        ("клей ПВА 5 кг беру", "клей 5 кг не надо, 1 кг тоже не надо", []),
        ("клей ПВА 5 кг беру", "не нужен ни 5 кг, ни 1 кг", None),
        ("PVA kley 5 kg bormi", "5 kg emas 1 kgligi", []),
    ],
)
async def test_what_is_refused_with_another_is_not_laid(
    db: database.Tx, tmp_path: Path, before: str, said: str, held: list[tuple[str, str, int]] | None
) -> None:
    cart = await cart_of(db, tmp_path, "oboi", before, said)
    assert all(sku != "OB-14" for sku, _, _ in cart)
    assert held is None or cart == held


@pytest.mark.parametrize("said", ["katak asalni qanchadan sotasiz", "asalni necha puldan berasiz"])
async def test_a_verb_said_politely_lacks_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    text, _ = await said_in(db, tmp_path, "asal", said)
    assert "sotasiz" not in text and "berasiz" not in text and "soʻm" in text


@pytest.mark.parametrize(
    "said", ["kir yuvganda ajralib ketmaydimi", "ipi uzilib ketmaydimi tez", "батарея не сдохнет за день?"]
)
async def test_what_may_break_is_asked_and_nothing_is_complained_of(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "palto/first.jsonl")
    await answer(me, said)
    assert not (await me.contact()).handed_over


async def test_what_is_in_the_order_that_was_placed(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "palto/first.jsonl")
    await answer(me, "Erkaklar kuzgi kurtka flisli 52 qora 1 ta, Nukus Gulzor 5, 94 079 05 63")
    await answer(me, "ha")
    assert "52" in await answer(me, "so which size is in my order now?")
    assert "52" in await answer(me, "что у меня в заказе сейчас, какой размер?")
    assert "52" in await answer(me, "zakazimda qaysi razmer bor?")

"""What people say in one breath: shades, dialect, stories without a comma, corrections, questions beside an order."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.lexicon import index
from agent.brain_rules.phones import corrected
from kit import db as database
from shop import colors
from shop.fold import fold, fold_word
from tests.talking import in_cart, shopper_of

_BEIGES = ["och bej", "bej", "to'q bej"]


def sums(said: str) -> str:
    return said.replace("\u00a0", " ").replace("\u202f", " ")


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("light beige", "och bej"),
        ("светло-бежевый", "och bej"),
        ("тёмный беж", "to'q bej"),
        ("to'q bejidan", "to'q bej"),
        ("бежевый", "bej"),
    ],
)
def test_any_colour_has_a_lighter_and_a_darker_one(said: str, meant: str) -> None:
    assert colors.color_of(said, _BEIGES) == meant


def test_shades_are_told_apart_in_every_language() -> None:
    for language in ("uz", "uz_Cyrl", "ru", "en"):
        assert len({colors.shown(color, language) for color in _BEIGES}) == 3
    assert colors.shown("och bej", "ru") == "светло-бежевый"
    assert colors.color_of("светло-бежевый", ["bej", "qora"]) == "bej"  # the nearest there is


@pytest.mark.parametrize("said", ["qayerdasila", "qayerdasizlar", "қаердасизлар", "mo'ljalizni"])
def test_dialect_asks_where_too(said: str) -> None:
    assert "location" in index("intents").meanings(fold_word(said))


def test_english_spellings_meet_the_catalogues() -> None:
    assert fold("orthopedic").startswith("ortoped")
    assert fold("this") != fold("тыс")  # a thousand is no pronoun


def test_endings_that_double_a_letter_go_whole() -> None:
    assert fold("uddan") == fold("ud")
    assert fold("terakka") == fold("terak")
    assert fold("ikki") != fold("ik")


@pytest.mark.parametrize(
    ("said", "wrong", "right"),
    [
        ("raqamim oxiri 37 emas 73", "37", "73"),
        ("номерим охири 51 бўлади 15 эмас", "15", "51"),
        ("ой, последние цифры не 4412, а 4421", "4412", "4421"),
        ("the number ends 08 not 80", "80", "08"),
        ("telefonim oxiri 64 ekan 46 deb yozibman", "46", "64"),
    ],
)
def test_digits_of_a_phone_are_corrected(said: str, wrong: str, right: str) -> None:
    found = corrected(said)
    assert found is not None and found[:2] == (wrong, right)


@pytest.mark.parametrize(
    "said",
    ["razmer 38 emas 39", "12 emas 14 dona", "номер заказа 12", "uy raqami 12 emas 21", "номер дома не 12, а 21",
     "не 42, а 44, последние есть?"],
)  # fmt: skip
def test_other_numbers_are_no_digits_of_a_phone(said: str) -> None:
    assert corrected(said) is None


# ---- whole turns -----------------------------------------------------------------------------------------------------


async def test_corrected_digits_reach_the_order(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dala/first.jsonl")
    await me.say("ketmon bitta olaman, 90 083 14 67")
    await me.say("uzr nomerim oxiri 67 emas 76")
    assert (await me.play.cart()).phone == "+998900831476"
    await me.say("nomerim oxiri 55 emas 77")  # it has no 55
    assert (await me.play.cart()).phone == "+998900831476"


async def test_two_goods_in_one_sentence_are_told_and_taken_together(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dala/first.jsonl")
    assert "163 000" in sums(await me.say("ketmon bilan sekator ikkalasi qancha boladi"))
    await me.say("olaman")
    assert {sku for sku, _, _ in await in_cart(me)} == {"DL-21", "DL-24"}


async def test_a_story_without_a_comma_is_understood(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    await me.say(
        "salom opajon yaxshimisiz singlimga sovga qilmoqchi edim kecha dugonam aytuvdi sizlarda guruchli tonik bor ekan"
        " shundan ikkita keyin yana gialuronli serumdan ham uchta qo'shib qo'ysangiz xursand bo'lardim"
    )
    assert await in_cart(me) == [("AT-26", "", 2), ("AT-24", "", 3)]


async def test_what_was_shared_out_is_counted_once(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    await me.say("usma moyidan uchta olaman, bittasi opamga bittasi singlimga bittasi o'zimga")
    assert [qty for _, _, qty in await in_cart(me)] == [3]


async def test_the_other_one_of_a_family_replaces_it(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    await me.say("nafis rose oddiysidan bitta olaman, intense emas")
    assert [sku for sku, _, _ in await in_cart(me)] == ["AT-06"]
    await me.say("to'xtang yaxshisi intense qilib qo'ying")
    assert [sku for sku, _, _ in await in_cart(me)] == ["AT-07"]


async def test_a_variant_offered_instead_is_taken_whatever_it_sounds_like(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    await me.say("kokosli mist bormi")  # sold out; mango and strawberry are there
    await me.say("mayli mangosidan bitta bering")
    assert await in_cart(me) == [("AT-08", "mango", 1)]


@pytest.mark.parametrize(
    ("shop", "first", "question", "answer"),
    [
        ("atir", "", "духи у вас оригинал?", "оригинал"),
        ("atir", "serum bitta olaman", "aytgancha sovg'aga o'rab berasizlarmi", "lenta"),
        ("atir", "", "konsilerning qaysi ottenkasi menga mos keladi?", "toʻq bej"),
        ("dala", "ketmon bormi", "dastasi bilanmi", "dastasi"),
    ],
)
async def test_the_shops_own_answer_comes_before_its_goods(
    db: database.Tx, tmp_path: Path, shop: str, first: str, question: str, answer: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    if first:
        await me.say(first)
    assert answer in await me.say(question)


async def test_a_price_named_with_make_it_is_haggling_only_near_the_price(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dala/first.jsonl")
    await me.say("belkurak nech pul")
    assert "xodimimizdan" in await me.say("70 dan qilib bering")
    assert "xodimimizdan" not in await me.say("mayli 12 ta qilib bering")


async def test_other_towns_of_one_region_are_not_the_rest_of_the_country(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    assert "35 000" in sums(await me.say("Buxoroga yetkazish qancha"))
    assert "25 000" in sums(await me.say("Urgutga-chi, yetkazish necha pul"))


async def test_whoever_wants_it_brought_after_all_gets_a_courier(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dala/first.jsonl")
    await me.say("ketmon bitta olaman, o'zim olib ketaman, 90 083 14 67")
    await me.say("yaxshisi olib kelib bering: Fargona shahri, Nihol ko'chasi 12-uy")
    assert (await me.play.cart()).method == "courier"


async def test_thanks_for_what_came_ask_nothing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    assert "Arzimaydi" in await me.say("buyurtmam keldi, rahmat, juda yoqdi")

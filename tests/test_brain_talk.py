"""How the rule brain talks: what it says, asks and refuses, turn by turn."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from agent.brain_rules import RuleBrain
from kit import db as database
from shop import posts
from tests import talk
from tests.talking import ADDRESS, Shopper, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


# ---- the first message -----------------------------------------------------------------------------------------------


async def test_the_first_message_says_who_answers_and_links_the_privacy_page_once(me: Shopper) -> None:
    first = await me.say("Assalomu alaykum")
    assert "Lola Style" in first and "avtomatik" in first and "privacy/scripted?lang=uz" in first
    assert first.startswith("Va alaykum assalom!")
    contact = await me.contact()
    assert contact.privacy_version and contact.privacy_at and contact.language == "uz"
    assert "avtomatik" not in await me.say("kepka bormi")


async def test_the_first_message_answers_too(me: Shopper) -> None:
    assert "69 000" in (await me.say("Сколько стоит кепка?")).replace("\u00a0", " ")


async def test_start_offers_the_languages_and_the_choice_is_kept(me: Shopper) -> None:
    assert "Русский" in await me.command("/start")
    assert "по-русски" in await me.press("b:lang:ru")
    assert (await me.contact()).language == "ru"
    assert "Такой команды нет" in await me.command("/abracadabra")


async def test_a_deep_link_opens_its_product(me: Shopper) -> None:
    assert "Kepka" in await me.command("/start p_LS-502", start="p_LS-502")


# ---- yes counts only for a summary -----------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", ["ha", "👍", "да", "ok", "yes", "хўп", "mayli", "tasdiqlayman"])
async def test_a_yes_to_the_summary_places_the_order(me: Shopper, yes: str) -> None:
    summary = await to_summary(me)
    assert "?" in summary and "69" in summary
    await me.say(yes)
    (order,) = await me.orders()
    assert order["status"] == "awaiting_payment"


@pytest.mark.parametrize("said", ["👍", "ha", "ok", "да"])
async def test_a_yes_without_a_summary_orders_nothing(me: Shopper, said: str) -> None:
    await me.say("kepka narxi qancha")
    await me.say(said)
    await me.say(said)
    assert await me.orders() == []


async def test_a_question_before_the_yes_is_answered_and_the_summary_still_waits(me: Shopper) -> None:
    await to_summary(me)
    assert "25" in await me.say("yetkazib berish qancha turadi?")
    await me.say("ha")
    assert len(await me.orders()) == 1


async def test_the_button_of_an_old_summary_orders_nothing(me: Shopper) -> None:
    await to_summary(me)
    old = f"b:yes:{(await me.play.cart()).shown}"
    await me.say("yo'q, rangi oq bo'lsin")
    again = await me.press(old)
    assert await me.orders() == [] and "oq" in again and "?" in again
    await me.press(f"b:yes:{(await me.play.cart()).shown}")
    (order,) = await me.orders()
    assert order["items"][0]["variant"] == "oq"


async def test_no_to_the_summary_asks_what_to_change(me: Shopper) -> None:
    await to_summary(me)
    assert "oʻzgartir" in await me.say("yo'q")
    assert await me.orders() == []


# ---- questions -------------------------------------------------------------------------------------------------------


async def test_a_question_is_never_asked_twice_running_in_the_same_words(me: Shopper) -> None:
    asked = [(await me.say("qora kepka olaman")).split("\n")[-1]]
    for said in ("tushunmadim", "hmm", "nima u"):
        asked.append((await me.say(said)).split("\n")[-1])
    questions = [line for line in asked if "?" in line]
    assert all(one != other for one, other in pairwise(questions))


async def test_what_is_known_is_not_asked_again(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman, tel 90 123 45 67")
    answer = me.messages[-1]
    assert "telefon" not in answer.lower().replace("telefoningiz", "") and "anzil" in answer


async def test_a_district_alone_is_no_address(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman, tel 90 123 45 67")
    assert "?" in await me.say("Chilonzor")
    assert await me.orders() == []


async def test_everything_in_one_message_leads_to_the_summary(me: Shopper) -> None:
    said = await me.say(f"Qora kepka bitta olaman, {ADDRESS}")
    assert "Tasdiqlaysizmi" in said


async def test_a_foreign_phone_is_kept_and_a_local_one_may_be_declined(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman")
    asked = await me.say("+7 701 123 45 67, Chilonzor 9-kvartal, 14-uy, 3-xonadon")
    assert "raqami" in asked
    assert "Tasdiqlaysizmi" in await me.say("yo'q")
    await me.say("ha")
    (order,) = await me.orders()
    assert order["phone"] == "+77011234567"


async def test_pickup_asks_no_address(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman, o'zim olib ketaman")
    assert "Tasdiqlaysizmi" in await me.say("90 123 45 67")
    await me.say("ha")
    (order,) = await me.orders()
    assert order["delivery"]["method"] == "pickup"


async def test_what_is_not_understood_twice_is_offered_to_a_person(me: Shopper) -> None:
    await me.say("salom")
    await me.say("qwerty asdf zxcv")
    assert "odim" in await me.say("poiuy lkjh")
    assert "uzatdim" in await me.say("ha")
    assert (await me.contact()).handed_over


async def test_words_are_never_met_with_silence(me: Shopper) -> None:
    for said in ("salom", "bilmadim", "kechagi gap", "futbolka bormi", "А что насчёт этого самого", "blablabla"):
        assert await me.say(said), said


# ---- goods -----------------------------------------------------------------------------------------------------------


async def test_sold_out_is_said_with_what_there_is(me: Shopper) -> None:
    said = await me.say("Gulbahor ko'ylagi 46 qizil bormi")
    assert "qolmagan" in said and "yashil" in said
    await me.say("olaman")
    assert (await me.play.cart()).lines == []


async def test_a_size_that_never_was_is_told_from_one_sold_out(me: Shopper) -> None:
    assert "58" in await me.say("klassik shim 58 razmer bormi")
    assert "46, 48, 50, 52, 54" in me.messages[0]


async def test_several_that_fit_are_listed_with_buttons(me: Shopper) -> None:
    said = await me.say("kurtka bormi")
    assert said.count("—") >= 2 and "Qaysi biri" in said
    assert "459" in await me.press("b:pick:LS-114")
    assert "459" in await me.say("narxi qancha?")


async def test_similar_pictures_are_offered_with_photos_and_buttons(me: Shopper) -> None:
    me.play.similar = ("LS-401", "LS-402")
    said = await me.say(photo="unrelated")
    assert "Air Step" in said and "Runner Pro" in said and "?" in said


async def test_a_picture_of_nothing_we_sell_is_said_honestly(me: Shopper) -> None:
    assert "topa olmadim" in await me.say(photo="unrelated")


async def test_what_is_not_sold_here_is_said_and_not_mistaken_for_what_was_shown(me: Shopper) -> None:
    await me.say("kepka narxi qancha")
    said = await me.say("blender bormi sizlarda")
    assert "blender" in said and "Kepka" not in said


async def test_a_phone_before_anything_else_is_kept(me: Shopper) -> None:
    assert "Yozib oldim" in await me.say("90 123 45 67")
    assert (await me.play.cart()).phone == "+998901234567"


async def test_one_more_adds_and_naming_again_does_not(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman")
    await me.say("qora kepka bitta olaman")
    assert [line.qty for line in (await me.play.cart()).lines] == [1]
    await me.say("yana bitta qo'shing")
    assert [line.qty for line in (await me.play.cart()).lines] == [2]


async def test_prices_are_fixed_where_the_shop_says_so(me: Shopper) -> None:
    await me.say("kepka narxi qancha")
    assert "qat'iy" in (await me.say("50 mingga bering")).replace("ʼ", "'")
    assert not [one for one in await me.notices() if one["kind"] == "haggle"]


async def test_a_lower_price_is_asked_of_staff_where_there_is_bargaining(me: Shopper) -> None:
    profile = me.play.stage.shop.profile
    prices = profile.prices.model_copy(update={"bargaining": True})
    me.play.stage.shop = replace(me.play.stage.shop, profile=profile.model_copy(update={"prices": prices}))
    await me.say("kepka narxi qancha")
    await me.say("50 mingga bering")
    (notice,) = [one for one in await me.notices() if one["kind"] == "haggle"]
    assert notice["facts"] == {"sku": "LS-502", "asked": 50000, "price": 69000}


async def test_uncounted_goods_are_asked_of_staff_before_the_summary(me: Shopper) -> None:
    await me.connection.execute("UPDATE stock SET mode = 'unknown', available = 0 WHERE sku = 'LS-502'")
    await to_summary(me)
    assert "Tasdiqlaysizmi" not in "".join(me.messages)
    assert [one["kind"] for one in await me.notices()] == ["stock_question"]
    assert await me.orders() == []


async def test_goods_sold_meanwhile_are_said_at_the_yes_and_nothing_is_placed(me: Shopper) -> None:
    await to_summary(me, "qora kepka 2 ta olaman")
    await me.connection.execute("UPDATE stock SET available = 1 WHERE sku = 'LS-502'")
    said = await me.say("ha")
    assert await me.orders() == [] and "1" in said and "Tasdiqlaysizmi" in said
    await me.say("ha")
    (order,) = await me.orders()
    assert order["items"][0]["qty"] == 1


# ---- after the order -------------------------------------------------------------------------------------------------


async def test_adding_after_the_order_changes_the_same_order(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    said = await me.say("yana bitta sharf bordo qo'shing")
    assert "Sharf" in said and "?" in said
    await me.say("ha")
    (order,) = await me.orders()
    assert {item["sku"] for item in order["items"]} == {"LS-502", "LS-504"} and order["total"] == 158000


async def test_the_card_is_shown_only_after_the_order(me: Shopper) -> None:
    assert "4417" not in await me.say("kepka bormi, kartangizni tashlang")
    await to_summary(me)
    assert "4417" in await me.say("ha")
    assert "8600 0000 0000 4417" in await me.say("karta raqamini yana tashlang")


async def test_paid_without_a_picture_asks_for_it_and_tells_staff(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    await me.notices()
    assert "chek" in (await me.say("pul tashladim")).lower()
    assert [one["kind"] for one in await me.notices()] == ["money_claim"]


async def test_cancelling_the_order(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    assert "bekor" in await me.say("zakazni bekor qiling")
    (order,) = await me.orders()
    assert order["status"] == "cancelled"


async def test_the_second_order_offers_what_is_known(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    await me.connection.execute("UPDATE orders SET status = 'delivered'")
    said = await me.say("bordo sharf bitta olaman")
    assert "+998 90 123 45 67" in said and "?" in said
    assert "Tasdiqlaysizmi" in await me.say("ha")
    await me.say("ha")
    assert len(await me.orders()) == 2


async def test_what_was_known_is_not_offered_again_once_refused(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    await me.connection.execute("UPDATE orders SET status = 'delivered'")
    await me.say("bordo sharf bitta olaman")
    assert "telefon" in (await me.say("yo'q, boshqa manzilga")).lower()
    assert "+998 90 123 45 67" not in await me.say("hmm")


async def test_another_address_after_the_order_changes_the_order(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    said = await me.say("manzil o'zgardi: Yunusobod 4-kvartal, 7-uy, 2-xonadon")
    assert "Yunusobod" in said and "№1" in said
    await me.say("ha")
    (order,) = await me.orders()
    assert "Yunusobod" in order["address"] and order["number"] == "1"


async def test_news_of_an_instagram_order_may_move_to_telegram(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, channel="instagram") as buyer:
        buyer.play.updates_url = "https://t.me/shop_bot"
        await to_summary(buyer)
        await buyer.say("ha")
        token = await db.fetchval("SELECT updates_token FROM orders WHERE shopper = $1", buyer.play.chat.id)
        follower = Shopper(
            talk.Play(buyer.play.stage, replace(buyer.play.chat, channel="telegram", id="t1"), RuleBrain())
        )
        assert "№1" in await follower.command(f"/start o_{token}", start=f"o_{token}")
        assert "№1" not in await follower.command(f"/start o_{token}", start=f"o_{token}")


async def test_a_pasted_link_counts_as_the_post(me: Shopper) -> None:
    await posts.remember(me.connection, talk.SHOP_ID, "instagram", "17", code="Cabc123", skus=["LS-204"])
    assert "689" in await me.say("https://www.instagram.com/p/Cabc123/ shu nechpul")


async def test_a_post_of_several_asks_which(me: Shopper) -> None:
    skus = ["LS-205", "LS-217"]
    await posts.remember(me.connection, talk.SHOP_ID, "instagram", "18", code="Cxyz12345", skus=skus)
    said = await me.say("https://www.instagram.com/p/Cxyz12345/")
    assert "159" in said and "189" in said and "?" in said
    assert "189" in await me.say("2-chisi")


@pytest.mark.parametrize(
    ("thanks", "asks"),
    [
        ("rahmat", "yangi"),
        ("раҳмат сизга", "янги"),
        ("спасибо большое", "нов"),
        ("thank you", "newer"),
    ],
)
async def test_thanks_while_the_money_is_not_seen_hear_what_is_missing(me: Shopper, thanks: str, asks: str) -> None:
    await to_summary(me)
    await me.say("ha")
    await me.connection.execute("UPDATE orders SET status = 'payment_problem'")
    said = (await me.say(thanks)).replace("\u00a0", " ")
    assert "№1" in said and asks in said.lower() and "69 000" in said
    assert not re.search("arzimaydi|арзимайди|пожалуйста!|welcome", said, re.IGNORECASE)


async def test_thanks_for_the_card_are_just_thanks_and_later_ones_tell_the_sum(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    assert "№1" not in await me.say("rahmat")
    await me.say("pul tashladim")
    assert "69\u00a0000" in await me.say("rahmat")

"""What is said to pictures: alone or with words, several at once, a post, a link, and what the shop does not sell."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.turn import Picture
from kit import db as database
from kit.message import Incoming, Media
from shop import posts
from tests import talk
from tests.talk import SHOP_ID
from tests.talking import Shopper, shopper
from vision.match import Candidate, Match

SHOES, BAG, CAP, TEE = "LS-406", "LS-505", "LS-502", "LS-101"
SHOES_PRICE, BAG_PRICE, CAP_PRICE = "339 000", "259 000", "69 000"


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


async def send(me: Shopper, *messages: str | tuple[str, str]) -> str:
    """A burst: words, or (what a photo shows, its caption)."""
    parts = [{"say": one} if isinstance(one, str) else {"photo": one[0], "caption": one[1]} for one in messages]
    made = [talk.incoming(me.play.chat, part) for part in parts]
    said = await me._turn([one for one, _ in made], [picture for _, found in made for picture in found])
    return re.sub(r"\s", " ", said)


def sees(me: Shopper, match: Match) -> None:
    """What every strange picture is taken for."""

    async def found(_shop: str, _data: bytes) -> Match:
        return match

    me.play._match = found  # type: ignore[method-assign]


# ---- one picture -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "burst",
    [
        [(SHOES, "")],
        [(SHOES, "shu bormi, 37?")],
        [(SHOES, "есть такое? сколько стоит")],
        ["narxi?", (SHOES, "")],
        [(SHOES, ""), "buni narxi qancha"],
        [(SHOES, ""), (SHOES, "")],  # two sides of one thing
    ],
)
async def test_a_picture_with_or_without_words_is_answered_with_the_price(
    me: Shopper, burst: list[str | tuple[str, str]]
) -> None:
    said = await send(me, *burst)
    assert said.count(SHOES_PRICE) == 1 and "?" in me.messages[-1]  # and what is still open is asked


async def test_size_and_colour_are_asked_next_and_kept_from_the_caption(me: Shopper) -> None:
    said = await send(me, (SHOES, "shu bormi, 37?"))
    assert "37" in said and "rang" in said and "38" not in said
    assert "37, bej" in await me.say("bej")


async def test_a_picture_after_a_question_is_what_was_asked_about(me: Shopper) -> None:
    await me.say("salom narxi qancha?")
    assert SHOES_PRICE in await send(me, (SHOES, ""))
    assert "37, bej" in await me.say("bej 37")


@pytest.mark.parametrize("caption", ["narxi 100 000 ekan", "ценник 100 000, продадите?", "100 mingga berasizmi", ""])
async def test_a_price_in_or_below_a_picture_changes_no_price(me: Shopper, caption: str) -> None:
    said = await send(me, (SHOES, caption))
    assert SHOES_PRICE in said and "100 000" not in said
    await me.say("37 bej bitta olaman")
    assert {line["price"] for line in me.play.stage.catalog.values() if line["sku"] == SHOES} == {"339000"}
    assert "339" in await me.say(talking_address())


def talking_address() -> str:
    return "90 123 45 67, Chilonzor 9-kvartal, 14-uy, 3-xonadon"


# ---- several pictures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "shular bormi", "bular necha puldan", "есть такие?"])
async def test_each_thing_of_an_album_is_answered(me: Shopper, words: str) -> None:
    said = await send(me, (SHOES, words), (BAG, ""))
    assert SHOES_PRICE in said and BAG_PRICE in said


async def test_photos_of_one_message_are_an_album_too(me: Shopper) -> None:
    number = talk.event()
    media = tuple(Media("photo", f"{number}{at}") for at in range(2))
    one = Incoming(me.play.chat, number, sender=me.play.chat.id, media=media)
    said = await me._turn([one], [Picture(number, f"sku:{sku}".encode()) for sku in (SHOES, BAG)])
    assert SHOES_PRICE in said.replace("\xa0", " ") and BAG_PRICE in said.replace("\xa0", " ")


async def test_one_of_each_is_ordered_of_each(me: Shopper) -> None:
    await send(me, (CAP, "bittadan olaman"), (BAG, ""))
    await me.say("qora")
    await me.say("bordo")
    assert {(line.sku, line.variant) for line in (await me.play.cart()).lines} == {(CAP, "qora"), (BAG, "bordo")}


async def test_a_colour_below_two_pictures_is_of_each_that_has_it(me: Shopper) -> None:
    await send(me, (CAP, "qorasidan olaman"), (BAG, ""))
    assert {(line.sku, line.variant) for line in (await me.play.cart()).lines} == {(CAP, "qora"), (BAG, "qora")}


async def test_of_many_things_the_shopper_is_asked_which(me: Shopper) -> None:
    said = await send(me, (SHOES, ""), (BAG, ""), (CAP, ""), (TEE, ""))
    assert "bir nechta" in said
    assert BAG_PRICE in await send(me, "ikkinchisini olaman")


async def test_one_that_is_not_ours_among_others_is_said_and_hides_nothing(me: Shopper) -> None:
    said = await send(me, (SHOES, ""), ("unrelated", ""), (BAG, ""))
    assert "topa olmadim" in said and SHOES_PRICE in said and BAG_PRICE in said


async def test_a_look_with_several_pieces_asks_which(me: Shopper) -> None:
    pieces = tuple(Candidate(sku, 0.95) for sku in (SHOES, BAG, CAP))
    sees(me, Match("similar", pieces, several=True))
    said = await send(me, ("unrelated", ""))
    assert "bir nechta" in said and "oʻxshash" not in said and SHOES_PRICE in said
    assert BAG_PRICE in await send(me, "sumkasi")


async def test_products_that_share_a_photo_are_asked_about_without_the_others(me: Shopper) -> None:
    found = (Candidate(SHOES, 0.93), Candidate(BAG, 0.9), Candidate(CAP, 0.1))
    sees(me, Match("similar", found, several=True))
    said = await send(me, ("unrelated", ""))
    assert SHOES_PRICE in said and BAG_PRICE in said and CAP_PRICE not in said


async def test_similar_ones_of_two_pictures_are_offered_together(me: Shopper) -> None:
    me.play.similar = (SHOES, BAG)
    said = await send(me, ("unrelated", ""), ("unrelated", ""))
    assert "oʻxshash" in said and said.count(SHOES_PRICE) == 1


# ---- not ours --------------------------------------------------------------------------------------------------------


async def test_what_is_not_ours_is_said_with_the_nearest_kind_and_a_person(me: Shopper) -> None:
    shop = me.play.stage.shop
    kind = shop.products[BAG].category
    others = [sku for sku, product in shop.products.items() if product.category == kind and sku != BAG]
    sees(me, Match("none", nearest=(BAG, SHOES, *others[-2:])))
    said = await send(me, ("unrelated", "shu bormi?"))
    assert "topa olmadim" in said and kind in said and "Xodimni chaqirish" in said
    assert BAG_PRICE in re.sub(r"\s", " ", await me.press("b:more"))
    await me.press("b:person")
    assert me.play.handed


async def test_without_a_nearest_kind_none_is_made_up(me: Shopper) -> None:
    sees(me, Match("none", nearest=(SHOES, BAG, CAP, TEE)))
    said = await send(me, ("unrelated", ""))
    assert "topa olmadim" in said and "yaqin" not in said and "Xodimni chaqirish" in said
    assert "Futbolka" in said  # what there is


# ---- posts and links -------------------------------------------------------------------------------------------------


async def known(me: Shopper, *skus: str) -> None:
    await posts.remember(me.connection, SHOP_ID, "instagram", "17900", code="C6known9", caption="", skus=skus)


async def shared(me: Shopper, shows: str, post: str = "", url: str = "") -> str:
    number = talk.event()
    media = (Media("photo", number),)
    one = Incoming(me.play.chat, number, sender=me.play.chat.id, media=media, post=post, post_url=url)
    return re.sub(r"\s", " ", await me._turn([one], [Picture(number, f"sku:{shows}".encode())]))


async def test_a_shared_post_is_known_by_its_id_before_its_picture(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, channel="instagram") as me:
        await known(me, BAG)
        assert BAG_PRICE in await shared(me, SHOES, post="17900")
        said = await shared(me, SHOES, post="18111")  # a story nobody of us has seen: its picture tells
        assert SHOES_PRICE in said


POST = "Yangi! {}\nNarxi kelishiladi. Buyurtma: 90 999 88 77, Chilonzor 9-kvartal 14-uy, Dilnoza"


async def forward(me: Shopper, post: str, text: str, shows: str = "", beside: str = "") -> str:
    """A post of a channel, passed on with its own words, perhaps after some of the shopper's."""
    number, chat = talk.event(), me.play.chat
    burst = [Incoming(chat, talk.event(), sender=chat.id, text=beside)] if beside else []
    media = (Media("photo", number),) if shows else ()
    one = Incoming(chat, number, sender=chat.id, text=text, media=media, post=post, note="forwarded")
    pictures = [Picture(number, f"sku:{shows}".encode())] if shows else []
    return re.sub(r"\s", " ", await me._turn([*burst, one], pictures))


async def test_a_forwarded_post_is_known_by_its_number_then_its_words_then_its_picture(me: Shopper) -> None:
    await posts.remember(me.connection, SHOP_ID, "telegram", "-1001:7", caption="", skus=[BAG])
    cap = me.play.stage.shop.products[CAP].title_uz
    assert BAG_PRICE in await forward(me, "-1001:7", POST.format(cap), SHOES)
    assert CAP_PRICE in await forward(me, "-1001:8", POST.format(cap), SHOES)
    assert SHOES_PRICE in await forward(me, "-1001:9", POST.format("🔥🔥"), SHOES)
    assert BAG_PRICE in await forward(me, "-1001:7", POST.format(cap), beside="shu bormi?")


async def test_a_sellers_words_in_a_forwarded_post_are_not_the_shoppers(me: Shopper) -> None:
    for text, shows in ((POST.format("🔥🔥"), SHOES), (POST.format("🔥🔥"), ""), (POST.format("Uzuk"), "unrelated")):
        said = await forward(me, "-1001:9", text, shows)
        cart = await me.play.cart()
        assert not (cart.phone or cart.address or cart.name), said
    assert "topa olmadim" in said
    await me.say("здравствуйте, сколько стоит доставка")
    said = await forward(me, "-1001:9", POST.format("Salom, hammaga! Chegirma bormi deb soʻraganlar uchun"), SHOES)
    assert "сум" in said  # Russian, as they speak


async def test_a_forwarded_post_without_goods_or_picture_brings_the_wish_for_one(me: Shopper) -> None:
    assert "rasm" in await forward(me, "-1001:9", "Hayrli tong, aziz mijozlar!")


async def test_a_typed_link_is_as_good_as_a_shared_post(me: Shopper) -> None:
    await known(me, SHOES)
    assert SHOES_PRICE in await send(me, "https://www.instagram.com/reel/C6known9/?igsh=x 37 bormi")
    await known(me, SHOES, BAG)
    said = await send(me, "instagram.com/p/C6known9 shu qancha")
    assert SHOES_PRICE in said and BAG_PRICE in said and "Postda" in said


@pytest.mark.parametrize("text", ["https://www.instagram.com/p/unknown77/", "https://t.me/boshqa/55 есть такое?"])
async def test_a_link_to_a_post_nobody_knows_is_answered_with_the_wish_for_a_picture(me: Shopper, text: str) -> None:
    said = await send(me, text)
    assert "skrinshot" in said or "скриншот" in said
    assert SHOES_PRICE in await send(me, (SHOES, ""))


async def test_goods_named_beside_an_unknown_link_are_answered(me: Shopper) -> None:
    assert "449 000" in await send(me, "https://www.instagram.com/reel/unknown77/ krossovka bormi")


async def test_an_unknown_link_beside_a_known_photo_is_no_picture_of_ours_missed(me: Shopper) -> None:
    said = await send(me, (SHOES, ""), "https://www.instagram.com/p/unknown77/")
    assert SHOES_PRICE in said and "skrinshot" in said and "topa olmadim" not in said


async def test_an_unknown_link_amid_an_order_leaves_its_question_open(me: Shopper) -> None:
    asked = await send(me, "qora kepka bitta olaman")
    said = await send(me, "https://www.instagram.com/p/unknown77/")
    assert "skrinshot" in said and "telefon" in asked.lower() and "telefon" in said.lower()
    await me.say("90 123 45 67")
    assert (await me.play.cart()).phone

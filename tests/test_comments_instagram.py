"""Comments on Instagram: one private message with the product of the post, then the public word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit import cache
from kit.config import Config
from kit.db import Pool
from tests.comments_room import ACCOUNT, Room, open_room
from tests.pictures import as_messenger_sends, product_png, unrelated_png

CAPTION = "BoomMini bluetooth kolonka 🔊"


@pytest.fixture
async def room(own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(own_db, redis, config, tmp_path) as made:
        yield made


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("direct", [False, True])
async def test_a_price_is_written_first_and_said_then(room: Room, direct: bool) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    private, public = await room.comment(who, "narxi qancha?", post, direct=direct)
    assert len(private) == 1 and len(public) == 1
    assert "avtomatik" in private[0] and "279 000" in plain(private[0]) and "koʻk" in private[0]
    assert private[0].count("\n") <= 2 and private[0].rstrip().endswith("?")
    assert (
        plain(public[0]) == 'Bluetooth kolonka "BoomMini" — 279 000 soʻm. Batafsil maʼlumotni shaxsiy xabarda yubordik.'
    )
    order = [call.method for call in room.graph.calls if call.method in ("messages", "replies")]
    assert order == ["messages", "replies"]
    assert [call.method for call in room.graph.calls].count("post") == 1


async def test_the_same_comment_three_times_is_answered_once(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    await room.comment(who, "narxi?", post)
    for _ in range(2):
        await room.graph.deliver(room.graph.delivered[0][0])
    await room.quiet()
    assert len(who.inbox) == 1 and len(room.graph.answers(post)) == 1


async def test_the_post_is_asked_for_once_for_everybody(room: Room) -> None:
    post = room.graph.publish(CAPTION)
    people = [room.graph.shopper(f"p{number}") for number in range(6)]
    for who in people:
        await room.graph.comment(who, "narxi?", post=post)
    await room.quiet()
    assert [len(who.inbox) for who in people] == [1] * 6 and len(room.graph.answers(post)) == 6
    assert [call.method for call in room.graph.calls].count("post") == 1


async def test_a_shop_may_keep_its_prices_out_of_public(
    own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path
) -> None:
    async with open_room(own_db, redis, config, tmp_path, public="message") as room:
        post, who = room.graph.publish(CAPTION), room.graph.shopper()
        private, public = await room.comment(who, "Сколько стоит?", post)
        assert "279 000" in plain(private[0])
        assert public == ["Подробности отправили вам в личные сообщения."]


async def test_without_the_private_message_nothing_is_public(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    room.graph.fail("refuse", "messages", status=400, code=100, subcode=2534014)
    private, public = await room.comment(who, "narxi?", post)
    assert private == [] and public == []


async def test_the_order_is_finished_in_the_chat_with_the_product_known(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    private, _ = await room.comment(who, "qizilidan bitta olaman", post)
    assert "279 000" in plain(private[0])
    answers = await room.write(who, "90 012 34 56, Yunusobod 4-mavze 12-uy")
    assert "BoomMini" in "\n".join(answers) and "avtomatik" not in "\n".join(answers)
    await room.write(who, "ha")
    rows = await room.app.db.fetch("SELECT sku, variant, qty FROM order_items WHERE shop_id = 'nur'")
    assert [tuple(row) for row in rows] == [("GL-24", "qizil", 1)]
    assert await room.app.db.fetchval("SELECT source FROM orders WHERE shop_id = 'nur'") == f"post {post}"


async def test_a_comment_does_not_disturb_an_order_under_way(room: Room) -> None:
    post, who = room.graph.publish("Argan shampuni"), room.graph.shopper()
    await room.write(who, "BoomMini kolonka qizil bitta olaman")
    await room.write(who, "90 012 34 56, Yunusobod 4-mavze 12-uy")
    private, public = await room.comment(who, "+", post)
    assert "89 000" in plain(private[0]) and len(public) == 1
    assert not await room.app.db.fetchval("SELECT count(*) FROM orders WHERE shop_id = 'nur'")  # the + is no yes
    await room.write(who, "ha")
    assert await room.app.db.fetchval("SELECT sku FROM order_items WHERE shop_id = 'nur'") == "GL-24"


@pytest.mark.parametrize(
    "text", ["zo'r ekan 😍", "@malika mana shu", "Подпишись на меня, взаимная подписка!", "👍", "menda ham bor shundan"]
)
async def test_who_asks_for_nothing_is_let_be(room: Room, text: str) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    assert await room.comment(who, text, post) == ([], [])
    assert await room.cards() == []


async def test_our_own_words_and_those_of_the_shop_are_not_answered(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    await room.comment(who, "narxi?", post)
    own = room.graph.answers(post)[0]
    await room.graph._comment(ACCOUNT, own, {"id": ACCOUNT, "username": "nur"})
    await room.quiet()
    assert len(room.graph.answers(post)) == 1 and len(who.inbox) == 1


async def test_a_complaint_goes_to_a_person_and_nothing_is_said(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper("dilnoza")
    assert await room.comment(who, "Buzuq keldi, pulimni qaytaring, hech kim javob bermayapti", post) == ([], [])
    [card] = await room.cards()
    assert card["facts"]["why"] == "complaint" and card["facts"]["username"] == "dilnoza"
    assert card["facts"]["link"].startswith("https://www.instagram.com/p/")
    assert await room.app.db.fetchval("SELECT handed_over FROM contacts WHERE shop_id = 'nur' AND id = $1", who.id)


async def test_a_post_of_unknown_goods_goes_to_staff(room: Room) -> None:
    post, who = room.graph.publish("Hayrli tong, azizlar!"), room.graph.shopper()
    assert await room.comment(who, "narxi?", post) == ([], [])
    assert [card["facts"]["why"] for card in await room.cards()] == ["unknown"]


async def test_a_comment_on_a_comment_is_answered_in_its_thread(room: Room) -> None:
    post, who, other = room.graph.publish(CAPTION), room.graph.shopper("aziza"), room.graph.shopper("bek")
    await room.graph.comment(other, "zo'r 😍", post=post)
    first = next(one for one in room.graph.comments.values() if one.author == other.id)
    private, public = await room.comment(who, "narxi nechpul buni?", post, parent=first.id)
    assert len(private) == 1 and public[0].startswith("@aziza ")
    assert room.graph.answers(post)[0].parent == first.id


async def test_people_who_talk_to_each_other_are_let_be(room: Room) -> None:
    post, who, other = room.graph.publish(CAPTION), room.graph.shopper("aziza"), room.graph.shopper("bek")
    await room.graph.comment(other, "zo'r 😍", post=post)
    first = next(one for one in room.graph.comments.values() if one.author == other.id)
    for text in ("@bek menda bor, zo'r narsa", "narxi 280 ming edi", "qizil ham chiroyli"):
        assert await room.comment(who, text, post, parent=first.id) == ([], [])


async def test_who_asks_on_and_on_does_not_use_up_the_hour(room: Room) -> None:
    post, who, other = room.graph.publish(CAPTION), room.graph.shopper("aziza"), room.graph.shopper("bek")
    for number in range(9):
        await room.graph.comment(who, f"narxi{'?' * number}", post=post)
    await room.quiet()
    assert len(who.inbox) == 6
    private, _ = await room.comment(other, "narxi?", post)
    assert len(private) == 1


async def test_a_comment_of_last_week_gets_nothing(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    room.graph.pass_time(hours=-8 * 24)
    assert await room.comment(who, "narxi?", post) == ([], [])


async def test_a_person_in_the_chat_answers_comments_too(room: Room) -> None:
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    await room.write(who, "salom")
    await room.graph.by_hand(who, "Assalomu alaykum, eshitaman")
    assert await room.comment(who, "narxi?", post) == ([], [])
    assert [card["facts"]["why"] for card in await room.cards()] == ["with_person"]


async def test_a_price_for_one_is_no_price_for_all(room: Room) -> None:
    """What staff granted one person is not said to them under a post."""
    post, who = room.graph.publish(CAPTION), room.graph.shopper()
    await room.write(who, "salom")
    offer = {"GL-24": {"price": 250_000, "until": "2099-01-01T00:00:00+00:00"}}
    await room.app.db.execute("UPDATE contacts SET offers = $1 WHERE shop_id = 'nur' AND id = $2", offer, who.id)
    _, public = await room.comment(who, "narxi?", post)
    assert "279 000" in plain(public[0]) and "250" not in public[0]


async def test_a_post_is_known_by_its_pictures(
    own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path
) -> None:
    """A carousel whose caption names nothing: a street, then two products, as the shop photographed them."""
    drawn = {
        name: as_messenger_sends(product_png(seed)) for seed, name in enumerate(("gl-24.jpg", "gl-28.jpg", "gl-30.jpg"))
    }
    async with open_room(own_db, redis, config, tmp_path, photos=drawn) as room:
        post = room.graph.publish("Yangi keldi 🔥", unrelated_png(7), drawn["gl-30.jpg"], drawn["gl-24.jpg"])
        private, public = await room.comment(room.graph.shopper(), "narxi?", post)
        assert "139 000" in plain(private[0]) and "279 000" in plain(private[0])
        assert plain(public[0]).index("139 000") < plain(public[0]).index("279 000")
        reel = room.graph.publish("", cover=drawn["gl-28.jpg"])
        _, public = await room.comment(room.graph.shopper("bek"), "сколько стоит?", reel)
        assert "99 000" in plain(public[0])

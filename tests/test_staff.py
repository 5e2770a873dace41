"""Staff from their chat: claim, cards, presses, commands, replies to cards; each press checked and the shopper told."""

from __future__ import annotations

import pytest

from bot.staff.setup import card_of, hours_of
from kit import words
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Refused
from kit.message import Chat, Incoming
from orders import order as verbs
from shop import contacts
from shop import staff as members
from shop.catalogue import Product, save
from tests.orders_shop import CHAT, left, order_of
from tests.pictures import product_png
from tests.staff_room import OWNER, Room, tokens


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


async def placed(room: Room, *goods: tuple[str, str, int], **over: object) -> int:
    """An order of the shopper, its card delivered to the owner."""
    async with transaction(room.pool) as tx:
        order = await order_of(tx, room.shops.shop, *goods, **over)
    return order.number


async def status(room: Room, number: int) -> str:
    order = await verbs.get(room.pool, "atir", number)
    assert order
    return order.status


async def test_privacy_is_told_in_the_chat_to_anybody(room: Room) -> None:
    stranger = Chat("atir", "telegram", "888")
    assert await room.event(Incoming(stranger, "p1", "888", kind="command", text="/privacy", language="ru"))
    payload = await room.pool.fetchval("SELECT payload FROM outbox WHERE shop_id = 'atir' AND key = $1", stranger.key)
    told = payload["text"]
    assert words.say("ru", "web.privacy_never_1") in told and words.say("ru", "web.privacy_share_local") in told
    assert len(told) < 4096  # one message of Telegram's


async def test_claim_makes_the_first_owner_once(room: Room) -> None:
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and who.owner
    stranger = Chat("atir", "telegram", "888")
    async with transaction(room.pool) as tx:
        used = await tx.fetchval("SELECT count(*) FROM claim_codes WHERE shop_id = 'atir' AND used_at IS NOT NULL")
    assert used == 1
    assert await room.event(Incoming(stranger, "x1", "888", kind="command", text="/claim ABCD-EFGH-JKLM"))
    assert await members.member(room.pool, "atir", "telegram", "888") is None
    assert (await room.news(stranger))[-1].text


async def test_an_invited_operator_may_press_but_not_change_the_card(room: Room) -> None:
    [invited] = await room.say("/invite")
    code = invited.text.rsplit(" ", 1)[1]
    other = Chat("atir", "telegram", "888")
    await room.event(Incoming(other, "x1", "888", kind="command", text=f"/claim {code}", name="Olim"))
    operator = await members.member(room.pool, "atir", "telegram", "888")
    assert operator and operator.role == "operator"
    await room.event(Incoming(other, "x2", "888", kind="command", text="/card"))
    again = await members.member(room.pool, "atir", "telegram", "888")
    assert again and again.step == {}


async def test_money_seen_pays_tells_the_shopper_and_renews_the_card(room: Room) -> None:
    number = await placed(room)
    card = (await room.deliver_notices())[0]
    assert f"№{number}" in card.text and "Dilnoza" in card.text and f"s:seen:{number}" in tokens(card)
    answers = await room.press(f"s:seen:{number}")
    assert await status(room, number) == "paid"
    assert any("№" in text for text in await room.told())
    assert [answer for answer in answers if answer.edit and f"s:ship:{number}" in tokens(answer)]
    assert [answer for answer in answers if answer.toast]


async def test_two_presses_are_one_payment(room: Room) -> None:
    number = await placed(room)
    await room.press(f"s:seen:{number}")
    answers = await room.press(f"s:seen:{number}")
    assert len(await room.pool.fetch("SELECT 1 FROM payments WHERE shop_id = 'atir'")) == 1
    assert answers[-1].toast


async def test_a_stranger_who_presses_a_staff_button_changes_nothing(room: Room) -> None:
    number = await placed(room)
    await room.press(f"s:seen:{number}", Chat("atir", "telegram", "666"))
    assert await status(room, number) == "awaiting_payment"
    assert await room.pool.fetchval("SELECT count(*) FROM audit WHERE verb = 'staff.press_denied'") == 1


@pytest.mark.parametrize("token", ["s:", "s:seen", "s:seen:x", "s:seen:999", "s:nothing:1", "s:rseen:77", "s:lang:xx"])
async def test_a_forged_token_is_a_sentence(room: Room, token: str) -> None:
    answers = await room.press(token)
    assert answers and (answers[-1].toast or answers[-1].text)


async def test_cancel_asks_once_more_and_frees_the_stock(room: Room) -> None:
    number = await placed(room)
    assert await left(room.pool, "GUL", "") == 9
    [asked] = await room.press(f"s:cancel:{number}")
    assert await status(room, number) == "awaiting_payment"
    await room.press(tokens(asked)[0])
    assert await status(room, number) == "cancelled"
    assert await left(room.pool, "GUL", "") == 10


async def test_ship_takes_a_track_and_the_shopper_gets_it(room: Room) -> None:
    number = await placed(room)
    await room.press(f"s:seen:{number}")
    await room.told()
    await room.say(f"/ship {number} EE123456789UZ")
    assert await status(room, number) == "shipped"
    assert any("EE123456789UZ" in text for text in await room.told())
    await room.say(f"/deliver {number}")
    assert await status(room, number) == "delivered"


async def test_a_pressed_ship_asks_for_the_posts_track(room: Room) -> None:
    number = await placed(room, region="provinces", method="post_branch", recipient="Vali Karimov")
    await room.press(f"s:seen:{number}")
    await room.press(f"s:ship:{number}")
    assert await status(room, number) == "paid"
    await room.say("BTS 7788")
    assert await status(room, number) == "shipped"
    assert any("BTS 7788" in text for text in await room.told())


async def test_lists_and_cards(room: Room) -> None:
    assert (await room.say("/orders"))[0].text
    number = await placed(room)
    [listed] = await room.say("/orders")
    assert f"№{number}" in listed.text
    [card] = await room.say(f"/order №{number}")
    assert "Yunusobod" in card.text and "+998901112233" in card.text
    [missing] = await room.say("/order 99")
    assert "99" in (missing.text or missing.toast)
    await room.press(f"s:seen:{number}")
    today = (await room.say("/today"))[-1]
    assert "Yunusobod" in today.text and "+998901112233" in today.text
    for command in ("/help", "/unpaid", "/lang"):
        assert (await room.say(command))[0].text


async def test_stock_is_shown_and_set(room: Room) -> None:
    [shown] = await room.say("/stock piy")
    assert "oq: 5" in shown.text
    await room.say("/stock PIY oq 2")
    assert await left(room.pool, "PIY", "oq") == 2
    await room.say("/stock GUL 7")
    assert await room.pool.fetchval("SELECT available FROM stock WHERE shop_id = 'atir' AND sku = 'GUL'") == 7
    assert (await room.say("/stock"))[0].toast or (await room.say("/stock"))[0].text


async def test_stock_of_what_was_added_a_moment_ago(room: Room) -> None:
    async with transaction(room.pool) as tx:  # the shop in memory does not know it yet
        await save(tx, "atir", Product("YANGI-1", "Yangi kepka", 50000, "UZS"))
    [shown, *_] = await room.say("/stock yangi-1 4")
    available = "SELECT available FROM stock WHERE shop_id = 'atir' AND sku = 'YANGI-1'"
    assert "Yangi kepka" in shown.text and await room.pool.fetchval(available) == 4


async def test_sold_out_from_an_order_card(room: Room) -> None:
    number = await placed(room, ("PIY", "oq", 1))
    await room.press(f"s:out:{number}")
    assert await left(room.pool, "PIY", "oq") == 0


async def test_a_reply_to_a_card_reaches_the_shopper_and_silences_the_agent(room: Room) -> None:
    number = await placed(room)
    await room.deliver_notices()
    card = await room.card_id(f"order:{number}")
    await room.told()
    await room.say("Ertaga yetkazamiz", reply_to=card)
    assert await room.told() == ["Ertaga yetkazamiz"]
    person = await contacts.get(room.pool, CHAT)
    assert person.paused_until is not None
    await room.say("/bot", reply_to=card)
    assert (await contacts.get(room.pool, CHAT)).paused_until is None


async def test_plain_words_of_staff_are_a_shoppers(room: Room) -> None:
    assert await room.event(room.incoming(text="choynak bormi?")) is False


async def test_a_product_by_photo_and_caption(room: Room) -> None:
    [offer] = await room.photo("ko'ylak 250 ming, S M L, qora", product_png(3))
    assert "250" in offer.text and offer.photos
    await room.press("s:add:yes")
    row = await room.pool.fetchrow("SELECT * FROM products WHERE shop_id = 'atir' AND price = 250000")
    assert row and row["sizes"] == ["S", "M", "L"] and row["colors"] == ["qora"] and len(row["photos"]) == 1


async def test_the_card_is_changed_after_a_password(room: Room) -> None:
    await room.say("/card")
    await room.say("juda-maxfiy")
    await room.event(room.incoming(text="8600 **** **** 5678 LOLA S"), typed="8600 1204 1234 5678 LOLA S")
    assert await room.pool.fetchval("SELECT last4 FROM cards WHERE shop_id = 'atir' AND active_to IS NULL") == "5678"
    [shown] = await room.say("/card")
    assert "5678" in shown.text and "LOLA S" in shown.text
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and who.step == {}  # to look takes no password
    await room.press(tokens(shown)[0])
    wrong = await room.say("boshqa-parol")
    assert wrong[-1].toast or wrong[-1].text
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and who.step["ask"] == "password"


async def test_the_first_day_changes_the_shop_with_no_file_edited(room: Room) -> None:
    await room.press("s:setup")
    await room.press("s:set:language:uz")
    for answer in ("Yangi nom", "8600 1204 1234 5678 LOLA SOBIROVA", "du-sha 10-20, yak 11-18", "25 ming, 45 ming"):
        said = await room.say(answer)
        assert said, answer
    await room.press("s:set:prepay:30 %")
    await room.press("s:set:languages:uz,uz-cyrl,ru")
    profile = room.shops.shop.profile
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and who.step == {}
    keys = {key for patch in room.shops.patches for key in patch}
    assert {"shop", "hours", "delivery"} <= keys
    assert profile.shop.languages == ("uz", "uz_Cyrl", "ru")


async def test_an_unclear_answer_of_the_first_day_is_asked_again(room: Room) -> None:
    await room.press("s:setup")
    await room.press("s:set:language:skip")
    await room.press("s:set:name:skip")
    answer = await room.event(room.incoming(text="kartam yoʻq"))
    assert answer
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and who.step["ask"] == "card"


@pytest.mark.parametrize(
    ("typed", "monday", "sunday"),
    [
        ("10-20", "10-20", "10-20"),
        ("du-sha 10:00-20:00, yak 11-18", "10:00-20:00", "11-18"),
        ("пн-сб 9-18, вс выходной", "9-18", "closed"),
        ("mon-fri 9:30-18:00", "9:30-18:00", "closed"),
    ],
)
def test_hours_as_owners_write_them(typed: str, monday: str, sunday: str) -> None:
    found = hours_of(typed)
    assert (found["mon"], found["sun"]) == (monday, sunday)


@pytest.mark.parametrize("typed", ["", "har kuni", "25-99", "bilmadim"])
def test_hours_that_say_nothing_are_refused(typed: str) -> None:
    with pytest.raises(Refused):
        hours_of(typed)


def test_a_card_and_its_holder_in_one_message() -> None:
    assert card_of("8600 1204 1234 5678, Lola Sobirova") == ("8600120412345678", "LOLA SOBIROVA")
    with pytest.raises(Refused):
        card_of("8600 1204")

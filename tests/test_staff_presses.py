"""What staff read after a press or a command: the order's number and the result, names, whole lists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.config import Config
from kit.db import Pool, transaction
from kit.message import Chat, Incoming, Notice, Reply
from kit.outbox import put, tell_staff
from kit.words import LANGUAGES
from orders import order as verbs
from shop import contacts
from tests.orders_shop import CHAT, NOON, STAFF, order_of
from tests.staff_room import Room, tokens


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


async def placed(room: Room, *goods: tuple[str, str, int], chat: Chat = CHAT, **over: object) -> int:
    async with transaction(room.pool) as tx:
        return (await order_of(tx, room.shops.shop, *goods, chat=chat, **over)).number


async def toast(room: Room, token: str) -> str:
    """The note over a pressed button."""
    return next(answer.toast for answer in await room.press(token) if answer.toast).replace("\u00a0", " ")


async def test_a_toast_names_the_order_and_the_result(room: Room) -> None:
    number = await placed(room)
    assert await toast(room, f"s:reject:{number}") == (
        f"№{number}: pul koʻrinmadi, xaridorga aytildi (toʻlov kutilmoqda)"
    )
    assert await toast(room, f"s:seen:{number}") == f"№{number}: toʻlangan, 150 000 soʻm tushdi"
    assert f"№{number}" in await toast(room, f"s:seen:{number}")  # pressed again: refused by its number
    assert await toast(room, f"s:pack:{number}") == f"№{number}: yigʻilgan"


async def test_part_of_the_money_is_told_with_what_is_left(room: Room) -> None:
    number = await placed(room)
    async with transaction(room.pool) as tx:
        await verbs.confirm(tx, "atir", number, actor=STAFF, now=NOON, amount=100000)
        await verbs.problem(tx, "atir", number, actor="shopper:telegram:55", now=NOON)
    assert await toast(room, f"s:full:{number}") == f"№{number}: toʻlangan, 100 000 soʻm tushdi, 50 000 soʻm kechildi"
    said = (await room.told())[-1].replace("\u00a0", " ")
    assert f"№{number}" in said and "50 000 soʻm yetmagan edi" in said
    [card] = await room.say(f"/order {number}")
    assert "Yetmagani kechildi: 50 000" in card.text.replace("\u00a0", " ")


async def test_stock_answers_name_the_product(room: Room) -> None:
    assert "Gulli choynak" in await toast(room, f"s:there:GUL|:{CHAT.key}")
    assert "Dilnoza" in await toast(room, f"s:back:{CHAT.key}")


@pytest.mark.parametrize("word", ["/orders", "/today", "/card", "/stock GUL"])
async def test_before_the_first_claim_a_command_says_what_comes_first(own_db: Pool, config: Config, word: str) -> None:
    room = Room(own_db, config)
    assert await room.event(room.incoming(text=word))
    [answer] = await room.news()
    assert "/claim" in answer.text and "Atir" not in answer.text


async def test_in_an_owned_shop_a_shoppers_words_stay_a_shoppers(room: Room) -> None:
    other = Chat("atir", "telegram", "888")
    for number, word in enumerate(("/orders", "/order 1", "/help", "/lang", "/start")):
        assert not await room.event(Incoming(other, f"x{number}", "888", kind="command", text=word))
    assert await room.event(Incoming(other, "y", "888", kind="command", text="/stock GUL"))
    [answer] = await room.news(other)
    assert "/claim" in answer.text and "choynak" not in answer.text


async def test_the_couriers_list_has_no_stray_comma_and_the_posts_parcels_apart(room: Room) -> None:
    courier = await placed(room)
    post = await placed(
        room, ("BIR", "70x140/oq", 1), region="provinces", method="post_branch", recipient="Vali Karimov"
    )
    for number in (courier, post):
        await room.press(f"s:seen:{number}")
    for_courier, for_post = await room.say("/today")
    assert f"№{courier} +998901112233" in for_courier.text and f"№{post}" not in for_courier.text
    assert f"№{post} Vali Karimov, +998901112233" in for_post.text
    assert ", ," not in for_courier.text and "Olinadi: 20\u00a0000\u00a0soʻm (yetkazish)" in for_courier.text


async def test_a_card_calls_the_shopper_as_the_order_does(room: Room) -> None:
    guest = Chat("atir", "widget", "g1")  # a web chat gives no name
    async with transaction(room.pool) as tx:
        await contacts.seen(tx, Incoming(guest, "w1", guest.id))
    number = await placed(room, chat=guest, name="Malika")
    card = (await room.deliver_notices())[0]
    assert card.text.endswith("Malika") and "ismsiz" not in card.text
    async with transaction(room.pool) as tx:
        await tell_staff(tx, "atir", Notice("money_claim", f"order:{number}", guest.key), idem="m")
        await contacts.hand_over(tx, guest, "asked")
        await tell_staff(tx, "atir", Notice("handover", "", guest.key, {"why": "asked"}), idem="h")
    assert ["Malika" in one.text for one in await room.deliver_notices()] == [True, True]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_long_list_ends_on_a_whole_line_with_the_rest_counted(
    room: Room, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("bot.staff.commands._MOST", 2)
    numbers = [await placed(room, ("BIR", "70x140/oq", 1)) for _ in range(5)]
    await room.press(f"s:lang:{language}")
    [listed] = await room.say("/orders")
    lines = listed.text.split("\n")
    assert [line.split(" ")[0] for line in lines[:-1]] == [f"№{number}" for number in numbers[:-3:-1]]
    assert "3" in lines[-1] and lines[-1].startswith("…")


async def test_cards_are_shown_without_a_password_and_old_ones_with_their_end(room: Room) -> None:
    await room.say("/card")  # none yet: the owner is asked at once
    await room.say("juda-maxfiy")
    for number in ("8600 1204 1234 5678 LOLA S", "8600 1204 1234 9999 LOLA S"):
        if number.endswith("9999 LOLA S"):
            await room.press("s:card")
            await room.say("juda-maxfiy")
        await room.event(room.incoming(text="8600 **** LOLA S"), typed=number)
    changed = [card.text for card in await room.deliver_notices() if "9999" in card.text]
    assert len(changed) == 1 and changed[0].endswith("Lola (Telegram)") and "staff:" not in changed[0]
    [shown] = await room.say("/card")
    assert tokens(shown) == ["s:card"]
    first, second = shown.text.split("\n")
    assert "9999" in first and "5678" in second and "koʻrsatilmaydi" in second
    assert "8600" not in shown.text
    async with transaction(room.pool) as tx:
        await tx.execute("UPDATE cards SET active_to = $1 WHERE last4 = '5678'", NOON - timedelta(days=100))
    assert "5678" not in (await room.say("/card"))[0].text


async def test_a_hand_over_card_shows_what_was_said_without_the_cards_number(room: Room) -> None:
    async with transaction(room.pool) as tx:
        row = await put(tx, CHAT, Reply("Shu kartaga oʻtkazing: {CARD:3}"), idem="card")
        await tx.execute("UPDATE outbox SET status = 1 WHERE shop_id = 'atir' AND id = $1", row)
        await tell_staff(tx, "atir", Notice("handover", "", CHAT.key, {"why": "asked"}), idem="h")
    [told] = await room.deliver_notices()
    assert "– Shu kartaga oʻtkazing: ••••" in told.text and "CARD" not in told.text

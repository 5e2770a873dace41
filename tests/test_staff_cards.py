"""Cards as staff meet them: one press leads to the next, nothing decided is asked again, a hand-over tells enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Refused
from kit.message import Button, Chat, Incoming, Notice, Reply
from kit.outbox import put, tell_staff
from kit.words import LANGUAGES
from orders import card, receipt
from orders import order as verbs
from orders.receipt import Outcome
from shop import contacts
from shop import staff as members
from tests.orders_shop import CHAT, GOOD, NOON, STAFF, order_of
from tests.pictures import product_png
from tests.staff_room import OWNER, Room, tokens

SOON = NOON + timedelta(minutes=30)


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


async def placed(room: Room, *goods: tuple[str, str, int], **over: object) -> int:
    async with transaction(room.pool) as tx:
        return (await order_of(tx, room.shops.shop, *goods, **over)).number


async def sends(room: Room, **read: object) -> Outcome:
    """The shopper's receipt comes."""
    reading = replace(GOOD, **read)  # type: ignore[arg-type]
    sha = sha256(repr(reading).encode()).hexdigest()
    async with transaction(room.pool) as tx:
        return await receipt.take(tx, room.shops.shop, CHAT, f"{sha}.jpg", sha, reading, SOON)


def plain(reply: Reply) -> str:
    """Its words, with ordinary spaces."""
    return reply.text.replace("\u00a0", " ")


def verbs_of(reply: Reply) -> list[str]:
    """What can be pressed."""
    return [token.split(":")[1] for token in tokens(reply)]


# ---- taps ------------------------------------------------------------------------------------------------------------


async def test_two_presses_bring_a_paid_order_to_the_courier(room: Room) -> None:
    number = await placed(room)
    outcome = await sends(room)
    order_card, *_, receipt_card = await room.deliver_notices()
    assert "sana: 18.11.2026 12:20" in receipt_card.text  # as people write it
    assert verbs_of(receipt_card)[0] == "rseen" and verbs_of(order_card)[0] == "seen"
    toast, *edits = await room.press(f"s:rseen:{outcome.receipt}")
    assert toast.toast and not [edit for edit in edits if "seen" in verbs_of(edit)]  # no button of yesterday stays
    mine = await room.card_id(f"receipt:{outcome.receipt}")
    pressed = next(edit for edit in edits if edit.edit == mine)
    assert verbs_of(pressed) == ["pack", "ship", "cancel", "out"]
    for needed in ("Gulli choynak", "Yunusobod", "+998901112233", "Topshirilganda olinadi"):
        assert needed in pressed.text  # the next press needs no other card
    await room.press(f"s:ship:{number}")
    order = await verbs.get(room.pool, "atir", number)
    assert order and order.status == "shipped"


async def test_a_track_that_comes_later_is_passed_on(room: Room) -> None:
    number = await placed(room)
    for press in ("seen", "ship"):
        await room.press(f"s:{press}:{number}")
    await room.told()
    await room.say(f"/ship {number} AB 77")
    assert [text for text in await room.told() if "AB 77" in text]
    again = await room.say(f"/ship {number} AB 77")
    assert "AB 77" not in str([reply.text for reply in again]) and not await room.told()


async def test_every_card_of_an_order_follows_it(room: Room) -> None:
    number = await placed(room)
    async with transaction(room.pool) as tx:
        await receipt.money_claimed(tx, room.shops.shop, CHAT, SOON)
    shown = await room.deliver_notices()
    edits = [reply for reply in await room.press(f"s:seen:{number}") if reply.edit]
    assert len({edit.edit for edit in edits}) == len(shown) and all("seen" not in verbs_of(edit) for edit in edits)


# ---- money that was seen before its picture was read -----------------------------------------------------------------


async def test_a_receipt_of_money_seen_before_asks_nothing(room: Room) -> None:
    number = await placed(room)
    await room.press(f"s:seen:{number}")
    outcome = await sends(room)
    assert (outcome.kind, outcome.verdict.words) == ("settled", ("fits",))
    for language in LANGUAGES:
        assert f"№{number}" in receipt.told(outcome, room.shops.shop, language).text
    shown = (await room.deliver_notices())[-1]
    assert "150 000 soʻm: bu pul tushdi deb belgilangan" in plain(shown)
    assert verbs_of(shown)[0] == "pack" and not {"rseen", "seen", "rreject"} & set(verbs_of(shown))
    async with transaction(room.pool) as tx:
        with pytest.raises(Refused, match=r"receipt\.already_seen"):
            await receipt.seen(tx, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
    order = await verbs.get(room.pool, "atir", number)
    assert order and (order.status, order.paid) == ("paid", 150000)


async def test_another_sum_for_a_paid_order_is_money_nobody_asked_for(room: Room) -> None:
    number = await placed(room)
    await room.press(f"s:seen:{number}")
    outcome = await sends(room, amount=20000)  # the way, by card after all
    assert (outcome.kind, outcome.verdict.words) == ("noted", ("over",))
    shown = (await room.deliver_notices())[-1]
    assert f"№{number} toʻlab boʻlingan: 150 000 soʻm tushgan" in plain(shown)
    assert verbs_of(shown) == ["rseen", "rreject"]
    await room.press(f"s:rseen:{outcome.receipt}")
    order = await verbs.get(room.pool, "atir", number)
    assert order and (order.paid, order.due_on_arrival) == (170000, 0)


@pytest.mark.parametrize(("press", "paid", "state"), [("rsum", 50000, "claimed"), ("rseen", 150000, "paid")])
async def test_where_the_sum_is_not_clear_staff_say_which_came(room: Room, press: str, paid: int, state: str) -> None:
    number = await placed(room)
    outcome = await sends(room, amount=50000, fields={"amount": 0.4})
    shown = (await room.deliver_notices())[-1]
    assert verbs_of(shown) == ["rseen", "rsum", "rreject", "cancel"]
    labels = [button.label.replace("\u00a0", " ") for row in shown.buttons for button in row]
    assert labels[:2] == ["Toʻliq tushdi", "Tushdi: 50 000 soʻm"] and "Summa aniq emas" in shown.text
    await room.press(next(token for token in tokens(shown) if f":{press}:" in token))
    order = await verbs.get(room.pool, "atir", number)
    assert order and (order.paid, order.status) == (paid, state)
    assert outcome.verdict.reasons["amount"]["key"] == "amount_unsure"


@pytest.mark.parametrize("verb", ["seen", "full"])
async def test_the_order_s_own_card_asks_the_same(room: Room, verb: str) -> None:
    number = await placed(room)
    outcome = await sends(room, amount=50000, fields={"amount": 0.4})
    *_, asked = await room.press(f"s:{verb}:{number}")
    order = await verbs.get(room.pool, "atir", number)
    assert order and order.paid == 0
    assert tokens(asked) == [f"s:rseen:{outcome.receipt}", f"s:rsum:{outcome.receipt}:50000"]
    await room.press(f"s:rsum:{outcome.receipt}:50000")
    order = await verbs.get(room.pool, "atir", number)
    assert order and (order.paid, order.owed) == (50000, 100000)


async def test_of_two_sums_in_one_picture_the_pressed_one_counts(room: Room) -> None:
    number = await placed(room)
    outcome = await sends(room, amounts=(50000,))
    shown = (await room.deliver_notices())[-1]
    id_ = outcome.receipt
    assert tokens(shown)[:3] == [f"s:rsum:{id_}:150000", f"s:rsum:{id_}:50000", f"s:rreject:{id_}"]
    async with transaction(room.pool) as tx:
        with pytest.raises(Refused, match=r"receipt\.moved"):
            await receipt.seen(tx, "atir", id_ or 0, actor=STAFF, now=SOON, chosen=70000)
    await room.press(f"s:rsum:{id_}:50000")
    order = await verbs.get(room.pool, "atir", number)
    assert order and (order.paid, order.status) == (50000, "claimed")


async def test_a_sum_nobody_could_read_is_named_before_it_is_counted(room: Room) -> None:
    await placed(room)
    await sends(room, amount=None, amount_present=True, amount_asked=150000)
    shown = (await room.deliver_notices())[-1]
    assert "butun summani hisoblaydi: 150 000 soʻm" in plain(shown) and verbs_of(shown)[0] == "rseen"


async def test_a_receipt_used_before_has_no_money_buttons_on_a_paid_order(room: Room) -> None:
    await placed(room)
    await sends(room)
    await room.press("s:seen:1")
    number = await placed(room)
    await room.press(f"s:seen:{number}")
    await room.deliver_notices()
    outcome = await sends(room, status="unknown")  # another file of the same transaction
    assert outcome.verdict.has("used_before")
    shown = (await room.deliver_notices())[-1]
    assert not tokens(shown)


async def test_a_delivered_order_takes_nothing_any_more(room: Room) -> None:
    number = await placed(room)
    for press in ("seen", "ship"):
        await room.press(f"s:{press}:{number}")
    assert "Topshirilganda olinadi" in (await room.say(f"/order {number}"))[0].text
    edits = [reply.text for reply in await room.press(f"s:deliver:{number}") if reply.edit]
    assert "Topshirilganda olinadi" not in str([*edits, (await room.say(f"/order {number}"))[0].text])


# ---- the first day, and a person wanted ------------------------------------------------------------------------------


async def test_an_owner_who_comes_late_hears_of_open_orders(own_db: Pool, config: Config) -> None:
    room = await Room(own_db, config).furnish()
    await room.pool.execute("DELETE FROM staff")
    for count in (1, 2):
        await placed(room)
        async with transaction(room.pool) as tx:
            code = await members.make_code(tx, "atir")
        said = [reply.text for reply in await room.say(f"/claim {code}")]
        assert [text for text in said if f"{count} ta buyurtma" in text and "/orders" in text]
        await room.pool.execute("DELETE FROM staff")


async def test_a_handover_tells_the_order_the_cart_the_phone_and_the_last_words(room: Room) -> None:
    number = await placed(room)
    async with transaction(room.pool) as tx:
        numbered = card.Card(1, "1234", "NODIRA SALIMOVA").token
        for place, text in enumerate(("✅ №1", f"Karta: {numbered}")):  # one answer of two messages, one moment
            await put(tx, CHAT, Reply(text, buttons=((Button("x", copy=numbered),),)), idem=f"said{place}")
        await tx.execute("UPDATE outbox SET status = 1, sent_at = now() WHERE key = $1", CHAT.key)
        await tx.execute(
            "INSERT INTO carts (shop_id, key, body) VALUES ('atir', $1, $2)",
            CHAT.key,
            {"lines": [{"sku": "PIY", "variant": "oq", "qty": 2}]},
        )
        await contacts.hand_over(tx, CHAT, "asked")
        for kind in ("handover", "handover_again"):
            await tell_staff(tx, "atir", Notice(kind, "", CHAT.key, {"why": "asked"}), idem=kind)
    *_, shown, again = await room.deliver_notices()
    text = plain(shown)
    assert f"№{number} · toʻlov kutilmoqda · 150 000 soʻm · Gulli choynak × 1" in text
    assert "Savatda: Piyola (oq) × 2" in text and "+998901112233" in text
    assert "CARD" not in text and text.index("✅ №1") < text.index("Karta: ••••")
    assert "Karta: ••••" in again.text and "✅ №1" in again.text


async def test_an_answer_to_the_ping_reaches_the_shopper(room: Room) -> None:
    async with transaction(room.pool) as tx:
        await contacts.hand_over(tx, CHAT, "asked")
        await tell_staff(tx, "atir", Notice("handover_again", "", CHAT.key), idem="again")
    await room.deliver_notices()
    key = await room.pool.fetchval(
        "SELECT provider_id FROM outbox WHERE key = $1 AND shopper = $2", OWNER.key, CHAT.key
    )
    await room.say("Hozir yordam beramiz", reply_to=key)
    assert "Hozir yordam beramiz" in await room.told()


async def test_an_owner_who_tries_the_shop_in_her_own_chat_sees_its_cards_follow(room: Room) -> None:
    async with transaction(room.pool) as tx:
        await contacts.seen(tx, Incoming(Chat("atir", "telegram", OWNER.id), "own", OWNER.id))
    number = await placed(room, chat=OWNER)
    await room.deliver_notices()
    assert [reply for reply in await room.press(f"s:seen:{number}") if reply.edit and "ship" in str(tokens(reply))]


async def test_money_without_an_order_is_not_called_right(room: Room) -> None:
    outcome = await sends(room)
    shown = (await room.deliver_notices())[-1]
    assert outcome.kind == "unassigned" and "summa: 150 000 soʻm" in plain(shown)
    number = await placed(room)  # ordered afterwards
    await room.press(f"s:rto:{outcome.receipt}:{number}")
    await room.press(f"s:rseen:{outcome.receipt}")
    order = await verbs.get(room.pool, "atir", number)
    assert order and (order.status, order.paid) == ("paid", 150000)


async def test_a_button_answers_its_own_question_alone(room: Room) -> None:
    await room.press("s:setup")
    for _ in range(2):  # the second one is a slip of the thumb
        await room.press("s:set:language:skip")
    await room.press("s:set:prepay:full")  # of a message above
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and who.step["ask"] == "name" and not room.shops.patches
    await room.say("/card")
    await room.press("s:set:languages:uz,uz-cyrl,ru")
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    assert who and not who.has_password and who.step["flow"] == "card"


async def test_goods_of_ones_own_take_the_demos_off_sale(room: Room) -> None:
    await room.pool.execute("INSERT INTO profiles (shop_id, body) VALUES ('atir', '{\"own\": true}')")
    await room.pool.execute("UPDATE products SET sku = 'DEMO-1' WHERE sku = 'BIR'")
    await room.photo("sharf 90 ming", product_png(3))
    said = "\n".join(reply.text for reply in await room.press("s:add:yes"))
    assert "/stock" in said and "Namuna mahsulotlar yashirildi" in said
    assert not await room.pool.fetchval("SELECT active FROM products WHERE sku = 'DEMO-1'")

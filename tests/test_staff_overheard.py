"""A shopper who writes while a person has the conversation is heard: one card a burst, to whoever answered last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.loop import Outcome
from agent.session import Session
from agent.turn import Picture, Said, Turn, Write
from bot import staff
from kit import clock, outbox
from kit.config import Config
from kit.db import Pool, transaction
from kit.message import Chat, Incoming, Media, Notice, Reply
from orders.cart import Cart
from shop import contacts
from shop import staff as members
from tests.orders_shop import CHAT
from tests.pictures import product_png
from tests.staff_room import OWNER, Room, tokens


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


def burst(room: Room, *incomings: Incoming, pictures: tuple[Picture, ...] = ()) -> Turn:
    contact = contacts.Contact(CHAT.shop_id, CHAT.channel, CHAT.id, name="Dilnoza", paused_until=clock.now())
    parts: dict[str, Any] = {"shop": room.shops.shop, "db": room.pool, "media": room.app.media, "pictures": pictures}
    return Turn(
        chat=CHAT, incoming=incomings, contact=contact, session=Session(), cart=Cart(), now=clock.now(), **parts
    )


async def cards(room: Room, notice: Notice | None, event: str = "w1") -> list[Reply]:
    assert notice is not None
    async with transaction(room.pool) as tx:
        await outbox.tell_staff(tx, "atir", notice, idem=f"turn:{event}")
    return await room.deliver_notices()


async def test_a_burst_is_one_card_in_order_that_can_be_replied_to(room: Room) -> None:
    turn = burst(
        room,
        Incoming(CHAT, "w1", CHAT.id, text="Ha, ertaga boʻladi"),
        Incoming(CHAT, "w2", CHAT.id, text="soat 5 da", location=(41.3, 69.2)),
    )
    [card] = await cards(room, await staff.overhear(room.app, turn, Outcome(Cart(), Session())))
    assert "Dilnoza" in card.text and "Telegram" in card.text
    assert card.text.index("ertaga") < card.text.index("soat 5") < card.text.index("maps.google.com")
    assert tokens(card) == [f"s:back:{CHAT.key}"]
    await room.told()
    await room.say("Kelishdik", reply_to=await room.card_id(f"chat:{CHAT.key}"))
    assert await room.told() == ["Kelishdik"]


async def test_pictures_and_voices_are_passed_on_and_receipts_are_not_twice(room: Room) -> None:
    room.channel.files["v1"] = b"OggS voice"
    turn = burst(
        room,
        Incoming(CHAT, "w1", CHAT.id, media=(Media("photo", "p1"),)),
        Incoming(CHAT, "w2", CHAT.id, media=(Media("voice", "v1", mime="audio/ogg"),)),
        pictures=(Picture("w1", product_png(3), "image/png"), Picture("w1", product_png(4), "image/png")),
    )
    notice = await staff.overhear(room.app, turn, Outcome(Cart(), Session()))
    assert notice is not None and len(notice.photos) == 2
    [voice] = notice.facts["files"]
    assert Path(voice).suffix == ".ogg" and room.app.media.read(voice) == b"OggS voice"
    receipt = Write("receipt", {"picture": notice.photos[0]})
    again = await staff.overhear(room.app, turn, Outcome(Cart(), Session(), writes=(receipt,)))
    assert again is not None and again.photos == notice.photos[1:]
    [card] = await cards(room, again)
    assert card.photos == notice.photos[1:] and card.files == (voice,) and "[voice]" in card.text


async def test_nothing_said_is_no_card(room: Room) -> None:
    turn = burst(room, Incoming(CHAT, "w1", CHAT.id, kind="button", button="b:yes:1"))
    assert await staff.overhear(room.app, turn, Outcome(Cart(), Session())) is None


async def test_what_the_agent_told_beside_a_person_is_on_the_card(room: Room) -> None:
    turn = burst(room, Incoming(CHAT, "w1", CHAT.id, text="Narxi qancha edi?"))
    turn.contact = replace(turn.contact, paused_until=None, handed_over=True)
    outcome = Outcome(Cart(), Session(), said=(Said(Reply("Narxi 60 000")),))
    [card] = await cards(room, await staff.overhear(room.app, turn, outcome))
    assert "Narxi qancha edi?" in card.text and "Narxi 60 000" in card.text


async def test_who_answered_last_gets_it_else_everybody(room: Room) -> None:
    [invited] = await room.say("/invite")
    other = Chat("atir", "telegram", "888")
    code = invited.text.rsplit(" ", 1)[1]
    await room.event(Incoming(other, "x1", "888", kind="command", text=f"/claim {code}", name="Olim"))
    turn = burst(room, Incoming(CHAT, "w1", CHAT.id, text="Bormisiz?"))
    notice = await staff.overhear(room.app, turn, Outcome(Cart(), Session()))
    assert notice is not None and notice.silent  # nobody answered a card: they write in the platform's own app
    assert len(await cards(room, notice, "w1")) == 1
    await room.pool.execute(
        "UPDATE outbox SET provider_id = 'c1', key = $1 WHERE key = 'telegram:777' AND about <> ''", other.key
    )
    await room.event(Incoming(other, "x2", "888", text="Shu yerdaman", reply_to="c1"))
    await room.news(other)
    notice = await staff.overhear(room.app, turn, Outcome(Cart(), Session()))
    assert notice is not None and not notice.silent
    assert await cards(room, notice, "w2") == []
    assert ["Bormisiz?" in one.text for one in await room.news(other)] == [True]
    who = await members.member(room.pool, "atir", "telegram", OWNER.id)
    async with transaction(room.pool) as tx:
        assert who is not None
        await members.dismiss(tx, who, "telegram", "888")
    assert len(await cards(room, notice, "w3")) == 1

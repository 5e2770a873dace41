"""What shoppers must not send: hidden in storage, from staff's cards and from a model, with a word to the shopper."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.inbox import accept
from bot.inbox.accept import _store
from kit.db import Pool, Tx
from kit.mask.cards import luhn
from kit.message import Chat, Incoming, Media, SharedContact, load_incoming
from tests import spoken_numbers, talk
from tests.fakes.openai import Answer
from tests.llm_room import Room, room
from tests.queueing import AT_ONCE, CHAT
from tests.talking import Shopper, shopper, to_summary

WARNING = "hech kimga yubormang"


async def send(pool: Pool, *texts: str, start: int = 1, **parts: Any) -> None:
    """Each as an event of its own, as a messenger brings them."""
    for number, text in enumerate(texts, start):
        await accept(
            pool, [Incoming(CHAT, f"e{number}", CHAT.id, text=text, message_id=f"m{number}", **parts)], AT_ONCE
        )


async def stored(pool: Pool) -> list[Incoming]:
    rows = await pool.fetch("SELECT payload FROM inbox WHERE shop_id = 'lola' ORDER BY id")
    return [load_incoming(row["payload"]) for row in rows]


async def texts(pool: Pool) -> list[str]:
    return [one.text for one in await stored(pool)]


# ---- storage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "kept"), [
    (["8600 1234", "5678 9012"], ["8600 ****", "**** 9012"]),
    (["8600", "1234", "5678", "9012"], ["8600 ****", "**** ****", "**** ****", "**** 9012"]),
    (["kartam 86001234", "keyin 56789012 shu"], ["kartam 8600 ****", "keyin **** 9012 shu"]),
    (["8600 1234 5678", "salom", "9012"], ["8600 ****", "salom", "**** 9012"]),
    (["sakson olti nol nol o'n ikki o'ttiz to'rt", "ellik olti yetmish sakkiz to'qson o'n ikki"],
     ["8600 ****", "**** 9012"]),
    (["kod keldi", "482913"], ["kod keldi", "****"]),
    (["8600 1234 5678 9012", "05/27", "cvv", "123"], ["8600 **** **** 9012", "**/**", "cvv", "****"]),
])  # fmt: skip
async def test_what_is_typed_in_pieces_is_hidden_in_all_of_them(
    own_db: Pool, typed: list[str], kept: list[str]
) -> None:
    await send(own_db, *typed)
    assert [text.split() for text in await texts(own_db)] == [text.split() for text in kept]
    assert any(one.hidden for one in await stored(own_db))


@pytest.mark.parametrize("typed", [
    ["90 123 45 67", "93 765 43 21", "Chilonzor 9-kvartal 14-uy", "3 ta"],
    ["2 ta 46 razmer", "1 ta 48", "250 000", "1 250 000"],
    ["1024 raqamli buyurtmam qani", "901234567", "12"],
    ["8600 so'm", "1200", "ta"],
    ["kod 1024 bormi", "1025 chi"],
])  # fmt: skip
async def test_ordinary_numbers_in_a_row_stay(own_db: Pool, typed: list[str]) -> None:
    await send(own_db, *typed)
    assert await texts(own_db) == typed and not any(one.hidden for one in await stored(own_db))


async def test_pieces_hours_apart_are_numbers_of_their_own(own_db: Pool) -> None:
    await send(own_db, "8600 1234")
    await own_db.execute("UPDATE inbox SET received_at = now() - interval '1 hour' WHERE shop_id = 'lola'")
    await send(own_db, "5678 9012", start=2)
    assert await texts(own_db) == ["8600 1234", "5678 9012"]


async def test_another_shoppers_numbers_are_no_pieces(own_db: Pool) -> None:
    for number, (person, text) in enumerate([("1", "8600 1234"), ("2", "5678 9012")]):
        await accept(own_db, [Incoming(Chat("lola", "telegram", person), f"e{number}", person, text=text)], AT_ONCE)
    assert await texts(own_db) == ["8600 1234", "5678 9012"]


async def test_names_contacts_and_files_are_masked_too(own_db: Pool) -> None:
    card = "8600 1234 5678 9012"
    await send(
        own_db,
        "",
        name=f"Ali {card}",
        contact=SharedContact("+998901234567", f"karta {card}"),
        media=(Media("file", "f", name=f"{card}.pdf"),),
    )
    [one] = await stored(own_db)
    assert "5678" not in str(one) and one.contact is not None and one.contact.phone == "+998901234567"


async def test_ids_of_an_unknown_event_stay_readable(own_db: Pool) -> None:
    raw = {"sender": {"id": "5470964208842272"}, "message_id": "4073123412341234", "note": "5470 9642 0884 2272"}
    await send(own_db, "", kind="unknown", raw=raw)
    [one] = await stored(own_db)
    assert one.raw == raw | {"note": "5470 **** **** 2272"}


# ---- a word to the shopper -------------------------------------------------------------------------------------------


@pytest.fixture
async def me(db: Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as one:
        yield one


@pytest.mark.parametrize(("said", "words"), [
    ("kartam 8600 1234 5678 9012", WARNING), ("вот код из смс 482913", "никому не присылайте"),
    ("my cvv is 123", "Never send"), ("картам рақами 8600123456789012, муддати 05/27", "ҳеч кимга юборманг"),
])  # fmt: skip
async def test_the_shopper_is_told_never_to_send_it(me: Shopper, said: str, words: str) -> None:
    answer = await me.say(said)
    assert answer.count(words) == 1


async def test_a_stored_message_is_known_by_its_mark_not_by_stars(me: Shopper) -> None:
    tail = Incoming(me.play.chat, "t1", me.play.chat.id, text="****4417 ga o'tkazdim")
    assert WARNING not in "\n".join(await me.play.turn([tail]))
    marked = Incoming(me.play.chat, "t2", me.play.chat.id, text="kod keldi ****", hidden="code")
    assert WARNING in "\n".join(await me.play.turn([marked]))


async def test_beside_a_person_the_word_is_said_as_well(me: Shopper) -> None:
    await me.say("operator bilan gaplashsam")
    assert WARNING in await me.say("8600123456789012")


async def test_a_summary_still_waits_after_the_word(me: Shopper) -> None:
    await to_summary(me)
    await me.say("kartam 8600 1234 5678 9012")
    await me.say("ha")
    assert len(await me.orders()) == 1


# ---- hundreds of cards before a model --------------------------------------------------------------------------------


@pytest.fixture
async def here(db: Tx, own_db: Pool, tmp_path: Path) -> AsyncIterator[Room]:
    async with room(db, own_db, tmp_path, streams=False, shopper_tokens_a_day=10**9, shop_tokens_a_day=10**9) as one:
        yield one


def fours(joint: str) -> Any:
    return lambda number: joint.join(number[at : at + 4] for at in range(0, 16, 4))


DISGUISES = (
    str,
    *(fours(joint) for joint in (" ", ".", "\u00a0", "\n", "\u200b", "-", "–", "‑", " keyin ", " потом ", "/")),
    " ".join,
    lambda number: number.replace("0", "O"),
    lambda number: fours(" ")(number.replace("0", "О")),
    lambda number: number.translate({ord("0") + digit: ord("٠") + digit for digit in range(10)}),
    lambda number: "".join(f"{digit}\ufe0f\u20e3" for digit in number),
    lambda number: spoken_numbers.digits(number, "uz"),
    lambda number: spoken_numbers.pairs(number, "ru"),
    lambda number: spoken_numbers.fours(number, "uz_Cyrl"),
)
CARDS = 120  # measured with 1,000 now and then: docs/evidence.md
HEADS = ("8600", "5614", "9860", "4073", "5444")


def card(dice: random.Random) -> str:
    """A number as banks make them; the last digit is right."""
    head = dice.choice(HEADS) + f"{dice.randrange(10**11):011}"
    return next(head + last for last in "0123456789" if luhn(head + last))


def sent(chat: Chat, number: str, dice: random.Random) -> list[Incoming]:
    """One card as it may come: in words, over several messages, in a voice, a caption, the name of a contact."""

    def event(text: str, **parts: Any) -> Incoming:
        return Incoming(chat, talk.event(), chat.id, text=text, **parts)

    way = dice.randrange(8)
    if way == 0:
        return [event(number[:8]), event(number[8:])]
    if way == 1:
        return [event(f"karta {number[:4]}"), *(event(number[at : at + 4]) for at in (4, 8, 12))]
    disguised = dice.choice(DISGUISES)(number)
    around = dice.choice(["{}", "kartam {} shunga qaytaring", "номер карты: {}", "ryukzak bormi? {}"]).format(disguised)
    if way == 2:
        return [event(around, media=(Media("voice", "v"),), voice="heard")]
    if way == 3:
        return [event("shu raqam", contact=SharedContact("+998901234567", around))]
    return [event(around)]


async def test_of_all_these_cards_a_model_hears_none(here: Room) -> None:
    dice = random.Random(20261121)
    here.model.thinks = lambda request: Answer("Xoʻp")
    chat, connection = here.me.play.chat, here.me.connection
    numbers = [card(dice) for _ in range(CARDS)]
    bursts: list[list[Incoming]] = [[]]
    for number in numbers:
        bursts[-1] += sent(chat, number, dice)
        if len(bursts[-1]) > 30:
            bursts.append([])
    for burst in filter(None, bursts):
        await taught(connection, burst)
        rows = await connection.fetch(
            "SELECT payload FROM inbox WHERE shop_id = $1 AND status = 0 ORDER BY id", chat.shop_id
        )
        await here.me.play.turn([load_incoming(row["payload"]) for row in rows])
        await connection.execute("UPDATE inbox SET status = 1 WHERE shop_id = $1", chat.shop_id)
    assert len(here.model.bodies) >= len(bursts) - 1
    heard = json.dumps([body["messages"][1:] for body in here.model.bodies], ensure_ascii=False)
    digits = "".join(str(int(char)) for char in heard if char.isdecimal())
    assert [number for number in numbers if number[4:12] in digits] == []
    assert "yetti" not in heard and "семьдесят" not in heard and "саккиз минг" not in heard


async def taught(connection: Tx, burst: list[Incoming]) -> None:
    for one in burst:
        assert await _store(connection, one, AT_ONCE, None)

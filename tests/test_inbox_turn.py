"""Who deals with a burst: staff, the agent or nobody; and what the agent is given to think with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from agent import loop
from agent.session import PART, Session
from agent.turn import Turn
from bot.app import App, Fence
from bot.inbox import accept, work
from bot.inbox import turn as turns
from kit import cache, lanes, outbox, words
from kit.config import Config, TurnConfig
from kit.crypto import Box
from kit.db import Pool, Tx, transaction
from kit.errors import Refused, Unavailable
from kit.message import Chat, Incoming, Media, Reply
from orders.cart import Cart
from shop import contacts
from shop.audit import note
from tests.queueing import CHAT, Ledger, StaffRoom, app_of, running, until

AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)


class Mind:
    """`agent.loop` stood in: notes the turns, answers "re <texts>", applies by one outbox row."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.fail: list[Exception] = []
        self.refuse = ""

    async def answer(self, turn: Turn, brain: object) -> loop.Outcome:
        self.turns.append(turn)
        if self.fail:
            raise self.fail.pop(0)
        return loop.Outcome(Cart(), Session(topic="said"), awaiting="size")

    async def apply(self, tx: Tx, turn: Turn, outcome: loop.Outcome) -> None:
        texts = " ".join(incoming.text for incoming in turn.incoming)
        await outbox.put(tx, turn.chat, Reply(f"re {texts} {outcome.language}".strip()), idem=turn.last.event_id)
        if self.refuse and not outcome.language:
            raise Refused(self.refuse)

    def refusal(self, turn: Turn, refused: Refused) -> loop.Outcome:
        return loop.Outcome(Cart(), Session(), language=refused.key)


M = TypeVar("M", bound=Mind)


def thinks(monkeypatch: pytest.MonkeyPatch, mind: M) -> M:
    """Puts `mind` in the place of `agent.loop`."""
    for name in ("answer", "apply", "refusal"):
        monkeypatch.setattr(loop, name, getattr(mind, name))
    return mind


class Shops:
    """`shop.shops.Shops`: the turn carries whatever it gives."""

    async def get(self, shop_id: str) -> Any:
        return shop_id


@pytest.fixture
def mind(monkeypatch: pytest.MonkeyPatch) -> Mind:
    return thinks(monkeypatch, Mind())


@pytest.fixture
def room() -> StaffRoom:
    return StaffRoom()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
async def app(
    own_db: Pool, config: Config, redis: cache.Redis, ledger: Ledger, room: StaffRoom, mind: Mind, tmp_path: Path
) -> AsyncIterator[App]:
    yield app_of(own_db, config, channel=ledger, staff=room, redis=redis, shops=Shops(), box=Box(tmp_path / "key"))


def said(text: str, number: int = 1, chat: Chat = CHAT, **parts: Any) -> Incoming:
    return Incoming(chat, f"e{number}", parts.pop("sender", chat.id), text=text, **parts)


async def hear(app: App, *incomings: Incoming) -> None:
    await accept(app.db, incomings, AT_ONCE, box=app.box)


async def idle(app: App) -> bool:
    waits = await app.db.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'lola' AND status = 0")
    return not waits and not await app.db.fetchval(
        "SELECT count(*) FROM lane WHERE shop_id = 'lola' AND owner IS NOT NULL"
    )


async def play(app: App, *incomings: Incoming) -> None:
    await hear(app, *incomings)
    async with running(lambda stop: work(app, stop)):
        await until(lambda: idle(app))


async def replies(app: App) -> list[str]:
    rows = await app.db.fetch("SELECT payload FROM outbox WHERE shop_id = 'lola' AND key <> 'staff:' ORDER BY id")
    return [row["payload"]["text"] for row in rows]


async def statuses(app: App) -> list[int]:
    return [row["status"] for row in await app.db.fetch("SELECT status FROM inbox WHERE shop_id = 'lola' ORDER BY id")]


async def make_staff(app: App, person: str = "555") -> None:
    await app.db.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role) VALUES ('lola', 'telegram', $1, $1, 'owner')", person
    )


# ---- the agent's turn ------------------------------------------------------------------------------------------------


async def test_an_update_posted_five_times_in_parallel_is_answered_once(app: App, mind: Mind) -> None:
    async with running(lambda stop: work(app, stop)):
        await asyncio.gather(*(hear(app, said("salom")) for _ in range(5)))
        await until(lambda: idle(app))
    assert await replies(app) == ["re salom"]
    assert len(mind.turns) == 1


async def test_a_burst_reaches_the_agent_as_one_turn_with_all_that_is_known(app: App, mind: Mind) -> None:
    await cache.put_json(app.redis, CHAT, PART, Session(topic="shoes").dump(), 60)
    await play(app, said("salom", 1, name="Ali"), said("narxi?", 2, name="Ali"))
    [turn] = mind.turns
    assert [incoming.text for incoming in turn.incoming] == ["salom", "narxi?"]
    assert (turn.contact.name, turn.session.topic, turn.shop) == ("Ali", "shoes", "lola")
    assert turn.privacy_url == "/privacy"  # no public_url: an address of this machine opens for nobody in Telegram
    assert Session.load(await cache.get_json(app.redis, CHAT, PART)).topic == "said"
    assert await app.db.fetchval("SELECT awaiting FROM lane WHERE shop_id = 'lola'") == "size"


async def test_somebody_is_seen_typing_while_a_turn_is_thought(app: App, ledger: Ledger) -> None:
    await play(app, said("salom"))
    assert ledger.typed == [CHAT]


async def test_nobody_is_seen_typing_while_a_person_has_the_conversation(app: App, ledger: Ledger, mind: Mind) -> None:
    async with transaction(app.db) as tx:
        await contacts.pause(tx, CHAT, 30)
    await play(app, said("salom"))
    assert mind.turns[0].silenced
    assert ledger.typed == []
    told = await app.db.fetch("SELECT payload FROM outbox WHERE shop_id = 'lola' AND key = 'staff:'")
    assert [row["payload"]["facts"]["text"] for row in told] == ["salom"]


async def test_a_refusal_is_told_and_nothing_of_the_turn_stays(app: App, mind: Mind) -> None:
    mind.refuse = "order.not_now"
    await play(app, said("ha"))
    assert await replies(app) == ["re ha order.not_now"]


async def test_words_edited_within_the_burst_are_heard_in_their_last_wording(app: App, mind: Mind) -> None:
    await play(
        app,
        said("2 ta", 1, message_id="10"),
        said("qora", 2, message_id="11"),
        said("3 ta", 3, message_id="10", kind="edited"),
        said("oq", 4, message_id="9", kind="edited"),
    )
    assert [(one.kind, one.text) for one in mind.turns[0].incoming] == [
        ("message", "3 ta"),
        ("message", "qora"),
        ("edited", "oq"),
    ]


async def test_a_shop_that_is_gone_keeps_its_messages_unanswered(app: App, mind: Mind) -> None:
    strange = Chat("gone", "telegram", "1")
    await hear(app, said("salom", 1, strange), said("salom", 2))
    async with running(lambda stop: work(app, stop)):
        await until(lambda: idle(app))
        await until(lambda: _kept(app))
    assert len(mind.turns) == 1


async def _kept(app: App) -> bool:
    return bool(await app.db.fetchval("SELECT status = 2 FROM inbox WHERE shop_id = 'gone'"))


# ---- pictures --------------------------------------------------------------------------------------------------------


def photo(ref: str, number: int = 1, size: int = 0) -> Incoming:
    return said("", number, media=(Media("photo", ref, mime="image/jpeg", size=size),))


async def test_the_pictures_of_an_album_are_fetched_in_order(app: App, mind: Mind, ledger: Ledger) -> None:
    ledger.files = {"a": b"A", "b": b"B"}
    await play(app, photo("a", 1), photo("b", 2))
    assert [(one.event_id, one.data, one.mime) for one in mind.turns[0].pictures] == [
        ("e1", b"A", "image/jpeg"),
        ("e2", b"B", "image/jpeg"),
    ]


async def test_a_picture_that_is_too_heavy_or_gone_is_said_to_be_so(app: App, mind: Mind, ledger: Ledger) -> None:
    ledger.files = {"a": Unavailable("404", permanent=True, code="404")}
    await play(app, photo("a", 1), photo("b", 2, size=30_000_000))
    assert [one.failed for one in mind.turns[0].pictures] == ["404", "too_heavy"]


async def test_a_picture_that_cannot_be_had_now_is_tried_again(app: App, mind: Mind, ledger: Ledger) -> None:
    ledger.files = {"a": Unavailable("502")}
    await hear(app, photo("a"))
    async with running(lambda stop: work(app, stop)):
        await until(lambda: _tried(app))
        assert mind.turns == []
        ledger.files = {"a": b"A"}
        await until(lambda: idle(app))
    assert mind.turns[0].pictures[0].data == b"A"


async def _tried(app: App) -> bool:
    return bool(await app.db.fetchval("SELECT attempts = 1 FROM inbox WHERE shop_id = 'lola'"))


# ---- staff -----------------------------------------------------------------------------------------------------------


async def test_a_command_is_for_staff_and_start_is_not(app: App, room: StaffRoom, mind: Mind) -> None:
    await play(app, said("/orders", 1, kind="command"), said("/start", 2, kind="command"))
    assert [incoming.text for incoming in room.handled] == ["/orders", "/start"]
    assert await replies(app) == ["re /start"]
    assert await statuses(app) == [1, 1]


async def test_a_burst_ends_where_a_matter_of_staff_begins(app: App, room: StaffRoom) -> None:
    await play(app, said("salom", 1), said("narxi?", 2), said("/today", 3, kind="command"), said("rahmat", 4))
    assert await replies(app) == ["re salom narxi?", "re rahmat"]


async def test_what_staff_write_goes_to_staff_first(app: App, room: StaffRoom, mind: Mind) -> None:
    await make_staff(app)
    await play(app, said("8600 1234 5678 9012"), said("salom", 2, Chat("lola", "telegram", "9")))
    assert room.typed == ["8600 1234 5678 9012"]
    assert "5678" not in room.handled[0].text
    assert len(mind.turns) == 2  # not a matter of staff after all: she tries her own shop


async def test_what_is_said_in_the_staffs_group_is_never_answered_by_the_agent(
    app: App, room: StaffRoom, mind: Mind
) -> None:
    group = Chat("lola", "telegram", "-100")
    await play(app, said("tushlikka chiqdim", 1, group, group=True, sender="5"))
    assert len(room.handled) == 1
    assert mind.turns == []
    assert await statuses(app) == [2]


async def test_staff_write_once_under_the_fence(app: App, room: StaffRoom) -> None:
    async def deal(app: App, incoming: Incoming, fence: Fence) -> bool:
        async with transaction(app.db) as tx:
            await fence(tx)
            await note(tx, "lola", "staff", "pressed")
        return True

    room.deal = deal
    await play(app, said("", 1, kind="button", button="s:seen:1"))
    assert await app.db.fetchval("SELECT count(*) FROM audit WHERE shop_id = 'lola'") == 1
    assert await statuses(app) == [1]


async def test_a_press_handled_by_a_worker_that_lost_the_lane_changes_nothing(app: App, room: StaffRoom) -> None:
    async def deal(app: App, incoming: Incoming, fence: Fence) -> bool:
        if len(room.handled) == 1:  # frozen for longer than the lease: somebody frees the lane
            await app.db.execute("UPDATE lane SET lease_until = now() WHERE shop_id = 'lola'")
            await lanes.free_expired(app.db)
        async with transaction(app.db) as tx:
            await note(tx, "lola", "staff", "pressed")
            await fence(tx)
        return True

    room.deal = deal
    await play(app, said("", 1, kind="button", button="s:seen:1"))
    assert len(room.handled) == 2
    assert await app.db.fetchval("SELECT count(*) FROM audit WHERE shop_id = 'lola'") == 1


# ---- dead letters ----------------------------------------------------------------------------------------------------


async def test_a_dead_letter_is_told_to_staff_and_the_shopper_is_not_left_waiting(app: App) -> None:
    desk = turns.Desk(app)
    await hear(app, said("zahar"))
    [held] = await lanes.claim(app.db, 1, 1)
    [row] = await lanes.waiting(app.db, held)
    async with transaction(app.db) as tx:
        await contacts.seen(tx, row.incoming)
        await contacts.set_language(tx, CHAT, "ru")
        await desk.buried(tx, held, row, "ValueError: zahar")
    notice = await app.db.fetchval("SELECT payload FROM outbox WHERE shop_id = 'lola' AND key = 'staff:'")
    assert (notice["kind"], notice["shopper"], notice["facts"]["letter"]) == ("dead_letter", CHAT.key, f"i{row.id}")
    [sorry] = await replies(app)
    assert "сотрудник" in sorry


@pytest.mark.parametrize(
    ("text", "platform", "language"),
    [("сколько стоит сумка и есть ли доставка?", "", "ru"), ("", "en", "en"), ("?", "de", "uz")],
)
async def test_a_first_message_that_fails_is_regretted_in_its_own_language(
    app: App, text: str, platform: str, language: str
) -> None:
    desk = turns.Desk(app)
    await hear(app, said(text, 1, language=platform))
    [held] = await lanes.claim(app.db, 1, 1)
    [row] = await lanes.waiting(app.db, held)
    async with transaction(app.db) as tx:
        await desk.buried(tx, held, row, "ValueError")
    assert await replies(app) == [words.say(language, "queue.trouble")]

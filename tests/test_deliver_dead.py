"""What was given up can be seen, tried again and put aside, and staff hear of it once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.deliver import Sender
from kit import outbox, outgoing
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Unavailable
from kit.message import Chat, Reply
from tests.queueing import Ledger, StaffRoom, app_of, running, until

CHAT = Chat("lola", "widget", "w1")
REFUSED = Unavailable("message is too long", permanent=True, code="400")


async def put(pool: Pool, *texts: str, chat: Chat = CHAT) -> list[int]:
    async with transaction(pool) as tx:
        return [await outbox.put(tx, chat, Reply(text), idem=f"{chat.key}:{text}") for text in texts]


async def settled(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status IN (0, 2)")


async def deliver(app: App, backoff_s: tuple[float, ...] = (0.01,)) -> None:
    async with running(Sender(app, backoff_s=backoff_s).run):
        await until(lambda: settled(app.db))


async def status(pool: Pool, row: int) -> int:
    found: int = await pool.fetchval("SELECT status FROM outbox WHERE shop_id = 'lola' AND id = $1", row)
    return found


@pytest.fixture
async def ledger() -> AsyncIterator[Ledger]:
    yield Ledger("widget")


async def test_a_dead_letter_says_to_whom_what_why_and_when(own_db: Pool, config: Config, ledger: Ledger) -> None:
    ledger.fail = [REFUSED]
    (row,) = await put(own_db, "salom")
    await deliver(app_of(own_db, config, channel=ledger))
    (letter,) = await outgoing.dead_letters(own_db, "lola", 10)
    assert (letter.id, letter.key, letter.what, letter.why) == (
        f"o{row}",
        CHAT.key,
        "salom",
        "400 message is too long",
    )
    assert abs(letter.at.timestamp() - (await own_db.fetchval("SELECT now()")).timestamp()) < 10
    assert await outgoing.dead_letters(own_db, "other", 10) == []


async def test_a_letter_tried_again_is_said_before_what_came_after_it(
    own_db: Pool, config: Config, ledger: Ledger
) -> None:
    ledger.fail = [REFUSED]
    (row,) = await put(own_db, "salom")
    await deliver(app_of(own_db, config, channel=ledger))
    await put(own_db, "hayr")
    async with transaction(own_db) as tx:
        assert not await outgoing.revive(tx, "other", row)
        assert await outgoing.revive(tx, "lola", row)
        assert not await outgoing.revive(tx, "lola", row)
    await deliver(app_of(own_db, config, channel=ledger))
    assert ledger.texts == ["salom", "hayr"]
    assert await outgoing.dead_letters(own_db, "lola", 10) == []


async def test_a_letter_tried_again_rings(own_db: Pool, config: Config, ledger: Ledger) -> None:
    ledger.fail = [REFUSED]
    (row,) = await put(own_db, "salom")
    async with running(Sender(app_of(own_db, config, channel=ledger)).run):
        await until(lambda: settled(own_db))
        async with transaction(own_db) as tx:
            await outgoing.revive(tx, "lola", row)
        await until(lambda: ledger.texts == ["salom"], 0.9)  # a poll's second is longer


async def test_a_letter_put_aside_is_never_sent(own_db: Pool, config: Config, ledger: Ledger) -> None:
    ledger.fail = [REFUSED]
    (row,) = await put(own_db, "salom")
    await deliver(app_of(own_db, config, channel=ledger))
    async with transaction(own_db) as tx:
        assert not await outgoing.skip(tx, "other", row)
        assert await outgoing.skip(tx, "lola", row)
        assert not await outgoing.skip(tx, "lola", row) and not await outgoing.revive(tx, "lola", row)
    assert await status(own_db, row) == 8 and ledger.texts == []


async def test_many_refused_messages_are_one_notice_an_hour(own_db: Pool, config: Config, ledger: Ledger) -> None:
    room = StaffRoom()
    ledger.fail = [REFUSED] * 20
    for number in range(20):
        await put(own_db, "salom", chat=Chat("lola", "widget", str(number)))
    await deliver(app_of(own_db, config, channel=ledger, staff=room))
    assert len(room.notices) == 1
    assert len(await outgoing.dead_letters(own_db, "lola", 100)) == 20


async def test_a_closed_window_gives_staff_the_words_and_the_phone(own_db: Pool, config: Config) -> None:
    room = StaffRoom()
    ledger = Ledger("instagram")
    chat = Chat("lola", "instagram", "17")
    closed = Unavailable("Outside of the allowed window", permanent=True, code="window")
    ledger.fail = [closed, closed]
    await own_db.execute(
        "INSERT INTO contacts (shop_id, channel, id, buyer) VALUES ('lola', 'instagram', '17', $1)",
        {"phone": "+998901234567"},
    )
    await put(own_db, "Buyurtmangiz yoʻlda", "Yana bir gap", chat=chat)
    await deliver(app_of(own_db, config, channel=ledger, staff=room))
    (notice,) = room.notices
    assert (notice.facts["why"], notice.facts["text"], notice.facts["phone"]) == (
        "window",
        "Buyurtmangiz yoʻlda",
        "+998901234567",
    )


async def test_a_platform_away_for_ten_minutes_loses_nothing(own_db: Pool, config: Config, ledger: Ledger) -> None:
    ledger.fail = [Unavailable("502", code="5xx")] * 15  # 1, 2, 5, 15, 60, 60 ... seconds: a quarter of an hour
    await put(own_db, "salom", "hayr")
    await deliver(app_of(own_db, config, channel=ledger))
    assert ledger.texts == ["salom", "hayr"]


async def test_a_platform_away_for_an_hour_makes_a_dead_letter(own_db: Pool, config: Config, ledger: Ledger) -> None:
    ledger.fail = [Unavailable("502", code="5xx")] * 60
    await put(own_db, "salom")
    await deliver(app_of(own_db, config, channel=ledger), (0.001,))
    (letter,) = await outgoing.dead_letters(own_db, "lola", 10)
    assert letter.why.startswith("Unavailable")


async def test_sends_are_counted(own_db: Pool, config: Config, ledger: Ledger) -> None:
    ledger.fail = [Unavailable("502", code="5xx"), None, REFUSED]
    await put(own_db, "salom", "hayr")
    app = app_of(own_db, config, channel=ledger)
    await deliver(app)
    text = app.metrics.text().decode()
    for outcome in ("again", "sent", "dead"):
        assert f'sotuv_sends_total{{channel="widget",outcome="{outcome}"}} 1.0' in text

"""Stored before acknowledged: once, masked, in order, due after the right window."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.inbox import accept
from kit import lanes, outbox
from kit.config import TurnConfig
from kit.crypto import Box
from kit.db import Pool, open_pool, transaction
from kit.message import Chat, Incoming, Media, Reply, load_incoming
from shop import contacts
from tests.queueing import CHAT

TURN = TurnConfig()
AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)


def said(text: str, number: int = 1, chat: Chat = CHAT, **parts: Any) -> Incoming:
    return Incoming(chat, f"e{number}", chat.id, text=text, **parts)


async def rows(pool: Pool) -> list[Any]:
    return await pool.fetch("SELECT * FROM inbox ORDER BY shop_id, id")


async def lane(pool: Pool, chat: Chat = CHAT) -> Any:
    return await pool.fetchrow(
        "SELECT *, due_at - now() AS wait FROM lane WHERE shop_id = $1 AND key = $2", chat.shop_id, chat.key
    )


async def waits_s(pool: Pool, chat: Chat = CHAT) -> float:
    return float((await lane(pool, chat))["wait"].total_seconds())


# ---- once ------------------------------------------------------------------------------------------------------------


async def test_an_update_posted_a_hundred_times_by_two_processes_is_one_row(db_url: str) -> None:
    doors = [await open_pool(db_url), await open_pool(db_url)]
    fresh = await asyncio.gather(*(accept(doors[number % 2], [said("salom")], TURN) for number in range(100)))
    assert sum(fresh) == 1
    assert len(await rows(doors[0])) == 1
    assert (await lane(doors[0]))["seq"] == 1
    for door in doors:
        await door.close()


async def test_a_repeated_update_moves_nothing(own_db: Pool) -> None:
    await accept(own_db, [said("narxi qancha?")], TURN)
    before = await lane(own_db)
    assert await accept(own_db, [said("narxi qancha?")], TURN) == 0
    after = await lane(own_db)
    assert {name: after[name] for name in ("seq", "due_at", "burst_at", "owner")} == {
        name: before[name] for name in ("seq", "due_at", "burst_at", "owner")
    }


async def test_an_answered_update_that_comes_again_a_month_later_is_not_answered(own_db: Pool) -> None:
    await accept(own_db, [said("salom")], AT_ONCE)
    await own_db.execute("UPDATE inbox SET status = 1, received_at = now() - interval '30 days' WHERE shop_id = 'lola'")
    await own_db.execute("UPDATE lane SET due_at = 'infinity' WHERE shop_id = 'lola'")
    assert await accept(own_db, [said("salom")], AT_ONCE) == 0
    assert await lanes.next_due(own_db) is None


async def test_sequence_is_the_order_of_commits_from_many_doors(own_db: Pool) -> None:
    await asyncio.gather(*(accept(own_db, [said(str(number), number)], AT_ONCE) for number in range(60)))
    seqs = [row["seq"] for row in await rows(own_db)]
    assert sorted(seqs) == list(range(1, 61))


async def test_batches_that_cross_each_other_do_not_lock_each_other_out(own_db: Pool) -> None:
    chats = [Chat("lola", "telegram", str(number)) for number in range(6)]

    # one event id per chat and round: the ids are unique inside shop and channel
    async def numbered(round_: int) -> int:
        there = chats if round_ % 2 else list(reversed(chats))
        return await accept(
            own_db, [said("salom", round_ * 10 + place, chat) for place, chat in enumerate(there)], AT_ONCE
        )

    assert sum(await asyncio.gather(*(numbered(round_) for round_ in range(30)))) == 180


async def test_all_events_of_a_webhook_or_none(own_db: Pool) -> None:
    await own_db.execute("ALTER TABLE inbox ADD CONSTRAINT no_bombs CHECK (payload->>'text' <> 'bomb')")
    with pytest.raises(Exception, match="no_bombs"):
        await accept(own_db, [said("salom", 1), said("bomb", 2)], AT_ONCE)
    assert await rows(own_db) == []
    assert await lane(own_db) is None


# ---- when it is due --------------------------------------------------------------------------------------------------


async def test_a_complete_request_waits_a_little_and_a_fragment_longer(own_db: Pool) -> None:
    other = Chat("lola", "telegram", "556")
    await accept(own_db, [said("qora koʻylak narxi qancha?", 1)], TURN)
    await accept(own_db, [said("salom", 2, other)], TURN)
    assert 0.5 < await waits_s(own_db) <= 0.8
    assert 3.0 < await waits_s(own_db, other) <= 3.5


async def test_a_button_is_due_at_once_and_ends_the_wait_of_what_came_before(own_db: Pool) -> None:
    await accept(own_db, [said("salom", 1)], TURN)
    await accept(own_db, [said("", 2, kind="button", button="b:yes:1")], TURN)
    assert await waits_s(own_db) <= 0
    await accept(own_db, [said("rahmat", 3)], TURN)
    assert await waits_s(own_db) <= 0  # what is due stays due


async def test_the_window_counts_from_the_last_message_but_ends(own_db: Pool) -> None:
    await accept(own_db, [said("salom", 1)], TURN)
    await own_db.execute(
        "UPDATE lane SET burst_at = burst_at - interval '4 s', due_at = due_at - interval '3.4 s'"
        " WHERE shop_id = 'lola'"
    )
    assert await waits_s(own_db) < 0.2
    await accept(own_db, [said("opa", 2)], TURN)
    assert 1.0 < await waits_s(own_db) <= 2.0  # 3.5 s more would pass the 6 s since the first word


async def test_a_yes_while_a_summary_waits_is_due_at_once(own_db: Pool) -> None:
    await own_db.execute("INSERT INTO lane (shop_id, key, awaiting) VALUES ('lola', $1, 'confirm')", CHAT.key)
    await accept(own_db, [said("ha")], TURN)
    assert await waits_s(own_db) <= 0


async def test_what_staff_answer_to_a_question_is_due_at_once(own_db: Pool) -> None:
    await own_db.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role, step)"
        " VALUES ('lola', 'telegram', '555', '555', 'owner', $1)",
        {"ask": "name"},
    )
    await accept(own_db, [said("Lola")], TURN)
    assert await waits_s(own_db) <= 0


async def test_a_busy_lane_gathers_the_next_burst_with_its_own_window(own_db: Pool) -> None:
    await accept(own_db, [said("salom", 1)], AT_ONCE)
    [held] = await lanes.claim(own_db, 1, 5)
    await accept(own_db, [said("yana bir savol", 2)], TURN)
    assert await lanes.claim(own_db, 2, 5) == []
    await lanes.waiting(own_db, held)
    held.seen = 1
    await lanes.release(own_db, held)
    assert await waits_s(own_db) > 0.5


async def test_the_bell_rings_only_when_an_idle_lane_becomes_due_or_due_earlier(own_db: Pool) -> None:
    rung: list[object] = []

    def hear(*_: object) -> None:
        rung.append(1)

    async with own_db.acquire() as ear:
        await ear.add_listener(lanes.BELL, hear)

        async def rings(*incomings: Incoming) -> int:
            rung.clear()
            await accept(own_db, incomings, TURN)
            await ear.fetchval("SELECT 1")
            await asyncio.sleep(0.02)
            return len(rung)

        assert await rings(said("salom", 1)) == 1
        assert await rings(said("salom", 1)) == 0  # again
        assert await rings(said("opa", 2)) == 0  # later than before
        assert await rings(said("qora koʻylak narxi qancha?", 3)) == 1  # sooner
        assert await rings(said("", 4, kind="button", button="b:yes:1")) == 1
        assert await rings(said("rahmat", 5)) == 0  # due already
        await lanes.claim(own_db, 1, 1)
        assert await rings(said("yana", 6)) == 0  # somebody works there and will look
        await ear.remove_listener(lanes.BELL, hear)


# ---- what may be stored ----------------------------------------------------------------------------------------------


async def test_cards_and_codes_are_masked_before_they_are_stored(own_db: Pool) -> None:
    raw = {"deep": [{"card": "8600 1234 5678 9012"}]}
    await accept(own_db, [said("kartam 8600 1234 5678 9012", 1)], AT_ONCE)
    await accept(own_db, [said("", 2, kind="unknown", raw=raw, note="karta 8600123456789012")], AT_ONCE)
    stored = str([row["payload"] for row in await rows(own_db)])
    assert "5678" not in stored
    assert "kartam" in stored


async def test_what_postgresql_cannot_store_is_stored_without_it(own_db: Pool) -> None:
    incoming = said("sa\x00lom \ud83d", 1, name="A\x00li", raw={"k\x00": "v\x00"})
    assert await accept(own_db, [incoming], AT_ONCE) == 1
    assert load_incoming((await rows(own_db))[0]["payload"]).text.startswith("salom")


async def test_an_endless_id_is_one_id(own_db: Pool) -> None:
    endless = Incoming(CHAT, "x" * 5000, "555", text="salom")
    assert await accept(own_db, [endless], AT_ONCE) == 1
    assert await accept(own_db, [endless], AT_ONCE) == 0


async def test_the_owners_card_is_kept_sealed_beside_the_masked_text(own_db: Pool, tmp_path: Any) -> None:
    box = Box(tmp_path / "key")
    await own_db.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role) VALUES ('lola', 'telegram', '555', '555', 'owner')"
    )
    await accept(own_db, [said("/card 8600 1234 5678 9012", 1, kind="command")], AT_ONCE, box=box)
    await accept(own_db, [said("8600 1234 5678 9012", 2, Chat("lola", "telegram", "9"))], AT_ONCE, box=box)
    owner, shopper = await rows(own_db)
    assert box.open(owner["sealed"], context=f"inbox:lola:{CHAT.key}") == "/card 8600 1234 5678 9012"
    assert shopper["sealed"] is None
    [held, _] = sorted(await lanes.claim(own_db, 1, 5), key=lambda one: one.key)
    async with transaction(own_db) as tx:
        await lanes.fence(tx, held)
        await lanes.done(tx, held, owner["id"])
    assert (await rows(own_db))[0]["sealed"] is None


# ---- what is noted and not answered ----------------------------------------------------------------------------------


async def paused(pool: Pool) -> bool:
    return bool(
        await pool.fetchval("SELECT paused_until > now() + interval '29 min' FROM contacts WHERE shop_id = 'lola'")
    )


def echo(text: str, message_id: str = "m1", number: int = 7) -> Incoming:
    return Incoming(CHAT, f"echo{number}", "shop", kind="echo", text=text, message_id=message_id)


async def outgoing(pool: Pool, text: str, status: int, provider_id: str | None = None) -> None:
    async with transaction(pool) as tx:
        row = await outbox.put(tx, CHAT, Reply(text), idem=text)
        await tx.execute(
            "UPDATE outbox SET status = $2, provider_id = $3, sent_at = now() WHERE shop_id = 'lola' AND id = $1",
            row,
            status,
            provider_id,
        )


async def test_a_person_of_the_shop_who_writes_silences_the_agent(own_db: Pool) -> None:
    assert await accept(own_db, [echo("Assalomu alaykum, men Lola")], TURN) == 1
    assert await paused(own_db)
    assert (await rows(own_db))[0]["status"] == 2
    assert await lane(own_db) is None


async def test_our_own_words_come_back_and_silence_nobody(own_db: Pool) -> None:
    await outgoing(own_db, "Narxi 250 000 soʻm", 1, "m1")
    await accept(own_db, [echo("anything", "m1")], TURN)
    assert not await paused(own_db)


async def test_an_echo_that_is_faster_than_our_note_is_ours_all_the_same(own_db: Pool) -> None:
    await outgoing(own_db, "Narxi 250 000 soʻm. Qaysi oʻlcham kerak?", 2)
    await accept(own_db, [echo("Narxi 250 000 soʻm.", "m9")], TURN)  # the first piece of a long text
    assert not await paused(own_db)
    await accept(own_db, [echo("Narxi 200 000 soʻm", "m10", 8)], TURN)
    assert await paused(own_db)


async def test_an_unknown_shape_is_kept_and_staff_hear_of_it_once_an_hour(own_db: Pool) -> None:
    await accept(own_db, [said("", number, kind="unknown", raw={"new": "thing"}) for number in range(5)], TURN)
    assert [row["status"] for row in await rows(own_db)] == [2] * 5
    assert await own_db.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND key = 'staff:'") == 1


async def test_events_of_nobodys_account_are_kept_under_a_dash(own_db: Pool) -> None:
    strange = Chat("-", "instagram", "1")
    assert await accept(own_db, [said("salom", 1, strange), said("", 2, strange, kind="unknown")], TURN) == 2
    assert {row["shop_id"] for row in await rows(own_db)} == {"-"}
    assert await own_db.fetchval("SELECT count(*) FROM outbox WHERE shop_id <> ''") == 0
    assert await lanes.next_due(own_db) is None


async def test_who_blocks_the_bot_is_unreachable_until_they_write(own_db: Pool) -> None:
    async with transaction(own_db) as tx:
        await contacts.seen(tx, said("salom"))
    await accept(own_db, [said("", 2, kind="blocked")], TURN)
    assert (await contacts.get(own_db, CHAT)).unreachable == "blocked"


async def test_a_message_taken_back_is_forgotten_and_not_answered(own_db: Pool) -> None:
    await accept(own_db, [said("men 5-uyda", 1, message_id="m1", media=(Media("photo", "f1"),))], TURN)
    await accept(own_db, [said("", 2, kind="deleted", message_id="m1")], TURN)
    first = (await rows(own_db))[0]
    assert first["status"] == 2
    assert "text" not in first["payload"]
    assert "media" not in first["payload"]


async def test_a_post_of_the_shop_is_remembered_with_its_words(own_db: Pool) -> None:
    url = "https://t.me/lola_shop/77"
    await accept(own_db, [said("Qora koʻylak 250 000", 1, kind="post", post="-100:77", post_url=url)], TURN)
    row = await own_db.fetchrow("SELECT post_id, code, caption FROM posts WHERE shop_id = 'lola'")
    assert tuple(row) == ("-100:77", "lola_shop/77", "Qora koʻylak 250 000")


@pytest.mark.parametrize("kind", ["seen", "ignored", "post", "payment"])
async def test_events_that_need_no_answer_start_no_turn(own_db: Pool, kind: str) -> None:
    assert await accept(own_db, [said("x", 1, kind=kind)], TURN) == 1
    assert await lanes.next_due(own_db) is None

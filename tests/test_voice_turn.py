"""Voices of a burst are listened to before its turn, once each whatever happens, and kept as if they had been typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.inbox.turn import Desk
from bot.inbox.worker import Worker
from kit import clock, lanes
from kit.cache import Redis
from kit.config import Config, VoiceConfig
from kit.crypto import Box
from kit.db import Pool, Tx
from kit.errors import Unavailable
from kit.lanes import Held, Row
from kit.message import Incoming, Media
from tests.fakes.voice import FakeVoice, m4a, ogg
from tests.pictures import product_png
from tests.queueing import AT_ONCE, CHAT, Ledger, app_of, hear
from tests.talking import ADDRESS, Shopper, shopper
from tests.test_inbox_turn import Mind, Shops, thinks

CARD = "8600 1234 5678 9012"


@pytest.fixture
async def ear() -> AsyncIterator[FakeVoice]:
    async with FakeVoice() as server:
        yield server


@pytest.fixture
def mind(monkeypatch: pytest.MonkeyPatch) -> Mind:
    return thinks(monkeypatch, Mind())


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def app(own_db: Pool, config: Config, redis: Redis, ledger: Ledger, mind: Mind, ear: FakeVoice, tmp_path: Path) -> App:
    listening = config.model_copy(update={"voice": VoiceConfig.model_validate(ear.settings), "turn": AT_ONCE})
    return app_of(own_db, listening, channel=ledger, redis=redis, shops=Shops(), box=Box(tmp_path / "key"))


def voice(ref: str = "v1", number: int = 1, text: str = "", **about: Any) -> Incoming:
    media = (Media("voice", ref, mime="audio/ogg", **about),)
    return Incoming(CHAT, f"e{number}", CHAT.id, text=text, media=media, message_id=f"m{number}")


def with_limits(app: App, **limits: Any) -> App:
    changed = app.config.voice.model_copy(update=limits)
    app.config = app.config.model_copy(update={"voice": changed})
    return app


async def claimed(app: App) -> tuple[Held, Sequence[Row]]:
    [held] = await lanes.claim(app.db, 1, 1)
    return held, await lanes.waiting(app.db, held)


async def turned(app: App) -> None:
    """One turn of the conversation by a process of its own."""
    held, rows = await claimed(app)
    desk = Desk(app)
    worker = Worker(app.db, desk.think)
    assert await worker._write(held, rows, await desk.think(held, rows))
    await lanes.release(app.db, held)
    await desk.ears.close()


async def stored(app: App) -> list[dict[str, Any]]:
    rows = await app.db.fetch("SELECT payload FROM inbox WHERE shop_id = 'lola' ORDER BY id")
    return [row["payload"] for row in rows]


# ---- heard once ------------------------------------------------------------------------------------------------------


async def test_a_voice_is_words_before_the_turn(app: App, ledger: Ledger, mind: Mind, ear: FakeVoice) -> None:
    ledger.files["v1"] = ogg("kepka qancha turadi", 2.6)
    await hear(app.db, voice(seconds=1))
    await turned(app)
    [one] = mind.turns[0].incoming
    assert (one.text, one.voice, one.media[0].seconds) == ("kepka qancha turadi", "heard", 3)
    [row] = await stored(app)
    assert (row["text"], row["voice"]) == ("kepka qancha turadi", "heard")
    assert ear.heard == [ledger.files["v1"]]
    assert b'sotuv_voices_total{outcome="heard"} 1.0' in app.metrics.text()


async def test_instagrams_sound_is_heard_too(app: App, ledger: Ledger, mind: Mind) -> None:
    ledger.files["v1"] = m4a("сколько стоит рюкзак")
    await hear(app.db, voice())
    await turned(app)
    assert mind.turns[0].last.text == "сколько стоит рюкзак"


async def test_a_burst_of_voice_and_text_is_one_turn_in_its_order(app: App, ledger: Ledger, mind: Mind) -> None:
    ledger.files |= {"v1": ogg("qora krossovka"), "v2": ogg("qirqinchi razmer")}
    text = Incoming(CHAT, "e2", CHAT.id, text="bormi?")
    await hear(app.db, voice("v1", 1), text, voice("v2", 3, text="izoh"))
    await turned(app)
    [turn] = mind.turns
    assert [one.text for one in turn.incoming] == ["qora krossovka", "bormi?", "izoh\nqirqinchi razmer"]


async def test_a_process_that_dies_after_listening_leaves_the_words(
    app: App, ledger: Ledger, mind: Mind, ear: FakeVoice
) -> None:
    ledger.files["v1"] = ogg("kepka bormi")
    await hear(app.db, voice())
    held, rows = await claimed(app)
    await Desk(app).think(held, rows)  # heard, thought about, and then nothing: the process is gone
    await lanes.free(app.db, held)
    ledger.files.clear()  # the platform's link is dead by now
    await turned(app)
    assert [turn.last.text for turn in mind.turns] == ["kepka bormi"] * 2 and len(ear.calls) == 1


async def test_a_turn_thought_again_listens_to_what_is_new_alone(
    app: App, ledger: Ledger, mind: Mind, ear: FakeVoice
) -> None:
    ledger.files |= {"v1": ogg("bir"), "v2": ogg("ikki")}
    await hear(app.db, voice("v1", 1))
    held, rows = await claimed(app)
    desk = Desk(app)
    thought = await desk.think(held, rows)
    await hear(app.db, voice("v2", 2))
    assert not await Worker(app.db, desk.think)._write(held, rows, thought)
    await lanes.release(app.db, held, rethink=True)
    await turned(app)
    assert [one.text for one in mind.turns[-1].incoming] == ["bir", "ikki"] and len(ear.calls) == 2


async def test_a_failure_is_not_tried_again_by_the_next_turn(
    app: App, ledger: Ledger, mind: Mind, ear: FakeVoice
) -> None:
    ear.fail("refuse", "transcribe", status=400)
    ledger.files["v1"] = ogg("kepka bormi")
    await hear(app.db, voice())
    held, rows = await claimed(app)
    await Desk(app).think(held, rows)
    await lanes.free(app.db, held)
    await turned(app)
    assert mind.turns[-1].last.voice == "failed" and len(ear.calls) == 1


async def test_what_was_taken_back_meanwhile_is_not_written_down(app: App, ledger: Ledger, ear: FakeVoice) -> None:
    await hear(app.db, voice())
    held, rows = await claimed(app)

    async def fetch(media: Media) -> bytes:
        await hear(app.db, Incoming(CHAT, "gone", CHAT.id, kind="deleted", message_id="m1"))
        return ogg("sirim bor")

    ledger.fetch = fetch  # type: ignore[method-assign]
    [row] = await Desk(app).ears.listen(held, rows)
    assert row.incoming.text == "" and all("sirim" not in str(payload) for payload in await stored(app))


# ---- the same door ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "kept"), [
    (f"kartam {CARD} muddati 05/27", "kartam 8600 **** **** 9012 muddati **/**"),
    ("kod keldi 482913", "kod keldi ****"),
])  # fmt: skip
async def test_secrets_said_aloud_are_masked_before_they_are_stored_or_heard(
    app: App, ledger: Ledger, mind: Mind, said: str, kept: str
) -> None:
    ledger.files["v1"] = ogg(said)
    await hear(app.db, voice())
    await turned(app)
    assert mind.turns[0].last.text == kept and [row["text"] for row in await stored(app)] == [kept]


async def test_what_the_database_does_not_take_is_left_out(
    app: App, ledger: Ledger, mind: Mind, ear: FakeVoice
) -> None:
    ear.says = "nar\x00xi \ud83d qancha <script>"
    ledger.files["v1"] = ogg("x", 5)
    await hear(app.db, voice())
    await turned(app)
    assert mind.turns[0].last.text == "narxi qancha"


async def test_words_that_look_like_a_command_are_words(app: App, ledger: Ledger, mind: Mind, ear: FakeVoice) -> None:
    ear.says = "/ship 5"
    ledger.files["v1"] = ogg("x")
    await hear(app.db, voice())
    await turned(app)
    assert (mind.turns[0].last.kind, mind.turns[0].last.text) == ("message", "/ship 5")


# ---- what is not listened to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("about", "data"), [
    ({"seconds": 181}, None), ({"size": 10_000_001}, None), ({"seconds": 2}, ogg("x", 600)),
    ({}, ogg("x") + bytes(10_000_000)),
])  # fmt: skip
async def test_a_voice_that_is_too_long_costs_nothing(
    app: App, ledger: Ledger, mind: Mind, ear: FakeVoice, about: dict[str, int], data: bytes | None
) -> None:
    if data is not None:
        ledger.files["v1"] = data
    await hear(app.db, voice(**about))
    await turned(app)
    assert mind.turns[0].last.voice == "too_long" and ear.calls == []


async def test_bytes_that_are_no_sound_go_nowhere(app: App, ledger: Ledger, mind: Mind, ear: FakeVoice) -> None:
    ledger.files["v1"] = product_png(1)
    await hear(app.db, voice())
    await turned(app)
    assert mind.turns[0].last.voice == "failed" and ear.calls == []


async def test_a_conversation_has_its_minutes_a_day(app: App, ledger: Ledger, mind: Mind, ear: FakeVoice) -> None:
    with_limits(app, shopper_minutes_a_day=1)
    ledger.files |= {"v1": ogg("bir", 40), "v2": ogg("ikki", 15), "v3": ogg("uch", 10)}
    await hear(app.db, voice("v1", 1), voice("v2", 2), voice("v3", 3))
    await turned(app)
    assert [one.voice for one in mind.turns[0].incoming] == ["heard", "heard", "enough"]


async def test_silence_has_no_words(app: App, ledger: Ledger, mind: Mind) -> None:
    ledger.files["v1"] = ogg("Продолжение следует...")
    await hear(app.db, voice())
    await turned(app)
    assert (mind.turns[0].last.voice, mind.turns[0].last.text) == ("silent", "")


async def test_a_platform_that_stumbles_is_asked_at_the_next_try(app: App, ledger: Ledger, mind: Mind) -> None:
    ledger.files["v1"] = Unavailable("no connection", code="network")
    await hear(app.db, voice())
    held, rows = await claimed(app)
    desk = Desk(app)
    with pytest.raises(Unavailable):
        await desk.think(held, rows)
    assert "voice" not in (await stored(app))[0]
    [row] = await desk.ears.listen(held, [replace(one, attempts=2) for one in rows])
    assert row.incoming.voice == "failed"


async def test_staff_hear_once_that_the_provider_refuses_us(app: App, ledger: Ledger, ear: FakeVoice) -> None:
    ear.fail("refuse", "transcribe", status=401, times=2)
    ledger.files |= {"v1": ogg("bir"), "v2": ogg("ikki")}
    await hear(app.db, voice("v1", 1), voice("v2", 2))
    await turned(app)
    rows = await app.db.fetch("SELECT payload FROM outbox WHERE shop_id = 'lola' AND key = 'staff:'")
    assert [row["payload"]["facts"] for row in rows] == [{"what": "voice"}]


async def test_without_a_provider_nothing_is_fetched(app: App, ledger: Ledger, mind: Mind, ear: FakeVoice) -> None:
    with_limits(app, base_url="")
    await hear(app.db, voice())
    await turned(app)
    assert mind.turns[0].last.voice == "" and ear.calls == []


# ---- what the shopper hears ------------------------------------------------------------------------------------------


@pytest.fixture
async def me(db: Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as one:
        yield one


async def say(me: Shopper, how: str, *, text: str = "", after: str = "") -> list[str]:
    burst = [replace(voice(), chat=me.play.chat, event_id=f"v{clock.now().timestamp()}", text=text, voice=how)]
    if after:
        burst.append(Incoming(me.play.chat, f"t{clock.now().timestamp()}", me.play.chat.id, text=after))
    return await me.play.turn(burst)


@pytest.mark.parametrize(("how", "words"), [
    ("", "tinglay olmayman"), ("failed", "tushuna olmadim"), ("silent", "tushuna olmadim"), ("too_long", "juda uzun"),
    ("enough", "Bugun boshqa"),
])  # fmt: skip
async def test_the_shopper_is_asked_to_type(me: Shopper, how: str, words: str) -> None:
    [answer] = await say(me, how)
    assert words in answer and "yozib yuboring" in answer


@pytest.mark.parametrize(("before", "words"), [
    ("Здравствуйте, сколько стоит доставка?", "Напишите, пожалуйста"),
    ("етказиб бериш қанча туради", "ёзиб юборинг"),
    ("how much is the delivery?", "please type"),
])  # fmt: skip
async def test_in_the_language_of_the_conversation(me: Shopper, before: str, words: str) -> None:
    await me.say(before)
    [answer] = await say(me, "failed")
    assert words in answer


async def test_what_was_typed_beside_it_is_answered(me: Shopper) -> None:
    answer, sorry = await say(me, "failed", after="qora kepka qancha turadi?")
    assert "tushuna olmadim" in sorry and "69\u00a0000" in answer


async def test_a_summary_stays_the_last_word(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman")
    sorry, summary = await say(me, "failed", after=ADDRESS)
    assert "tushuna olmadim" in sorry and (await me.play.cart()).shown and "69\u00a0000" in summary


async def test_a_caption_of_a_sound_nobody_listened_to_is_answered(me: Shopper) -> None:
    [answer] = await say(me, "", text="qora kepka qancha turadi?")
    assert "69\u00a0000" in answer and "tinglay olmayman" not in answer


async def test_beside_a_person_the_sound_is_theirs(me: Shopper) -> None:
    await me.say("operator bilan gaplashsam")
    assert await say(me, "failed") == []


async def test_a_spoken_order_is_an_order(me: Shopper) -> None:
    await say(me, "heard", text="qora kepka bitta olaman")
    await say(
        me,
        "heard",
        text="telefonim to'qson bir yuz yigirma uch qirq besh oltmish yetti, Chilonzor to'qqiz, o'n to'rt uy",
    )
    cart = await me.play.cart()
    assert [line.sku for line in cart.lines] == ["LS-502"] and cart.phone == "+998911234567"

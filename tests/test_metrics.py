"""Counters a process keeps, gauges the database gives, and the text Prometheus reads."""

from __future__ import annotations

import logging

from kit import db as database
from kit import metrics
from kit.metrics import Gauges, Metrics

_LANE = "INSERT INTO lane (shop_id, key, seq, due_at) VALUES ('lola', $1, 2, $2::text::timestamptz)"
_INBOX = """
INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status, attempts, received_at)
VALUES ('lola', 'web', $1, $2, $3, 'text', '{}', $4, $5, now() - make_interval(secs => $6))
"""
_OUTBOX = """
INSERT INTO outbox (shop_id, key, idem, payload, status, due_at)
VALUES ('lola', 'web:1', $1, '{}', $2, now() - make_interval(secs => $3))
"""


def values(text: bytes) -> dict[str, float]:
    lines = [line for line in text.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_counters_rise_and_two_processes_do_not_share_them() -> None:
    one, other = Metrics(), Metrics()
    one.turn("done", 0.03)
    one.turn("done", 3.0)
    one.tool_call("find_product", "ok")
    one.send("telegram", "sent")
    one.error("cron:expire")
    shown = values(one.text())
    assert shown['sotuv_turns_total{outcome="done"}'] == 2
    assert shown['sotuv_turn_seconds_bucket{le="0.05"}'] == 1
    assert shown["sotuv_turn_seconds_count"] == 2
    assert shown['sotuv_tool_calls_total{outcome="ok",tool="find_product"}'] == 1
    assert shown['sotuv_sends_total{channel="telegram",outcome="sent"}'] == 1
    assert shown['sotuv_errors_total{where="cron:expire"}'] == 1
    assert 'sotuv_turns_total{outcome="done"}' not in values(other.text())


def test_tokens_are_there_before_any_model_is() -> None:
    metrics = Metrics()
    assert values(metrics.text())['sotuv_llm_tokens_total{kind="prompt"}'] == 0
    metrics.llm_tokens("prompt", 120)
    assert values(metrics.text())['sotuv_llm_tokens_total{kind="prompt"}'] == 120


async def test_gauges_of_an_empty_database(db: database.Tx) -> None:
    assert await metrics.gauges(db) == Gauges(0, 0.0, 0, 0, 0.0, 0, 0, 0)


async def test_gauges_count_what_waits(db: database.Tx) -> None:
    await db.execute(_LANE, "web:1", "-infinity")
    await db.execute(_INBOX, "a", "web:1", 1, 0, 0, 30.0)
    await db.execute(_INBOX, "b", "web:1", 2, 0, 0, 10.0)
    await db.execute(_INBOX, "c", "web:2", 1, 9, 5, 500.0)
    await db.execute(_OUTBOX, "d", 0, 7.0)
    await db.execute(_OUTBOX, "e", 0, -60.0)  # a reminder in a minute does not wait yet
    await db.execute(_OUTBOX, "f", 9, 90.0)
    await db.execute("INSERT INTO workers (name) VALUES ('inbox@here:1')")
    now = await metrics.gauges(db)
    assert (now.inbox_waiting, now.lanes_due, now.outbox_waiting) == (2, 1, 1)
    assert 30 <= now.inbox_oldest_seconds < 40
    assert 7 <= now.outbox_oldest_seconds < 17
    assert (now.inbox_dead, now.outbox_dead, now.workers) == (1, 1, 1)
    shown = values(Metrics().text(now))
    assert shown['sotuv_dead_letters{box="outbox"}'] == 1
    assert shown["sotuv_inbox_waiting"] == 2


async def test_a_message_being_tried_again_is_not_late(db: database.Tx) -> None:
    """Else one poisonous message would take the whole product off its balancer for a minute."""
    await db.execute(_INBOX, "poison", "web:1", 1, 0, 3, 75.0)
    await db.execute(_INBOX, "behind it", "web:1", 2, 0, 0, 70.0)
    await db.execute(_INBOX, "elsewhere", "web:2", 1, 0, 0, 2.0)
    assert 2 <= (await metrics.gauges(db)).inbox_oldest_seconds < 12


def test_what_is_logged_as_an_error_is_counted_by_its_module() -> None:
    metrics_, root = Metrics(), logging.getLogger("metrics-test")
    root.addHandler(metrics.ErrorCounter(metrics_, frozenset({"metrics-test.elsewhere"})))
    logging.getLogger("metrics-test.here").error("a")
    logging.getLogger("metrics-test.here").warning("b")
    logging.getLogger("metrics-test.elsewhere").error("c")
    shown = values(metrics_.text())
    assert {name: value for name, value in shown.items() if name.startswith("sotuv_errors_total")} == {
        'sotuv_errors_total{where="metrics-test.here"}': 1
    }

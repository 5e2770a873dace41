"""What is counted, in the text format of Prometheus: this is the only home of its library.

Two kinds. Counters and a histogram live in a `Metrics` value, one a process, made with the App: they begin at 0 with
each start. Gauges are read from the database when somebody asks, so every process shows the same ones. Labels hold
names out of our own code, never anything a customer wrote or is called.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from kit.db import Reader

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# a rule turn takes 20 ms, a receipt a second, a slow provider twenty
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)

# A message that failed and waits for its next try, and those behind it, are not late: its lane is at work on them.
_GAUGES = """
-- all shops: numbers for the host
SELECT (SELECT count(*) FROM inbox WHERE status = 0) AS inbox_waiting,
       (SELECT coalesce(EXTRACT(epoch FROM now() - min(received_at)), 0)::float8 FROM (
            SELECT DISTINCT ON (shop_id, key) received_at, attempts FROM inbox WHERE status = 0
            ORDER BY shop_id, key, seq) AS heads WHERE attempts = 0) AS inbox_oldest_seconds,
       (SELECT count(*) FROM lane WHERE due_at <= now() AND due_at < 'infinity' AND owner IS NULL) AS lanes_due,
       (SELECT count(*) FROM outbox WHERE status = 2 OR status = 0 AND (attempts > 0 OR due_at <= now()))
           AS outbox_waiting,
       (SELECT coalesce(EXTRACT(epoch FROM now() - min(due_at)), 0)::float8 FROM outbox
            WHERE status IN (0, 2) AND due_at <= now()) AS outbox_oldest_seconds,
       (SELECT count(*) FROM inbox WHERE status = 9) AS inbox_dead,
       (SELECT count(*) FROM outbox WHERE status = 9) AS outbox_dead,
       (SELECT count(*) FROM workers WHERE beat_at > now() - interval '10 seconds') AS workers
"""


@dataclass(frozen=True, slots=True)
class Gauges:
    """How the queues stand, all shops together. `*_oldest_seconds`: 0 when nothing waits."""

    inbox_waiting: int
    inbox_oldest_seconds: float
    lanes_due: int
    outbox_waiting: int
    outbox_oldest_seconds: float
    inbox_dead: int
    outbox_dead: int
    workers: int


async def gauges(reader: Reader) -> Gauges:
    """The gauges, read now. Raises what asyncpg raises."""
    row = await reader.fetchrow(_GAUGES)
    assert row is not None
    return Gauges(**row)


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of one process."""

    _registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=False))
    _turns: Counter = field(init=False)
    _turn_seconds: Histogram = field(init=False)
    _tool_calls: Counter = field(init=False)
    _sends: Counter = field(init=False)
    _errors: Counter = field(init=False)
    _llm_tokens: Counter = field(init=False)
    _voices: Counter = field(init=False)
    _provider_calls: Counter = field(init=False)

    def __post_init__(self) -> None:
        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"sotuv_{name}", what, labels, registry=self._registry)

        seconds = Histogram(
            "sotuv_turn_seconds", "From claiming a lane to its commit", buckets=_SECONDS, registry=self._registry
        )
        for name, made in {
            "_turns": counter("turns", "Turns of a conversation, by how they ended", "outcome"),
            "_turn_seconds": seconds,
            "_tool_calls": counter("tool_calls", "What brains asked tools for", "tool", "outcome"),
            "_sends": counter("sends", "Messages said to platforms", "channel", "outcome"),
            "_errors": counter("errors", "Failures that were caught and logged, by where", "where"),
            "_llm_tokens": counter("llm_tokens", "Tokens a language model counted", "kind"),
            "_voices": counter("voices", "Voice messages that were to be listened to, by how it went", "outcome"),
            "_provider_calls": counter(
                "provider_calls", "Calls of payment providers, by what they were answered", "provider", "code"
            ),
        }.items():
            object.__setattr__(self, name, made)
        for kind in ("prompt", "completion", "cached"):
            self._llm_tokens.labels(kind)  # a series that begins at 0, so that its first rise is seen

    def turn(self, outcome: str, seconds: float) -> None:
        """A turn ended: "done", "kept", "rethought", "refused", "failed", "fenced"."""
        self._turns.labels(outcome).inc()
        self._turn_seconds.observe(seconds)

    def tool_call(self, tool: str, outcome: str) -> None:
        """A brain asked for a tool: "ok", "refused", "wrong" (no such tool, or arguments it does not take)."""
        self._tool_calls.labels(tool, outcome).inc()

    def send(self, channel: str, outcome: str) -> None:
        """A message was tried at a platform: "sent", "again", "dead", "dropped"."""
        self._sends.labels(channel, outcome).inc()

    def error(self, where: str) -> None:
        """Something failed, was caught and logged; `where` is a place in our code ("turn", "cron:expire")."""
        self._errors.labels(where).inc()

    def voice(self, outcome: str) -> None:
        """A voice message was to be listened to: "heard", "silent", "too_long", "enough", "failed"."""
        self._voices.labels(outcome).inc()

    def provider_call(self, provider: str, code: int) -> None:
        """A payment provider asked something of us and got this code of its protocol; 0: what it wanted."""
        self._provider_calls.labels(provider, str(code)).inc()

    def llm_tokens(self, kind: str, count: int) -> None:
        """A model counted `count` tokens of `kind`: "prompt", "completion", "cached" (of the prompt, and cheaper)."""
        self._llm_tokens.labels(kind).inc(count)

    def text(self, now: Gauges | None = None, stores: Mapping[str, bool] | None = None) -> bytes:
        """Everything in the text format; without the gauges while the database is away. `stores`: which ones answer."""
        shown = CollectorRegistry(auto_describe=False)
        shown.register(_Shown(now, stores or {}))
        text: bytes = generate_latest(self._registry) + generate_latest(shown)
        return text


class ErrorCounter(logging.Handler):
    """A handler of the log that counts what is logged as an error, by the module that logs it."""

    def __init__(self, metrics: Metrics, counted_elsewhere: frozenset[str] = frozenset()) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics
        self._elsewhere = counted_elsewhere

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line."""
        if record.name not in self._elsewhere:
            self._metrics.error(record.name)


class _Shown:
    """Gauges as a collector, which is what the library asks of values it does not keep."""

    def __init__(self, now: Gauges | None, stores: Mapping[str, bool]) -> None:
        self._now = now
        self._stores = stores

    def collect(self) -> Iterator[Metric]:
        """One family a gauge."""
        up = GaugeMetricFamily("sotuv_store_up", "Whether a store answers", labels=["store"])
        for store, answers in self._stores.items():
            up.add_metric([store], float(answers))
        yield up
        if (now := self._now) is None:
            return
        for name, what, value in (
            ("inbox_waiting", "Messages that wait for their turn", now.inbox_waiting),
            ("inbox_oldest_seconds", "Age of the oldest message no turn has tried yet", now.inbox_oldest_seconds),
            ("lanes_due", "Conversations that a worker could claim now", now.lanes_due),
            ("outbox_waiting", "Messages to be said now", now.outbox_waiting),
            ("outbox_oldest_seconds", "For how long the first of them could have been said", now.outbox_oldest_seconds),
            ("workers", "Queue workers that beat", now.workers),
        ):
            yield GaugeMetricFamily(f"sotuv_{name}", what, value)
        dead = GaugeMetricFamily("sotuv_dead_letters", "Rows put aside after their last try", labels=["box"])
        dead.add_metric(["inbox"], now.inbox_dead)
        dead.add_metric(["outbox"], now.outbox_dead)
        yield dead

"""What the conversation was about a moment ago: shown products, the question asked. Lives in Redis, may be lost."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

PART = "session"
TTL_S = 48 * 3600  # people come back the next evening; older talk is better begun anew


@dataclass
class Session:
    """A JSON value. Losing it loses no order, no cart, no pause: the next question is asked as if for the first time.

    `shown`: products of the last list, in its order; `rest`: those that did not fit in it. `photos`: products whose
    photos, posts or links came since, one after another, the newest last. `focus`: what the talk is about. `look`:
    size and colour said of a product that is not in the cart yet. `asked`: slots of the last question. `told`: how
    often it was asked running, so that it is not asked in the same words. `offer`: what waits for a yes: {"sku",
    "size", "color", "qty"}, {"skus"}, {"person": why} or {"saved": true}. `declined`: offers refused for good
    ("saved"). `topic`: the last fact asked for; `inquiry`: what the shop's own answer of the last turn was given
    to; `region`: where delivery was asked to. `looked`: the last picture that was not recognised for sure, until
    one is chosen: {"picture": sha256, "model", "shown": [[sku, log-odds]], "verdict": similar | none, "file": its
    name in the media store, "at": when}. `undecided`: a list that was shown for something that is to be bought,
    until one of it is, and how often it was asked: {"skus", "asked"}.
    """

    shown: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    focus: list[str] = field(default_factory=list)
    look: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    declined: list[str] = field(default_factory=list)
    topic: str = ""
    inquiry: str = ""
    region: str = ""
    failed: int = 0
    pictured: list[str] = field(default_factory=list)
    looked: dict[str, Any] = field(default_factory=dict)
    undecided: dict[str, Any] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """JSON-ready data; `load` is the reverse."""
        return asdict(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Session:
        """A turn copies its session three times; as JSON, which it is, in a fifth of the time."""
        return Session(**json.loads(json.dumps(vars(self))))

    @classmethod
    def load(cls, data: dict[str, Any] | None) -> Session:
        """The session that `dump` wrote; a fresh one for nothing or for fields that no longer exist."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in (data or {}).items() if name in known})

"""What a brain is: an outsider that hears clean text and facts, asks for tools, and says sentences.

A brain never sees a card number, another shopper or the database, and cannot name a price, a customer or a status.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from agent.veil import Veil
from kit.message import Button

if TYPE_CHECKING:
    from agent.privacy import Clean
    from agent.session import Session
    from shop.shops import Shop


@dataclass(frozen=True, slots=True)
class Call:
    """A wish to run one tool of `agent.tools.TOOLS`."""

    tool: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a call brought: plain data. `refused`: a key of the catalogues that says why not."""

    call: Call
    data: dict[str, Any] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to say: a sentence of the catalogues and its facts. Money is a `Sum`, so that code writes the digits."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money inside a line's facts."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Say:
    """One message: lines of the catalogues (the rule brain) or free text (a language model), never both."""

    lines: tuple[Line, ...] = ()
    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    photos: tuple[str, ...] = ()
    chatter: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a brain wants next: tools to run, or (no calls left) messages to send, after which the turn ends."""

    calls: tuple[Call, ...] = ()
    says: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """One message of the shopper as a brain may hear it.

    `seen`: what code saw in its picture: {"verdict": exact|similar|none, "skus": [...]}. `skus`: of a post or link.
    """

    text: Clean
    kind: str = "text"  # text | sticker | voice | photo | contact | location | post | command | button
    button: str = ""
    phone: str = ""
    own_phone: bool = False
    name: str = ""
    location: tuple[float, float] | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """One message said before this turn, by the shopper or by the shop (its people or a brain)."""

    shopper: bool
    text: Clean


async def _no_past() -> tuple[Past, ...]:
    return ()


class Stuck(Exception):
    """A brain cannot finish this turn: the loop begins it anew with the rules. `why`: one word for log and counter."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Heard:
    """All a brain knows in one turn. `cart` is a plain view renewed after each step; `notes` are the brain's own.

    `faults`: why what it said last may not be sent; it has one more try. `past` reads the last messages, for whoever
    wants them; `veil` hides phones from a model elsewhere. `who` names the conversation for budgets, told to nobody.
    """

    shop: Shop
    language: str
    words: tuple[Words, ...]
    session: Session
    cart: dict[str, Any]
    first: bool = False
    hidden: bool = False  # a card number or a code was masked in these words
    handed_over: bool = False
    open_order: dict[str, Any] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    veil: Veil = field(default_factory=Veil)
    past: Callable[[], Awaitable[tuple[Past, ...]]] = _no_past
    who: str = ""


def shared_calls(words: Iterable[Words]) -> tuple[Call, ...]:
    """Keeps the phone, name and pin that the messenger itself gave; no brain need copy them."""
    calls = []
    for one in words:
        if one.phone:
            calls.append(Call("set_phone", {"phone": one.phone}))
            if one.name and not one.own_phone:
                calls.append(Call("set_name", {"name": one.name}))
        if one.location:
            calls.append(Call("set_location", {"latitude": one.location[0], "longitude": one.location[1]}))
    return tuple(calls)


class Brain(Protocol):
    """The seam: rules or a language model."""

    name: str

    async def next(self, heard: Heard) -> Step:
        """The next step of this turn. The first call hears no results; later ones hear what the calls brought.

        Raises Stuck when it cannot go on.
        """
        ...

    async def close(self) -> None:
        """Lets go of its connections, at the end of the process."""
        ...

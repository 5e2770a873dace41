"""What was given up, in both boxes: staff see it, have it tried again, or put it aside; every press is in the trail.

`/dead` lists, `/retry ID` and `/skip ID` act. An id names its box (kit.letters), and the shop is always the one this
person runs: an id of another shop is no letter here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.staff.desk import Desk
from kit import buried, outgoing, words
from kit.errors import Refused
from kit.letters import INBOX, OUTBOX, DeadLetter, letter_id, parse_id
from kit.mask import mask
from kit.message import Chat, Reply
from kit.outbox import STAFF_KEY
from orders import card
from shop import audit, contacts

if TYPE_CHECKING:
    from bot.staff.case import Case
    from kit.db import Tx

_MOST = 12  # letters of a list: with three lines each it stays under a message's 4,096 characters
_LONG = 90  # characters of a letter's words and of an error
_BOXES = {INBOX: "inbox", OUTBOX: "outbox"}
Act = Callable[["Tx", str, int], Awaitable[bool]]
_RETRY: dict[str, Act] = {INBOX: buried.revive, OUTBOX: outgoing.revive}
_SKIP: dict[str, Act] = {INBOX: buried.skip, OUTBOX: outgoing.skip}


async def list_(desk: Desk, rest: str) -> None:
    """Letters of both boxes, the latest first: whose, what, when and why."""
    found = [
        *await buried.dead_letters(desk.tx, desk.shop_id, _MOST + 1),
        *await outgoing.dead_letters(desk.tx, desk.shop_id, _MOST + 1),
    ]
    found.sort(key=lambda letter: letter.at, reverse=True)
    if not found:
        await desk.answer(desk.say("dead_none"))
        return
    lines = [await _line(desk, letter) for letter in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(desk.say("dead_more"))
    await desk.answer("\n\n".join((desk.say("dead_head"), *lines, desk.say("dead_tail", id=found[0].id))))


async def retry(desk: Desk, rest: str) -> None:
    """`/retry i12`: from the beginning, in a turn of its own."""
    await _act(desk, rest, _RETRY, "retried", "/retry i12")


async def skip(desk: Desk, rest: str) -> None:
    """`/skip o12`: it leaves the list and is never tried again."""
    await _act(desk, rest, _SKIP, "skipped", "/skip i12")


async def _act(desk: Desk, rest: str, acts: dict[str, Act], done: str, usage: str) -> None:
    parsed = parse_id(rest)
    if parsed is None:
        raise Refused("staff.dead_usage", usage=usage)
    box, row = parsed
    name = letter_id(box, row)
    if not await acts[box](desk.tx, desk.shop_id, row):
        raise Refused("staff.dead_no_such", id=name)
    await audit.note(desk.tx, desk.shop_id, desk.actor, f"dead.{done}", f"{_BOXES[box]}:{row}")
    await desk.answer(desk.say(f"dead_{done}", id=name))


async def _line(desk: Desk, letter: DeadLetter) -> str:
    when = letter.at.astimezone(desk.shop.profile.zone).strftime("%d.%m %H:%M")
    name = await _name(desk, letter)
    return desk.say("dead_row", id=letter.id, name=name, when=when, what=_what(desk, letter), why=_why(desk, letter))


async def _name(desk: Desk, letter: DeadLetter) -> str:
    if letter.key == STAFF_KEY:
        return desk.say("dead_to_staff")
    person = await contacts.get(desk.tx, Chat.of(desk.shop_id, letter.key))
    name = person.name or (f"@{person.username}" if person.username else desk.say("no_name"))
    known = words.has(desk.who.language, f"staff.channel_{person.channel}")
    return f"{name} ({desk.say(f'channel_{person.channel}')})" if known else name


def _what(desk: Desk, letter: DeadLetter) -> str:
    key = f"dead_what_{letter.what}"
    return desk.say(key) if words.has(desk.who.language, f"staff.{key}") else f"«{_short(card.hidden(letter.what))}»"


def _why(desk: Desk, letter: DeadLetter) -> str:
    """The reason in this person's words; what only a developer understands is quoted, masked and short."""
    code = letter.why.split(" ")[0].rstrip(":")
    if words.has(desk.who.language, f"staff.dead_why_{code}"):
        return desk.say(f"dead_why_{code}")
    return desk.say("dead_why_bug", error=_short(mask(letter.why).text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else f"{line[: _LONG - 1]}…"


async def told(case: Case) -> Reply:
    """The card of a notice "dead_letter": once an hour, whatever was given up in it."""
    return Reply("\n".join((case.say("problem"), case.say("dead_see"), case.pen.say("reply_here"))))

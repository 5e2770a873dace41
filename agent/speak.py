"""From what a brain says to messages: sentences of the catalogues, sums in digits, the introduction first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agent.brain import Line, Say, Sum
from agent.turn import Said, Turn
from kit.message import Reply
from kit.words import say, sum_of

_LONGEST = 1500  # characters of free text; nobody reads more in a chat
_HELLO = ("talk.hello", "talk.salam")


def messages(turn: Turn, says: Sequence[Say]) -> list[Said]:
    """What is sent, in order; empty messages are left out."""
    said = []
    for one in says:
        text = "\n".join(_line(turn, line) for line in one.lines) if one.lines else one.text[:_LONGEST].strip()
        if text or one.photos:
            said.append(Said(Reply(text, photos=one.photos, buttons=one.buttons), one.chatter))
    return said


def _line(turn: Turn, line: Line) -> str:
    facts: dict[str, Any] = {
        name: sum_of(value.amount, value.currency, turn.language) if isinstance(value, Sum) else value
        for name, value in line.facts.items()
    }
    return say(turn.language, line.key, **facts)


def introduced(turn: Turn) -> list[Said]:
    """The turn's messages; the first ever of a conversation says who answers and links the privacy page."""
    if turn.contact.privacy_version or turn.introduced:
        return turn.said
    turn.introduced = True
    first, *rest = turn.said
    text = first.reply.text
    url = turn.privacy_url
    if url.startswith("http"):  # else a command, which needs no language
        url = f"{url}?lang={turn.language}"
    key = "talk.intro" if url else "talk.intro_plain"
    who = say(turn.language, key, shop=turn.shop.profile.name, url=url)
    for hello in _HELLO:
        greeting = say(turn.language, hello)
        if text.startswith(greeting):
            text = text.removeprefix(greeting).lstrip("\n ")
            who = f"{greeting} {who}"
            break
    return [replace(first, reply=replace(first.reply, text=f"{who}\n{text}".strip()), chatter=False), *rest]

"""From what a brain says to messages: sentences of the catalogues, sums in digits, the introduction first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agent.brain import Line, Say, Sum
from agent.brain_rules.speech import RUN_ON
from agent.turn import Said, Turn
from kit.message import Reply
from kit.words import say, sum_of

_LONGEST = 700  # characters of free text; nobody reads more in a chat
_MOST_PHOTOS = 3
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MARKS = re.compile(r"\*\*|__|~~|\|\||`+|^\s{0,3}#{1,6}\s+", re.MULTILINE)
_COMMAND = re.compile(r"(?<![\w/:.])/(?=[A-Za-z])")
_HELLO = ("talk.hello", "talk.salam")
_OF_GOODS = ("title", "size")  # facts of a sentence that only the catalogue gives


def messages(turn: Turn, says: Sequence[Say], *, rules: bool) -> list[Said]:
    """What is sent, in order; empty messages are left out.

    Only the rules fill sentences of the catalogues and make buttons; another brain's words are plain text.
    """
    made = [_ruled(turn, one) if rules and one.lines else _free(turn, one) for one in says]
    return [one for one in made if one.reply.text or one.reply.photos]


def _ruled(turn: Turn, one: Say) -> Said:
    named = tuple(str(line.facts[name]) for line in one.lines for name in _OF_GOODS if name in line.facts)
    return Said(Reply(_lines(turn, one.lines), photos=one.photos, buttons=one.buttons), one.chatter, named=named)


def _free(turn: Turn, one: Say) -> Said:
    photos = tuple(name for name in one.photos if name in _photos(turn))[:_MOST_PHOTOS]
    return Said(Reply(plain(one.text), photos=photos), one.chatter, free=True)


def plain(text: str) -> str:
    """A model's words as a person would type them, at most 700 characters, cut after a sentence."""
    text = "".join(
        one for one in text if one in "\n\u200d" or unicodedata.category(one) not in ("Cc", "Cf", "Co", "Cs")
    )
    text = _COMMAND.sub("", _MARKS.sub("", _TAG.sub("", text)))
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+", " ", text)).strip()
    if len(text) <= _LONGEST:
        return text
    head = text[: _LONGEST + 1]
    ends = [found.end() for found in re.finditer(r"[.!?…](?=\s)|\n", head)]
    cut = ends[-1] if ends else head.rfind(" ")
    return head[: max(cut, 0)].strip()


def _photos(turn: Turn) -> set[str]:
    """Names of the pictures of goods: nothing else of the store may be shown."""
    return {photo for product in turn.shop.products.values() for photo in product.photos}


def _lines(turn: Turn, lines: Sequence[Line]) -> str:
    return "".join(_line(turn, line) + (" " if line.key in RUN_ON else "\n") for line in lines).strip()


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

"""What will be said: lines gathered while thinking, then cut into messages of three lines at most, question last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agent.brain import Line, Say
from kit.message import Button

_MOST_LINES = 3  # more is not read on a phone
_FOLLOWS = frozenset(
    {"talk.sizes", "talk.colors", "talk.sizes_colors", "talk.models", "talk.old_price", "talk.qty_price"}
    | {"talk.colors_of", "talk.instead_both"}
)
RUN_ON = frozenset({"talk.letter_is", "talk.letter_either"})  # short sentences that stand on the line of the next one
_SMALL_TALK = ("talk.hello", "talk.salam", "talk.thanks", "talk.bye", "talk.later", "talk.calm", "talk.robot")


_GREETINGS = ("talk.hello", "talk.salam")


@dataclass
class Speech:
    """Lines in order and one question. The same line is said once."""

    lines: list[Line] = field(default_factory=list)
    question: Line | None = None
    buttons: list[list[Button]] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)

    def say(self, key: str, **facts: Any) -> None:
        """One more line."""
        line = Line(key, facts)
        if line not in self.lines:
            self.lines.append(line)

    def ask(self, key: str, buttons: list[list[Button]] | None = None, **facts: Any) -> None:
        """The question at the end; the last one asked counts."""
        self.question = Line(key, facts)
        self.buttons = buttons or []

    @property
    def silent(self) -> bool:
        """Whether nothing was said yet."""
        return not self.lines and self.question is None

    @property
    def only_greets(self) -> bool:
        """Whether nothing was said yet beyond a greeting."""
        return self.question is None and all(line.key in _GREETINGS for line in self.lines)

    def says(self, *, first: bool) -> tuple[Say, ...]:
        """The messages. `first`: the introduction will take a line of the first one."""
        lines = [*self.lines, *([self.question] if self.question else [])]
        chatter = all(line.key in _SMALL_TALK for line in lines)
        room = _MOST_LINES - 1 if first and not (lines and lines[0].key in _SMALL_TALK) else _MOST_LINES
        chunks: list[list[Line]] = [[]]
        for group in _groups(lines):
            most = room if len(chunks) == 1 else _MOST_LINES
            if chunks[-1] and _height([*chunks[-1], *group]) > most:
                chunks.append([])
                most = _MOST_LINES
            for line in group:  # the introduction may leave too little room for a whole group
                if _height([*chunks[-1], line]) > most:
                    chunks.append([])
                    most = _MOST_LINES
                chunks[-1].append(line)
        if not lines and not self.photos:
            return ()
        last = len(chunks) - 1
        return tuple(
            Say(
                tuple(chunk),
                buttons=tuple(map(tuple, self.buttons)) if at == last else (),
                photos=tuple(self.photos) if at == 0 else (),
                chatter=chatter,
            )
            for at, chunk in enumerate(chunks)
        )


def _groups(lines: list[Line]) -> list[list[Line]]:
    """What is read together: a product with its sizes and colours, so that nobody takes them for another's."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1] if groups else []
        joins = line.key in _FOLLOWS or (last and last[-1].key in RUN_ON)
        if last and joins and _height([*last, line]) <= _MOST_LINES:
            last.append(line)
        else:
            groups.append([line])
    return groups


def _height(lines: list[Line]) -> int:
    return sum(line.key not in RUN_ON for line in lines)

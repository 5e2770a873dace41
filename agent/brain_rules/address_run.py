"""The parts of a message that together are the address: the neighbours that look most like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.brain_rules.lexicon import keys
from agent.brain_rules.text import tokens
from shop import colors

_TEL = re.compile(
    r"(?<=[\s,.])(?:(?:mening|meni|мой|менинг|my)\s+)?(?:tel(?:i|im)?|тел(?:и|им)?|telefon\w*|телефон\w*|nomer\w*"
    r"|номер\w*|raqam\w*|рақам\w*|phone|mob"
    r"|call(?: me| us| her| him)?(?: on| at)?)[.:\s]*(?:\d[\d\s-]{5,})?$",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:(?:(?:[Ii]'?m|[Ii] am|[Ww]e'?re|[Ww]e are)\s+(?:in|at)|на|в|по|to|at|in)\s+(?=[A-ZА-ЯЎҚҒҲ]))?")
# "Отвезите сразу им: Андижан ...", "it's for Nukus, ...": who is to bring it where is no part of the address
_LEAD = re.compile(
    r"[^:,;\n\d]{0,40}\b(?:отвез|отвоз|привез|достав|отправ|везите|пришл|yubor|yetkaz|olib|jo.?nat|send|deliver|bring|ship"
    r"|юбор|етказ|олиб|жўнат|жунат)[^:,;\n\d]{0,40}:\s*"
    r"|(?:it.?s|it is|this is|that.?s|(?:please )?(?:send|deliver|bring)(?: it| them)?)\s+(?:for|to)\s+"
    r"(?=[A-ZА-ЯЎҚҒҲ])",
    re.IGNORECASE,
)
_VERB = 5  # letters
_SURE = 2.0  # a house, or a town and a number


@dataclass(frozen=True, slots=True)
class Part:
    """A piece between pauses: its place, how much it looks like an address, and where the address begins in it."""

    start: int
    end: int
    score: float
    labelled: bool = False
    busy: bool = False  # it asks or orders something
    other: bool = False  # it is a name or a phone
    empty: bool = False  # nothing in it but words of other meanings: "ладно", "2 of them", a colour
    would: float = -1.0  # how much it would look like an address, were no goods called so; below 0: none are


def among_sure(parts: Sequence[Part], *, asked: bool) -> list[Part]:
    """The parts where goods that stand amid an address, or beside a landmark, are a part of it.

    `toshkent yashnobod / gilamchi mahalla / 15 uy, do'kon orqasi`, each a message, where carpets are sold. Where the
    address was not `asked` for, only such a part is that has a house of its own.
    """
    least = 0.0 if asked else _SURE
    sure = [nth for nth, part in enumerate(parts) if part.score >= _SURE]
    if not sure:
        return list(parts)
    told = [nth for nth, part in enumerate(parts) if part.score > 0 or part.would > 0]
    return [
        replace(part, score=part.would, busy=False) if part.would >= least and told[0] <= nth <= told[-1] else part
        for nth, part in enumerate(parts)
    ]


def best_run(parts: Sequence[Part]) -> tuple[int, int, float] | None:
    """The neighbouring parts that together look most like an address: (start, end, score)."""
    best: tuple[int, int, float] | None = None
    at = 0
    while at < len(parts):
        if parts[at].score <= 0:
            at += 1
            continue
        past, total = at, 0.0
        while past < len(parts) and not (parts[past].other or parts[past].busy or (past > at and parts[past].labelled)):
            total += parts[past].score
            past += 1
        last = past - 1
        while last > at and parts[last].score <= 0 and not parts[at].labelled:
            last -= 1
        if best is None or total > best[2]:
            best = (parts[at].start, parts[last].end, total)
        at = past
        at += at < len(parts) and (parts[at].other or parts[at].busy)
    return best


def with_after(text: str, parts: Sequence[Part], end: int) -> int:
    """What the house looks like belongs to the address: `... orqasida, darvozasi yashil`, `..., blue gate`."""
    for part in (part for part in parts if part.start >= end):
        said = text[part.start : part.end].strip()
        looks_so = colors.named(said) and len(said.split()) > 1 and said[:1].islower()
        if part.other or part.busy or part.empty or not looks_so:
            break
        end = part.end
    return end


def with_before(parts: Sequence[Part], start: int) -> int:
    """Asked for, an address also has the plain parts before its first sure one: `Qorasuv, katta bozor orqasi`."""
    for part in reversed([part for part in parts if part.start < start]):
        if part.other or part.busy or part.empty:
            break
        start = part.start
    return start


def whatever_is_left(text: str, parts: Sequence[Part], of_view: Callable[[str], bool]) -> tuple[int, int] | None:
    """Asked for, the parts that are no question, order, name or phone; None where one asks or orders.

    `of_view`: whether a part tells a colour of what is in view: `jigarrangi kerak edi uyga`.
    """
    left = [
        part
        for part in parts
        if not part.busy
        and not part.other
        and not part.empty
        and re.search(r"[^\W\d_]{3,}", text[part.start : part.end])
        and not _of_me(text[part.start : part.end])
        and not of_view(text[part.start : part.end])
    ]
    return trim(text, left[0].start, left[-1].end) if left and not any(part.busy for part in parts) else None


def _of_me(said: str) -> bool:
    """`hozir ishdaman`, `aytmayman`: a sentence about the shopper; Usmon and Rahman are names."""
    own = tokens(said)
    verb = any(len(one.key) > _VERB and one.key.endswith("man") and one.text[0].islower() for one in own)
    return verb or any(one.key in keys("places", "i") for one in own)


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The address without marks, `I am in` and `tel` around it; None where nothing is left."""
    said = text[start:end]
    lead = len(said) - len(said.lstrip(" ,.;:|/-–—\n"))
    told = _LEAD.match(said, lead)
    lead = told.end() if told else lead
    lead += len(_TO.match(said[lead:]).group())  # type: ignore[union-attr]
    tail = len(said) - len(_TEL.sub("", said.rstrip(" ,.;:|/-–—\n")).rstrip(" ,.;:|/-–—\n"))
    return (start + lead, end - tail) if lead + tail < len(said) else None

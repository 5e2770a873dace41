"""What there is to be otherwise, in words that the rest of the brain knows: `drop it to 2` is `make it 2`."""

from __future__ import annotations

import re

from agent.brain import Heard
from agent.brain_rules.numbers import numbers
from agent.brain_rules.text import tokens
from shop import colors

_COUNT = r"(?P<n>\d{1,3}(?!\d)|[^\W\d_]+)"
_SO_MANY_UZ = r"\b(?P<n>\d{1,3}|[^\W\d_]+?(?:ta|та))\s*(?:ta|та|dona|дона)?"
# a price is lowered in the same words: only down to fewer than there are of something
_DOWN_TO = (
    re.compile(
        rf"\b(?:drop|cut|lower|reduce|bring|take)\s+(?:(?:it|them|that|those|these|the \w+(?: \w+)?)\s+)?(?:down\s+)?"
        rf"to\s+(?:only\s+|just\s+)?{_COUNT}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:убав|снизь|сниз|сократ|опуст|убер)\w*\s+(?:\w+\s+)?до\s+{_COUNT}\b", re.IGNORECASE),
    re.compile(
        rf"{_SO_MANY_UZ}(?:ga|га)(?:cha|ча)?\s+(?:tushir|kamaytir|тушир|камайтир)\w*",
        re.IGNORECASE,
    ),
)
_MONEY = re.compile(r"\s*(?:k\b|000|thousand|grand|тыс|сум|ming|минг)", re.IGNORECASE)
_SO_MANY = ("make it {} pcs", "сделайте {} шт", "{} ta qiling")
# "two fewer", "на одну меньше", "2 ta kam bo'lsin": so many go out; a size smaller is none
_FEWER = (
    (re.compile(rf"\b{_COUNT}\s+(?:less|fewer)\b(?!\s+than)", re.IGNORECASE), "remove {} pcs"),
    (re.compile(rf"\bна\s+{_COUNT}(?:\s+(?:шт\w*|пар\w*))?\s+меньше\b", re.IGNORECASE), "{} шт убрать"),
    (
        re.compile(
            rf"{_SO_MANY_UZ}(?:ga|га)?\s+(?:kam|кам)(?:roq|роқ|рок)?\b"
            r"(?:\s+(?:bo\W?lsin|bulsin|qil\w*|бўлсин|булсин|қил\w*))?",
            re.IGNORECASE,
        ),
        "{} ta olib tashlang",
    ),
)
# "the profiles stay at 3": so many of them; "the price stays at 30 thousand" is no number of pieces
_STAYS = re.compile(r"\b(?:stays?|remains?|(?:keep|leave)(?: \w+)?) at (\d{1,3})\b(?![ .,]?\d)", re.IGNORECASE)
# "take one of the white ones out": what goes out may be called in several words
_TAKE_OUT = re.compile(r"\btake (the |that |those )?(\w+(?: \w+){0,4}?) (?:off|out|away)\b", re.IGNORECASE)

# "jigarrang qilsak bo'ladimi", "3 ta qilsam bo'ladimi": let it be so; "to'lovni keyin qilsak bo'ladimi" is none
_COULD_BE = re.compile(
    r"\b(?P<so>(?:\d{1,3}\s?)?[^\W\d_]+) (?:qilsa[km]?|қилса[км]?)(?=,? (?:bo\W?la|bula|бўла|була)(?:di|ди)?(?:mi|ми))",
    re.IGNORECASE,
)


def lowered(heard: Heard, text: str) -> str:
    """`text` with a line lowered to a number as that number, and with `take ... out` as `remove ...`."""
    most = max((int(line["qty"]) for line in heard.cart["lines"]), default=0)
    for pattern, so_many in zip(_DOWN_TO, _SO_MANY, strict=True):
        found = pattern.search(text)
        count = _number(found["n"]) if found else 0
        if found and 0 < count < most and not _MONEY.match(text[found.end() :]):
            text = f"{text[: found.start()]}{so_many.format(count)}{text[found.end() :]}"
        elif found and pattern is _DOWN_TO[0] and found["n"].isdigit():
            text = f"{text[: found.start()]}do it for {text[found.start('n') :]}"
    for pattern, out in _FEWER:
        found = pattern.search(text)
        if found and 0 < (count := _number(found["n"])) < most:
            text = f"{text[: found.start()]}{out.format(count)}{text[found.end() :]}"
    if heard.cart["lines"] or heard.open_order:
        text = _STAYS.sub(lambda at: at[0] if _MONEY.match(text[at.end() :]) else f"{at[1]} pcs", text)
        text = _COULD_BE.sub(_let_be, text)
    return _TAKE_OUT.sub(r"remove \1\2", text)


def _let_be(found: re.Match[str]) -> str:
    """A colour or a number that something could have, as what it is to have."""
    told = colors.named(found["so"]) or numbers(tokens(found["so"]))
    return f"{found['so']} qiling" if told else found[0]


def _number(said: str) -> int:
    """`2`, `двух`, `uch`: a number in digits or words; 0 for none."""
    found = numbers(tokens(f"{said} ta"))
    return found[0].value if found else 0

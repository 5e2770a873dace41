"""What a question names for itself, and what it only says beside: for whom or what, and with what, the thing is.

`akustika uchun chexol`, `холодильникка магнит`, `a bag for a cue`, `a mug with a heart handle`: a case, a magnet, a bag
and a mug are asked for. What a title is called by (`called`) tells which word that is, whatever its trade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from shop.fold import Word, stem, words
from shop.search.titles import asides, for_it, is_adjective
from shop.search.units import Unit

_GOES_WITH = frozenset(("для", "под", "к", "ко", "for"))
_ENGLISH_FOR = "for"
_HAS = frozenset(("с", "со", "with", "without", "без"))
_ARTICLES = frozenset(("the", "a", "an", "my", "our", "your", "his", "her", "their", "this", "that"))
_PURPOSE, _WITH = "uchun", "bilan"
_IDLE = frozenset((_PURPOSE, _WITH))
_RUN_ENDS = re.compile(r"[^\s\-'’‘ʻʼ`]")  # a mark between two words of a title
_DATIVE_WRITTEN = ("kka", "qqa", "кка", "ққа")  # muzlatgichga; the key of холодильникка has lost its ending


@lru_cache(maxsize=8192)  # two titles a product
def called(title_uz: str, title_ru: str) -> frozenset[str]:
    """Stems of the words that say what a thing is: the first noun in Russian, the end of the first words in Uzbek."""
    russian = next((word for word in words(title_ru) if not is_adjective(Unit((word,), "word"))), None)
    head = stem(russian.key) if russian else ""
    run = [stem(word.key) for word in _run(title_uz) if _may_be_called(word)]
    return frozenset({head} if head in run else {head, *run[-1:]}) - {""}


def _may_be_called(word: Word) -> bool:
    return len(word.key) > 1 and word.key not in _IDLE and not is_adjective(Unit((word,), "word"))


def _run(title: str) -> Iterator[Word]:
    """The words of a title before the first number or mark, without what is told to go with the thing."""
    beside = asides(title)
    own = words(title)
    gaps = ["", *(title[one.end : after.start] for one, after in pairwise(own))]
    run = takewhile(lambda pair: not (pair[0].key.isdigit() or _RUN_ENDS.search(pair[1])), zip(own, gaps, strict=True))
    return (word for word, _ in run if word.start not in beside)


def beside_goods(text: str, content: Sequence[Unit], titled: Sequence[bool], known: Sequence[bool]) -> set[int]:
    """Where the units of a question begin that only say what the thing goes with; never all of them.

    A unit right after `для`, `под`, all after `for`, one right before `uchun`, when another one names a thing. So does
    a thing in the Uzbek dative before another one, with what stands right before it: `beshik karavotga matras`. What
    follows `с` or stands before `bilan` counts as beside behind the thing, and where nothing here has it.
    `titled`: whether a title is called so; `known`: whether any product has it.
    """
    own = words(text)
    before = _after_for(text, own)
    purpose = {one.end for one, after in pairwise(own) if after.key == _PURPOSE}
    found = {unit.start for unit in content if unit.start in before or unit.end in purpose}
    named = {unit.start for unit, head in zip(content, titled, strict=True) if unit.kind == "goods" or head}
    last = max(named, default=-1)
    for at, unit in enumerate(content):
        if unit.start in named and unit.start < last and _dative(unit):
            first = at
            while (
                first and text[content[first - 1].end : content[first].start] == " " and not _dative(content[first - 1])
            ):
                first -= 1
            found |= {one.start for one in content[first : at + 1]}
    heads = {unit.start for unit, head in zip(content, titled, strict=True) if head}
    having = _having(text, own, heads)
    first = min(heads, default=len(text))
    found |= {
        unit.start
        for unit, has in zip(content, known, strict=True)
        if unit.start in having and (not has or first < unit.start)
    }
    return found if named - found else set()


def _after_for(text: str, own: Sequence[Word]) -> set[int]:
    """Where words begin that stand behind `для`, `под`; behind `for` all until a mark or another such word."""
    found = set[int]()
    for at, word in enumerate(own):
        if word.text.lower() not in _GOES_WITH:
            continue
        behind = at + 1
        while behind < len(own) and own[behind].text.lower() in _ARTICLES:
            behind += 1
        past = behind + 1
        while word.text.lower() == _ENGLISH_FOR and past < len(own) and _goes_on(text, own, past):
            past += 1
        found |= {one.start for one in own[behind:past]}
    return found


def _goes_on(text: str, own: Sequence[Word], at: int) -> bool:
    ends = own[at].text.lower() in _ARTICLES | _HAS | _GOES_WITH
    return not ends and text[own[at - 1].end : own[at].start] == " "


def _having(text: str, own: Sequence[Word], heads: set[int]) -> set[int]:
    """Where words begin that say what the thing has: behind `with`, `с` until a mark, between the thing and `bilan`."""
    found = set[int]()
    for at, word in enumerate(own):
        said = word.text.lower()
        if said in _HAS:
            past = at + 1
            while past < len(own) and (past == at + 1 or not text[own[past - 1].end : own[past].start].strip()):
                past += 1
            found |= {one.start for one in own[at + 1 : past]}
        elif word.key == _WITH and at:
            found.add(own[at - 1].start)
    return found - heads


def _dative(unit: Unit) -> bool:
    """`induksion plitaga turka`: before a thing it says what that is for; книга only ends so."""
    return unit.words[-1].text.lower().endswith(_DATIVE_WRITTEN) or for_it(unit.words[-1].key)

"""Which language a person writes, and how long to wait for the rest of what they type.

Pure and quick: both are asked for every message, also at the door, before anything is known of the shop.
The last clear language rules: "ok", numbers, emoji and borrowed words do not switch a conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kit.config import TurnConfig
from kit.message import Incoming
from shop.fold import fold_word as key

_LEXICON = Path(__file__).parent / "lexicon" / "language.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['ʻʼ‘’`´][^\W\d_]+)*")
_NAME = re.compile(r"(?<=[^\s.!?…] )[^\W\d_a-zа-яёўқғҳ][a-zа-яёўқғҳ]+")  # inside a sentence: Анна is no "ana"
_LINK = re.compile(r"https?://\S+|\b(?:www|t\.me|instagram\.com)\S*", re.IGNORECASE)
_CYRILLIC = re.compile("[а-яёўқғҳ]", re.IGNORECASE)
# endings that few words of the other language share; half a word's weight
_UZ_ENDING = re.compile(
    r"\w{3,}(?:lari?ni?|ning|imiz|ingiz|dagi|siz|man|misiz|mo[qk]chi\w*|sangiz|adi|idan|iga|dan|mi|ni|ga|da"
    r"|gandim|ganmi|gacha|midi|mi[kq]an)$"
)
_RU_ENDING = re.compile(
    r"\w{2,}(?:ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ими|ыми|ешь|ете|ите|ают|яют|ить|ать|ять|еть|ую|юю|ции|ция|ость)$"
)
_SURE_UZ = re.compile("[ўқғҳ]")
_SURE_RU = re.compile("[ыщ]")
_PHONE = re.compile(r"(?:\d[\s.()-]*){9}")
_PIECES = re.compile(r"(?<=\d)\s*та\b", re.IGNORECASE)  # "3 та": three of it, and no Russian "та"
_SWITCHES = 3.0  # evidence that names and addresses around a phone do not come to
_FEW = 3  # words that answer a question: "oq, 42 razmer"
_ENOUGH_WORDS = 4  # a message of four words is rarely only a beginning


@dataclass(frozen=True, slots=True)
class _Lists:
    uz: frozenset[str]
    ru: frozenset[str]
    en: frozenset[str]
    ru_latin: frozenset[str]
    also: frozenset[str]
    answers: frozenset[str]
    request: frozenset[str]
    openings: tuple[str, ...]
    yes_no: frozenset[str]


@cache
def _lists() -> _Lists:
    """The word lists: Uzbek as keys, the others as written."""
    data: dict[str, str] = yaml.safe_load(_LEXICON.read_text(encoding="utf-8"))
    words = {name: text.lower().split() for name, text in data.items()}
    return _Lists(
        uz=frozenset(map(key, words["uz"])),
        ru=frozenset(words["ru"]),
        en=frozenset(words["en"]),
        ru_latin=frozenset(words["ru_latin"]),
        also=frozenset(words["also"]),
        answers=frozenset(map(key, words["answers"])),
        request=frozenset(key(word) for word in words["request"] if not word.endswith("*")),
        openings=tuple(key(word[:-1]) for word in words["request"] if word.endswith("*")),
        yes_no=frozenset(key(word) for word in words["yes_no"]),
    )


def detect(text: str, last: str = "") -> str:
    """The language of `text`: uz, uz_Cyrl, ru or en. `last`: what this conversation spoke before, "" at its start.

    A mixed message is in its dominant language; a message that says nothing of itself keeps `last`, or is Uzbek.
    """
    plain = _PIECES.sub(" тадан", _LINK.sub(" ", text))
    words = [word.lower() for word in _WORD.findall(plain)]
    names = {match.start() for match in _NAME.finditer(plain)}
    said = [match[0].lower() for match in _WORD.finditer(plain) if match.start() not in names]
    if last and (not said or _is_name(plain) or _only_answers(said)):
        return last
    scores = _scores(said or words)
    best = max(scores.values(), default=0.0)
    if last and _PHONE.search(plain) and best < _SWITCHES:  # "ok. Anna, 99 067 37 47, Bukhara, ... avenue 11"
        return last
    if best < 1.0:
        return last or _unsure(text, words, scores)
    leaders = [language for language, score in scores.items() if score == best]
    return last if last in leaders else leaders[0]


def _is_name(text: str) -> bool:
    """Whether a message is a name or a title: every word of several begins with a capital."""
    words = _WORD.findall(text)
    return 2 <= len(words) <= 4 and "?" not in text and all(word.istitle() for word in words)


def _only_answers(words: list[str]) -> bool:
    """Whether a few words are such as questions are answered with: colours, days, numbers, parts of an address.

    People take those from any language: "qora" in a Russian conversation is no wish to speak Uzbek.
    """
    lists = _lists()
    telling = [word for word in words if _evidence(word)]
    return len(telling) <= _FEW and all(word in lists.also or key(word) in lists.answers for word in telling)


def _scores(words: list[str]) -> dict[str, float]:
    """How much of each language is in `words`; Uzbek is split by the script of its own words."""
    scores = {"uz": 0.0, "uz_Cyrl": 0.0, "ru": 0.0, "en": 0.0}
    for word in words:
        for language, weight in _evidence(word).items():
            scores[language] += weight
    weaker, stronger = sorted(("uz", "uz_Cyrl"), key=lambda one: scores[one])
    scores[stronger] += scores[weaker]  # mixed scripts are one language
    scores[weaker] = 0.0
    return scores


def _evidence(word: str) -> dict[str, float]:
    lists = _lists()
    borrowed = 0.5 if word in lists.also else 1.0
    if _CYRILLIC.search(word):
        if _SURE_UZ.search(word):
            return {"uz_Cyrl": 1.5}
        found = {"ru": borrowed} if word in lists.ru or _SURE_RU.search(word) else {}
        if key(word) in lists.uz and len(word) > 1 and word not in lists.ru:
            found["uz_Cyrl"] = borrowed
        if not found and _RU_ENDING.match(word):
            return {"ru": 0.5}
        return found or ({"uz_Cyrl": 0.4} if _UZ_ENDING.match(key(word)) else {})
    if word in lists.ru_latin:
        return {"ru": borrowed / 2}  # said in Uzbek sentences too
    plain = word.replace("’", "'").replace("‘", "'")
    if plain in lists.en and len(word) > 1 and key(word) not in lists.uz:
        return {"en": borrowed}
    if key(word) in lists.uz and len(word) > 1:
        return {"uz": borrowed}
    return {"uz": 0.5} if _UZ_ENDING.match(key(word)) and len(word) > 4 else {}


def _unsure(text: str, words: list[str], scores: dict[str, float]) -> str:
    """A first message without one sure word: the weak signs, then the script, then the statistics."""
    if any(scores.values()):
        return max(scores, key=lambda language: scores[language])
    if _CYRILLIC.search(text):
        return "ru"
    if len(words) < 3:
        return "uz"
    return _statistics(text)


def prepare() -> None:
    """Loads what only words of no list are told by: 0.6 s for which the first of them would stop every conversation."""
    _identifier()


def _statistics(text: str) -> str:
    return "en" if _identifier().classify(text)[0] == "en" else "uz"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # 0.3 s and 20 MB: only for text that no list knows

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["uz", "en", "tr", "az"])  # Turkic neighbours catch Uzbek the small model is unsure of
    return identifier


# ---- how long to wait ------------------------------------------------------------------------------------------------


def wait_ms(incoming: Incoming, awaiting: str, turn: TurnConfig) -> int:
    """Milliseconds to wait for the next piece of the burst. `awaiting`: what the last turn asked for.

    0 for buttons, commands, comments, contacts, pins and a yes or no while a summary waits; longer for a beginning.
    """
    if incoming.kind in ("button", "command", "payment", "comment") or incoming.contact or incoming.location:
        return 0
    if incoming.album:
        return turn.album_ms
    words = [key(word) for word in _WORD.findall(incoming.text)] or incoming.text.split()
    if awaiting == "confirm" and 0 < len(words) <= 3 and any(word in _lists().yes_no for word in words):
        return 0
    return turn.complete_ms if _complete(incoming, words, awaiting) else turn.fragment_ms


def _complete(incoming: Incoming, words: list[str], awaiting: str) -> bool:
    """Whether a message can be answered as it stands."""
    if awaiting or "?" in incoming.text or len(words) >= _ENOUGH_WORDS or len(re.findall(r"\d", incoming.text)) >= 7:
        return True
    lists = _lists()
    return any(word in lists.request or word.startswith(lists.openings) for word in words)

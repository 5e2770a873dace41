"""Says a scripted conversation as another person would: other script, apostrophes, typos, order, pieces seconds apart.

Pure: a dialogue in, another dialogue out, from a seed. What is right at the end stays the same. Numbers, phones and
addresses keep their letters (a courier has to find the house), except that a script is changed as a whole.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

from shop.translit import to_cyrillic

Dialogue = dict[str, Any]
_PHONE = re.compile(r"(?<![\d\w])\+?\d[\d\s().\-]{6,}\d(?!\d)")
_LATIN = dict(zip("абвгдежзийклмнопрстуфхъыэўқғҳ", "abvgdejziyklmnoprstufx'ie\0q\1h", strict=True))
_LATIN |= {"ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ь": "", "ю": "yu", "я": "ya", "ё": "yo", "ў": "o'", "ғ": "g'"}
_APOSTROPHE = re.compile("['\u2018\u2019\u02bb\u02bc`\u00b4]")
_FLIPPED = {"uz": "uz-cyrl", "uz-cyrl": "uz"}


def to_latin(text: str) -> str:
    """Uzbek Cyrillic in Latin, as people type it."""
    out = []
    for place, letter in enumerate(text):
        made = _LATIN.get(letter.lower(), letter)
        if letter in "еЕ" and (place == 0 or not text[place - 1].isalpha()):
            made = "ye"
        out.append(made.capitalize() if letter.isupper() else made)
    return "".join(out)


def _says(dialogue: Dialogue) -> list[Dialogue]:
    return [turn for turn in dialogue["turns"] if turn.get("say") and turn.get("via") != "sticker"]


# ---- the ways --------------------------------------------------------------------------------------------------------


def script(dialogue: Dialogue, dice: random.Random) -> None:
    """Uzbek in the other script, everything the shopper says and knows; answers may come in either."""
    if dialogue["language"] not in _FLIPPED:
        return
    flip = to_cyrillic if dialogue["language"] == "uz" else to_latin
    dialogue["language"] = _FLIPPED[dialogue["language"]]
    for turn in _says(dialogue):
        turn["say"] = flip(turn["say"])
    facts, order = dialogue["facts"], dialogue["final"]["order"]
    for known in (facts, facts.get("again", {})):
        for name in ("name", "address", "pay_answer", "yes", "no"):
            known |= {name: flip(known[name])} if known.get(name) else {}
        for item in known.get("items", ()):
            item |= {name: flip(item[name]) for name in ("call", "size", "color") if item.get(name)}
    for name in ("address_contains", "name_contains"):
        if order and order.get(name):
            order[name] = flip(order[name])
    dialogue["either_script"] = True


def apostrophes(dialogue: Dialogue, dice: random.Random) -> None:
    """Another apostrophe in each message, or none at all."""
    for turn in _says(dialogue):
        turn["say"] = _APOSTROPHE.sub(
            dice.choice(["'", "\u2018", "\u2019", "\u02bb", "\u02bc", "`", "\u00b4", ""]), turn["say"]
        )
    facts, order = dialogue["facts"], dialogue["final"]["order"]
    facts |= {name: _APOSTROPHE.sub("", facts[name]) for name in ("yes", "no", "pay_answer") if facts.get(name)}
    if order and _APOSTROPHE.search(order["address_contains"] or ""):
        order["address_contains"] = max(_APOSTROPHE.split(order["address_contains"]), key=len)


def typos(dialogue: Dialogue, dice: random.Random) -> None:
    """One slip of the finger in each message that has no phone and no address in it."""
    known = {
        word.lower() for name in ("address", "name") for word in re.findall(r"\w+", dialogue["facts"].get(name) or "")
    }
    for turn in _says(dialogue):
        said = turn["say"]
        words = [
            found.span()
            for found in re.finditer(r"[^\W\d_]{5,}", said)
            if found[0].lower() not in known
            and not re.search(r"[/@.]", said[max(0, found.start() - 1) : found.end() + 1])
        ]
        if _PHONE.search(said) or "http" in said or not words:
            continue
        start, end = dice.choice(words)
        turn["say"] = said[:start] + _slip(said[start:end], dice) + said[end:]


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    kind = dice.choice(("swap", "drop", "double"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == "drop" else word[: at + 1] + word[at:]


def slots(dialogue: Dialogue, dice: random.Random) -> None:
    """Phone and address the other way round: within a message, between two messages, and in answers."""
    dialogue["backwards"] = True
    turns = dialogue["turns"]
    for turn in _says(dialogue):
        phones = list(_PHONE.finditer(turn["say"]))
        if len(phones) != 1:
            continue
        before, after = turn["say"][: phones[0].start()].strip(" ,:"), turn["say"][phones[0].end() :].strip(" ,.:/")
        if after and len(before.split()) <= 2:
            turn["say"] = f"{after}, {before} {phones[0][0]}".replace(",  ", ", ")
    for place in range(len(turns) - 1):
        first, second = turns[place], turns[place + 1]
        plain = all(set(turn) == {"say"} for turn in (first, second))
        if plain and _PHONE.fullmatch(first["say"].strip()) and second["say"] == dialogue["facts"].get("address"):
            turns[place], turns[place + 1] = second, first
            return


def gaps(dialogue: Dialogue, dice: random.Random) -> None:
    """Bursts with two to five seconds between the pieces, and messages sent in two pieces."""
    turns: list[Dialogue] = []
    for turn in dialogue["turns"]:
        pieces = [turn]
        if turns and turns[-1].get("burst"):
            turn["gap_s"] = dice.uniform(2, 5)
        elif "say" in turn and not turn.get("via") and (cut := _cut(turn["say"])):
            first = {name: turn[name] for name in ("after",) if name in turn} | {
                "say": turn["say"][:cut].strip(" ,"),
                "burst": True,
            }
            rest = {name: value for name, value in turn.items() if name != "after"}
            pieces = [first, rest | {"say": turn["say"][cut:].strip(" ,"), "gap_s": dice.uniform(2, 5)}]
        turns += pieces
    dialogue["turns"] = turns


def _cut(said: str) -> int:
    """Where a person would press "send" in the middle: after a greeting or a sentence, beside a phone. 0: nowhere."""
    if greeting := re.match(r"\w+(?:\s\w+)?[,!.]\s+(?=\w)", said):
        return greeting.end()
    if sentence := re.search(r"[?!](?:\s+)(?=\w{2,}\s\w)", said):
        return sentence.end()
    if phone := _PHONE.search(said):
        around = [at for at in (phone.start(), phone.end()) if said[:at].strip(" ,") and said[at:].strip(" ,.")]
        return around[0] if around else 0
    return 0


WAYS: dict[str, Callable[[Dialogue, random.Random], None]] = {
    "script": script,
    "apostrophes": apostrophes,
    "typos": typos,
    "slots": slots,
    "gaps": gaps,
}


def shaken(dialogue: Dialogue, times: int, seed: int = 0) -> list[tuple[str, Dialogue]]:
    """`times` other tellings of one conversation, each way in turn; those that change nothing of it are left out."""
    made: list[tuple[str, Dialogue]] = []
    for number in range(times):
        way = list(WAYS)[number % len(WAYS)]
        other = json.loads(json.dumps(dialogue))
        WAYS[way](other, random.Random(f"{seed}:{dialogue['id']}:{number}"))
        if other != dialogue:
            made.append((way, other))
    return made

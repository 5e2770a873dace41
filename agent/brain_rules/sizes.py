"""Which of a product's sizes is meant: letters, numbers, ranges, units (`50 мл` is "50 ml"), and the shop's size chart.

Knows one product at a time and nothing of the talk; whether a bare number is a size at all is decided by who asks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from agent.brain_rules.kinds import WITH, kind, same_kind
from agent.brain_rules.lexicon import index, keys, read
from agent.brain_rules.text import Token
from shop import colors
from shop.fold import fold_word as key
from shop.fold import stem, words
from shop.lexicon import load
from shop.search.units import units

_RANGE = re.compile(r"\s*(\d{1,3})\s*[-–—/]\s*(\d{1,3})\s*")
_AMPERES, _A = "amper", "a"
_LONG, _ENDING = 5, 5  # letters: a size called by a long word has any short ending ("zilolidan")
_LOOKALIKE = str.maketrans("МХСЛАмхсла", "MXSLAmxsla")  # Cyrillic letters that are typed for Latin ones
_LETTER = re.compile(r"(?:\d?X*[SL]|M|\dXL)", re.IGNORECASE)


def is_marker(token: Token) -> bool:
    """Whether the word says that a size stands beside it."""
    return token.key in keys("sizes", "markers")


@lru_cache(maxsize=1)
def _letters() -> dict[str, list[tuple[list[str], str]]]:
    """The first word of a letter size -> its wordings as words and letter, the longest first."""
    found: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
    for letter, wordings in read("sizes")["letters"].items():
        for quoted, bare in re.findall(r'"([^"]+)"|(\S+)', wordings):
            said = [key(part) for part in (quoted or bare).split()]
            found[said[0]].append((said, letter))
    return {first: sorted(worded, key=lambda pair: -len(pair[0])) for first, worded in found.items()}


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Words that sizes are made of, units among them -> the one spelling they are compared in."""
    named = {key(word): key(name) for name, said in read("sizes")["names"].items() for word in said.split()}
    return named | load().units


def may_begin_letter(token: Token) -> bool:
    """Whether `letter_at` can find anything here; asked of each word for each product of a list."""
    return token.kind == "number" or _begins_letter(token.text, token.key)


@lru_cache(maxsize=4096)
def _begins_letter(text: str, key: str) -> bool:
    return key in _letters() or bool(_LETTER.fullmatch(text.translate(_LOOKALIKE)))


def letter_at(tokens: Sequence[Token], at: int, *, sure: bool) -> tuple[str, int]:
    """A letter size at `at` and how many tokens it takes. `sure`: a size is expected here."""
    first = tokens[at]
    if first.text.lower() == "yes":  # its key is that of the Russian name of the letter S
        return "", 0
    if first.kind == "word" and _LETTER.fullmatch(first.text.translate(_LOOKALIKE)):
        plain = first.text.isascii() or first.text.isupper() or len(first.text) > 1
        if (sure or plain) and not _is_with(tokens, at):
            return _canonical(first.text.translate(_LOOKALIKE)), 1
    if first.kind == "number" and at + 1 < len(tokens) and tokens[at + 1].end - first.start <= 4:
        joined = (first.text + tokens[at + 1].text).translate(_LOOKALIKE)
        if re.fullmatch(r"[2-6]XL", joined, re.IGNORECASE):
            return _canonical(joined), 2
    for said, letter in _letters().get(first.key, ()):
        spoken = len(said) > 1 or len(first.key) > 2 or first.text[:1] in ("э", "Э")  # "эль две штуки"
        spoken = spoken or (sure and not _is_with(tokens, at))
        if spoken and [token.key for token in tokens[at : at + len(said)]] == said:
            return letter, len(said)
    return "", 0


def _is_with(tokens: Sequence[Token], at: int) -> bool:
    """`с какого`, `с доставкой`: the Russian word for "with" and "from", and no S; `с чёрный` is one."""
    if tokens[at].text != "с" or at + 1 >= len(tokens) or (at and is_marker(tokens[at - 1])):
        return False
    after = tokens[at + 1]
    wished = index("intents").meanings(after.key) & {"order", "wish"}
    return after.kind == "word" and not (is_marker(after) or wished or colors.named(after.text))


def _canonical(letter: str) -> str:
    upper = letter.upper()
    if found := re.fullmatch(r"(\d)XL", upper):
        return "X" * int(found[1]) + "L" if int(found[1]) < 4 else upper
    return upper


def _same_letter(size: str, letter: str) -> bool:
    return bool(_LETTER.fullmatch(size.strip())) and _canonical(size.strip()) == letter


def of_letter(letter: str, sizes: Sequence[str], chart: Mapping[str, str]) -> tuple[str, ...]:
    """The product's sizes for a letter: itself alone, or the numbers the chart has for it; () for neither."""
    for size in sizes:
        if _same_letter(size, letter):
            return (size,)
    for name, span in chart.items():
        if _same_letter(name, letter):
            return tuple(size for size in sizes if size.isdigit() and _within(int(size), span))
    return ()


def of_number(number: int, sizes: Sequence[str], chart: Mapping[str, str], *, marked: bool = False) -> str:
    """The product's size for a number: it, or a range or unit with it; by the chart only where `marked` as a size."""
    exact = [size for size in sizes if size == str(number)]
    if exact:
        return exact[0]
    leading = [size for size in sizes if _parts(size)[:1] == (str(number),) and len(_parts(size)) == 2]
    if len(leading) == 1 and not leading[0].replace(" ", "").isdigit():
        return leading[0]
    models = [size for size in sizes if _is_model(_parts(size)) and _parts(size)[-1] == str(number)]
    if number >= _OF_CODE or marked:  # "13 lik", "на 15" of what comes R13, R14, R15
        models += [size for size in sizes if _CODE.fullmatch(size) and size[1:] == str(number)]
    if len(models) == 1:
        return models[0]
    ranged = [size for size in sizes if _RANGE.fullmatch(size) and _within(number, size)]
    if len(ranged) == 1 and marked:
        return ranged[0]
    return by_chart(number, sizes, chart) if marked else ""


def of_listed(number: int, sizes: tuple[str, ...], titles: tuple[str, ...]) -> str:
    """The size for a number that stands in a title, where the title lists the sizes ("на 2, 3, 4 поста"); "" else."""
    return of_number(number, sizes, {}) if _lists(sizes, titles) else ""


@lru_cache(maxsize=4096)
def _lists(sizes: tuple[str, ...], titles: tuple[str, ...]) -> bool:
    own = {_parts(size)[0] for size in sizes if _parts(size)}
    return len(own) > 1 and any(own <= {word.key for word in words(title)} for title in titles)


def by_chart(number: int, sizes: Sequence[str], chart: Mapping[str, str]) -> str:
    """The letter size that the shop's chart gives for a number ("" without one the product has)."""
    for name, span in chart.items():
        if _within(number, span):
            return next((size for size in sizes if size.strip().upper() == name.strip().upper()), "")
    return ""


def _within(number: int, span: str) -> bool:
    found = _RANGE.fullmatch(span)
    return int(found[1]) <= number <= int(found[2]) if found else span.strip() == str(number)


@lru_cache(maxsize=65536)
def _parts(size: str) -> tuple[str, ...]:
    """A size as comparable parts: numbers and units in one spelling; `50x70`, `50×70` and `50*70` are one."""
    size = re.sub(r"[×*]", " x ", size)
    said = (word.key for word in words(size))
    parts = tuple(_spellings().get(key) or load().unit(key) or load().name(key) or key for key in said)
    return (parts[0], _AMPERES) if len(parts) == 2 and parts[0].isdigit() and parts[1] == _A else parts  # "16A"


@lru_cache(maxsize=4096)
def _wordings(sizes: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The ways in which people write each of `sizes`; "mol go'shti" beside "tovuq" is told by its first word."""
    found = [(size, parts) for size in sizes for parts in _said_as(_parts(size))]
    first = [parts[0] for _, parts in found if parts]
    return found + [
        (size, parts[:1])
        for size, parts in found
        if len(parts) == 2 and all(map(str.isalpha, parts)) and kind(parts[0]) and first.count(parts[0]) == 1
    ]


@lru_cache(maxsize=4096)
def _models(sizes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Those of `sizes` that are things it goes with."""
    return [parts for parts in map(_parts, sizes) if _is_model(parts)]


def written_at(tokens: Sequence[Token], at: int, sizes: Sequence[str]) -> tuple[str, int]:
    """A size that stands at `at` as the catalogue writes it (`36-40`, `128 гб`, `3-4 yosh`), and its tokens."""
    best = ("", 0)
    first = _parts(tokens[at].text)
    for size, wanted in _wordings(tuple(sizes)) if first else ():
        if len(wanted) < 2:
            exact = size.isalpha() and tokens[at].text.translate(_LOOKALIKE).lower() == size.lower()  # AA is no AAA
            if (exact and best[1] < 2) or (not best[1] and _is_named(tokens[at], size, wanted)):
                best = (size, 1)
            continue
        if not _alike(first[0], wanted[0]):
            continue
        said: list[str] = []
        for past in range(at, min(at + len(wanted) + 1, len(tokens))):
            said += _parts(tokens[past].text)
            if len(said) >= len(wanted) and all(map(_alike, said, wanted)):
                if past + 1 - at > best[1]:
                    best = (size, past + 1 - at)
                break
            if len(said) >= len(wanted):
                break
    return best


def other_model(tokens: Sequence[Token], at: int, sizes: Sequence[str]) -> tuple[str, int]:
    """A model that no size is made for, as it was said (`iphone 14`), and its tokens; ("", 0) without one."""
    if code := _other_code(tokens, at, sizes):
        return code, 2
    models = _models(tuple(sizes))
    if not models:
        return "", 0
    own = {part for parts in models for part in parts if part.isalpha()}
    past, said = at, list[str]()
    while past < len(tokens) and (parts := _parts(tokens[past].text)):
        number = parts[0].isdigit() and not any(part.isdigit() for part in said)
        if not (number or parts[0] in own or tokens[past].key in keys("sizes", "models")):
            break
        said += parts
        past += 1
    if not {parts[0] for parts in models} & set(said) or not any(part.isdigit() for part in said):
        return "", 0
    if said[0].isdigit() and past < len(tokens) and tokens[past].number is not None:
        return "", 0  # "2 iphone 13": two of them
    worded = [sorted(parts) for model in models for parts in _said_as(model)]
    known = any(sorted(said[at:]) in worded for at in range(len(said) - 1))  # "redmi note 13" where it says "Note 13"
    return ("", 0) if known else (" ".join(token.text for token in tokens[at:past]), past - at)


def _other_code(tokens: Sequence[Token], at: int, sizes: Sequence[str]) -> str:
    """`a35` where it comes for A15 and A25; "" for what no model is called by."""
    if at + 1 >= len(tokens) or len(tokens[at].text) != 1 or tokens[at].end != tokens[at + 1].start:
        return ""
    said = f"{tokens[at].key}{tokens[at + 1].text}".upper()
    codes = {size.upper() for size in sizes if _CODE.fullmatch(size)}
    alike = any(code[0] == said[0] for code in codes)
    return said if alike and len(codes) == len(sizes) and said not in codes and _CODE.fullmatch(said) else ""


_CODE = re.compile(r"[A-Za-z]\d{2,3}")
_OF_CODE = 12  # a smaller number may be of pieces
_SHORT_WORD = 4  # letters


def _is_named(token: Token, size: str, parts: tuple[str, ...]) -> bool:
    """Whether a size that is a word ("katak", "klassik") stands here, with any ending."""
    if token.kind != "word" or not parts or not parts[0].isalpha() or _LETTER.fullmatch(size):
        return False
    if len(parts[0]) < _SHORT_WORD and not kind(parts[0]):  # tuz (salted) and xom (raw) are known
        ordinary = token.key in load().filler or token.key in load().everyday or index("intents").meanings(token.key)
        return len(parts[0]) == _SHORT_WORD - 1 and token.key == parts[0] and not ordinary
    if len(parts[0]) >= _LONG and token.key.startswith(parts[0]):
        ending = token.key[len(parts[0]) :]
        if len(ending) <= _ENDING or WITH.fullmatch(f"l{ending.removeprefix('l')}"):  # "baliqlisidan": with a fish
            return True
    slipped = min(len(token.key), len(parts[0])) > _LONG and OSA.distance(token.key, parts[0], score_cutoff=1) <= 1
    if slipped and stem(token.key) not in load().everyday_stems:  # "horizontal" is "gorizontal"
        return True
    return stem(token.key) == stem(parts[0]) or same_kind(token.key, parts[0]) or _one_meaning(token.key, parts[0])


@lru_cache(maxsize=65536)
def _one_meaning(said: str, size: str) -> bool:
    """`детские` is "bolalar": words of the trade that mean the same in two languages."""
    lexicon = load()
    shared = lexicon.meanings((said,)) & lexicon.meanings((size,))
    return any(lexicon.concepts[name].kind in ("audience", "goods") for name in shared)


def _said_as(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A size as people write it: `12,5 mm`, `12.5 lik`; `3-4`; "Samsung A15" is `a15` too, "iPhone 13" `13 айфон`."""
    if len(parts) == 2 and parts[1] == _AMPERES:
        return [parts, (parts[0], _A)]  # "16 amper"; the "5A" of sticks is no current
    if len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit() and not parts[2].isdigit():
        return [parts, parts[:2]]
    if len(parts) == 2 and _is_model(parts):
        return [parts, (parts[1], parts[0])]
    if len(parts) > 3 and parts[0].isdigit() and parts[-2].isdigit() and load().unit(parts[-1]):
        return [parts, parts[:-1]]  # "200x145" of what is "200x145 sm"
    return [parts, parts[1:]] if len(parts) == 3 and _is_model(parts) else [parts]


def is_model(size: str) -> bool:
    """Whether a size is the name of a model: `iPhone 13`, `Redmi 13C`, `A25`."""
    parts = _parts(size)
    return bool(_CODE.fullmatch(size)) or _is_model(parts) or _is_model(parts[:-1])


def _is_model(parts: tuple[str, ...]) -> bool:
    """Whether a size is a thing it goes with: a name and a number at the end."""
    return len(parts) > 1 and parts[-1].isdigit() and len(parts[0]) > 2 and parts[0].isalpha()


def _alike(said: str, part: str) -> bool:
    """`нот` is "note", `айфон` is not: numbers and units exactly, longer words with one slip."""
    if said == part or said.isdigit() or part.isdigit() or min(len(said), len(part)) < 3:
        return said == part
    if len(part) >= _SHORT_WORD and stem(said) == stem(part):  # "rangli kiyimga", "for the coloured ones"
        return True
    if same_kind(said, part):  # "2 gang" of "2 klavish"
        return True
    return OSA.distance(said, part, score_cutoff=1) <= 1


def said_range(first: int, second: int, sizes: Sequence[str]) -> str:
    """The size of two numbers said one after the other: forty-two forty-four is "42-44"; "" when there is none."""
    return next((size for size in sizes if _parts(size) == (str(first), str(second))), "")


def span_at(tokens: Sequence[Token], at: int, sizes: Sequence[str]) -> tuple[str, int]:
    """A number with its unit inside a size that is a span: `5 yoshga` is "5-6 yosh"; and its tokens."""
    number = tokens[at].number
    if number is None or at + 1 == len(tokens):
        return "", 0
    unit = load().units.get(tokens[at + 1].key, "")
    if not unit:
        return "", 0
    for size in sizes:
        parts = _parts(size)
        spans = len(parts) == 3 and parts[2] == unit and parts[0].isdigit() and parts[1].isdigit()
        if spans and int(parts[0]) <= number <= int(parts[1]):
            return size, 2
    return "", 0


def is_unit(tokens: Sequence[Token], at: int) -> bool:
    """Whether a unit of measure stands at `at`; ages are none."""
    if at < len(tokens) and tokens[at].text.lower() == "в":  # "один в Ургенч": its key is that of W
        return False
    return at < len(tokens) and load().unit(tokens[at].key) not in ("", "yosh", "oy")


_PROPERTIES = frozenset({"w", "mah", "gb", "tb", "mm", "ml"})


def is_property(tokens: Sequence[Token], at: int) -> bool:
    """Whether the unit at `at` says how strong or big one piece is; nobody buys twenty of them (`20w`, `64 gb`)."""
    if not is_unit(tokens, at):
        return False
    said, lexicon = tokens[at].key, load()
    return lexicon.unit(said) in _PROPERTIES or said not in lexicon.units  # "2 metrlik", of two metres


def so_strong(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is said how strong the thing at `at` is: `20w blok`, `блок 20 ватт`, which is no house."""
    ahead = at > 1 and tokens[at - 2].number is not None and is_property(tokens, at - 1)
    behind = at + 2 < len(tokens) and tokens[at + 1].number is not None and is_property(tokens, at + 2)
    return ahead or behind


@lru_cache(maxsize=4096)
def in_pairs(*titles: str) -> bool:
    """Whether a thing is sold by the pair: shoes, gloves, socks, or what its title calls a pair."""
    lexicon = load()
    meant = {name for title in titles for unit in units(title, lexicon) for name in unit.concepts}
    above = {one for name in meant for one in lexicon.concepts[name].above}
    said = {word.key for title in titles for word in words(title)}
    return bool((meant | above) & keys("sizes", "paired") or said & keys("numbers", "pair"))


def is_measure(said: str) -> bool:
    """Whether a text is nothing but a unit, with or without its number: `litrli`, `500 ml`."""
    units = [word.key for word in words(said) if not word.key.isdigit()]
    return bool(units) and all(map(load().unit, units))


def near_sizes(number: int, sizes: Sequence[str]) -> bool:
    """Whether `number` looks like a size the product might have had: between its sizes or just beside them."""
    known = sorted(int(size) for size in sizes if size.isdigit())
    if len(known) < 2 or known[-1] < 15:
        return False
    step = max(2, (known[-1] - known[0]) // (len(known) - 1))
    return known[0] - 2 * step <= number <= known[-1] + 2 * step


def are_heights(sizes: tuple[str, ...]) -> bool:
    """Whether sizes are children's heights: 98, 104, 110 ..."""
    return (
        len(sizes) > 1
        and all(one.isdigit() and 50 <= int(one) <= 176 for one in sizes)
        and int(max(sizes, key=int)) >= 74
    )

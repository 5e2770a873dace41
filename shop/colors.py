"""Colours in text: any language and ending to the Uzbek name that catalogues use, and from there to a product's own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from shop.fold import Word, words
from shop.translit import to_cyrillic

_FILE = Path(__file__).parent / "colors.yaml"
# "ok" is the key of oq (white) and of okay alike: it is white only when written with q or қ, or before the word colour
_OKAY = frozenset({"ok", "ок", "okey", "окей", "okay"})
# a brother, a day, a person, a yes: these only end like oq, ko'k, алый and розовый; olivye is a salad
_OTHER_WORDS = re.compile(
    r"(?:olivye|оливье|kogda|когда|(?:ok|ок)[aа]|(?:al|ал)[iи]|(?:roz|роз)[iи])(?:jon|жон|ga|га|ing|ning|нинг|ni|ни|dan|дан)?"
)
_COLOUR_WORDS = ("rang", "svet", "kolor", "otenk", "color", "colour")
_NOUN = 4  # letters
_LONG = 6  # letters of a word in which a slip is believed
# endings on colour words, as keys: Uzbek cases and possessives, Russian adjectives
_ON_COLOURS = """si sini sidan siga sining sida sidagi i ini idan iga ining ida ni dan ga ning da dagi lar lari larini
 laridan li roq cha mi simi imi niki rang rangi rangini rangda rangdagi rangidan rangga rangli ran
 iy ii ie aya oe uyu ogo omu om im ix oy ey yaya yuyu ego emu em
 ovi oviy ovie ovaya ovoe ovuyu ovogo ovomu ovom ovim ovix ovoy"""
# a lighter or darker one of any colour: how catalogues write it -> how people say it, and how it is told
_SHADES = {
    "och": "och ochiq ochroq светло светлый светлая светлое light pale",
    "to'q": "to'q tuq to'qroq темно темный темная темное dark deep",
}
_SHADES_TOLD = {"och": {"ru": "светло-{}", "en": "light {}"}, "to'q": {"ru": "тёмно-{}", "en": "dark {}"}}
_PLAIN_SHADE = {"och": "oq", "to'q": "qora"}  # of the colours without a shade the lightest and the darkest
_SHADE_OF = {word.key: shade for shade, said in _SHADES.items() for word in words(said)}
_IN_COLOUR = ("om", "em")  # "в белом"; of krem nothing is left
_NAME = 4  # letters
_OF_IT = re.compile(r"(?<=i)si(?:ni|dan|ga|ning|da|dagi)?$")
_TOO = re.compile(r"(?<=i)yam$|(?<=[nd])am$|xam$")
_ENDINGS = sorted(_ON_COLOURS.split(), key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Named:
    """A colour named in a text: its catalogue name and where it stands."""

    color: str
    start: int
    end: int


@cache
def _data() -> dict[str, dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both are safe


@cache
def _lexicon() -> tuple[dict[tuple[str, ...], str], dict[str, tuple[str, ...]]]:
    """(keys of a wording -> colour, colour -> near colours)."""
    data = _data()
    wordings: dict[tuple[str, ...], str] = {}
    for color, spelling in _spellings():
        wordings.setdefault(_keys(spelling), color)
        wordings.setdefault(_bases(spelling), color)
    return wordings, {color: tuple(entry.get("near", ())) for color, entry in data.items() if "words" in entry}


def _spellings() -> Iterator[tuple[str, str]]:
    """(colour, wording) as people type them."""
    for color, entry in _data().items():
        for wording in entry.get("words", ()):
            yield color, wording
            yield color, wording.replace("o'", "u")  # кук, тук: ў typed on a Russian keyboard


@cache
def _written() -> frozenset[tuple[str, ...]]:
    """The wordings as they are written, without those that only an ending makes a colour."""
    return frozenset(_keys(spelling) for _, spelling in _spellings())


_SLIPS_FROM = 8  # letters: shorter words have neighbours that are other words


def _keys(wording: str) -> tuple[str, ...]:
    return tuple(word.key for word in words(wording))


def _bases(wording: str) -> tuple[str, ...]:
    return tuple(_base(word.key) for word in words(wording))


@lru_cache(maxsize=65536)
def _base(key: str) -> str:
    """A colour word without its ending. Russian adjectives lose theirs, so that all their forms meet."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= (3 if ending in _IN_COLOUR else 2):
            base = key[: -len(ending)]
            return base[:-1] + "k" if base.endswith("g") and len(base) > 3 else base  # sarig'i is of sariq
    return key


def named(text: str) -> list[Named]:
    """Every colour named in `text`, in order; longer wordings first ("to'q ko'k" is not also "ko'k")."""
    return list(_named(text))


@lru_cache(maxsize=4096)  # one message is asked about for each product of the talk, and catalogues name few colours
def _named(text: str) -> tuple[Named, ...]:
    wordings, _ = _lexicon()
    tokens = words(text)
    found: list[Named] = []
    at = 0
    while at < len(tokens):
        for length in (3, 2, 1):
            chunk = tokens[at : at + length]
            color = _meaning(chunk, tokens, at, wordings) if len(chunk) == length else None
            if color:
                found.append(Named(color, chunk[0].start, chunk[-1].end))
                at += length
                break
        else:
            at += 1
    return tuple(found)


def _meaning(
    chunk: Sequence[Word], tokens: Sequence[Word], at: int, wordings: dict[tuple[str, ...], str]
) -> str | None:
    if len(chunk) == 1 and _OTHER_WORDS.fullmatch(chunk[0].text.lower()):
        return None
    keys = tuple(word.key for word in chunk)
    if len(keys[-1]) > _LONG and (said := _TOO.sub("", keys[-1])) != keys[-1]:  # qorasi-yam: the black one too
        keys = (*keys[:-1], said)
    bases = tuple(map(_base, keys))
    color = wordings.get(keys) or wordings.get(bases) or wordings.get((*keys[:-1], bases[-1]))
    if (keys == bases or len(keys) == 1) and not _ends_so(keys, bases):
        color = None
    own = _OF_IT.sub("", keys[-1]) if len(keys[-1]) > _LONG else keys[-1]
    if not color and own.endswith("i") and (own[:-1],) not in _nouns():  # qizil-i, not qizi-li; cherni-sidan
        color = wordings.get((*keys[:-1], own[:-1]))
    if not color and keys[-1].endswith("ka"):  # ko'k-ka
        color = wordings.get((*keys[:-1], keys[-1].removesuffix("a")))
    if not color and len(keys) == 2 and (shade := _SHADE_OF.get(keys[0])):
        of = wordings.get(keys[1:]) or wordings.get(bases[1:])
        return f"{shade} {of}" if of and " " not in of else None
    if not color and len(keys) == 1 and keys[0].endswith("o") and any(map(is_color, tokens[at + 1 : at + 2])):
        color = wordings.get((keys[0][:-1],))  # чёрно-белый
    if not color and len(keys) == 1 and len(keys[0]) >= _SLIPS_FROM:
        color = _slipped(keys[0])
    if color and len(chunk) == 1 and chunk[0].text.lower() in _OKAY:
        beside = tokens[at + 1 : at + 2]
        return color if beside and beside[0].key.startswith(_COLOUR_WORDS) else None
    return color


def _ends_so(keys: tuple[str, ...], bases: tuple[str, ...]) -> bool:
    """Whether the colour is written so, or has the ending that makes it one.

    Ink (siyoh) is no colour, siyohrang is; salads are not салатовый, nor cabbage rolls (голубцы) голубой.
    """
    if bases in _written() or keys in _written():
        return True
    ending = keys[-1][len(bases[-1]) :]
    if bases in _nouns():
        return ending.startswith("ov")
    return bool(ending) and not (ending.startswith("s") and bases[-1][-1] not in "aeiou")  # -si stands behind a vowel


@cache
def _nouns() -> frozenset[tuple[str, ...]]:
    """The words that only -ovый makes colours: салат, крем."""
    keys = (_keys(spelling) for _, spelling in _spellings())
    found = {(_base(one[0]),) for one in keys if len(one) == 1 and one[0][len(_base(one[0])) :].startswith("ov")}
    return frozenset(found - _written())


@lru_cache(maxsize=65536)
def _slipped(key: str) -> str | None:
    """A long colour word with one slip: `korichnivi`, `фиолетовй`."""
    long = _long()
    near = process.extract(key, long.keys(), scorer=OSA.distance, score_cutoff=1, limit=3)
    # another last letter is another ending: кофейник is no кофейный
    alike = [word for word, _, _ in near if word[:2] == key[:2] and (len(word) != len(key) or word[-1] == key[-1])]
    found = {long[word] for word in alike}
    return found.pop() if len(found) == 1 else None


@cache
def _long() -> dict[str, str]:
    """Colour words that a slip may be made in."""
    wordings, _ = _lexicon()
    found = {keys[0]: color for keys, color in wordings.items() if len(keys) == 1}
    return {key: color for key, color in found.items() if len(key) >= _SLIPS_FROM - 1}


@lru_cache(maxsize=4096)
def canonical(color: str) -> str:
    """The catalogue name of a colour as a shop wrote it ("Чёрный" -> "qora"); itself when it is not known."""
    found = named(color)
    return found[0].color if len(found) == 1 else color.strip()


def color_of(text: str, colors: Sequence[str]) -> str | None:
    """The one of a product's `colors` (as written there) that `text` names; None when none, or when two fit alike.

    An exact name wins over a near one (голубой is havorang, and ko'k where there is no havorang).
    """
    fits = colors_of(text, colors)
    return fits[0] if len(fits) == 1 else None


def colors_of(text: str, colors: Sequence[str]) -> list[str]:
    """All of a product's `colors` that `text` names, in the order of the text."""
    own = {color: canonical(color) for color in colors}
    fits: list[str] = []
    for one in named(text):
        exact = [color for color, name in own.items() if name == one.color]
        close = [color for name in _near(one.color) for color, own_name in own.items() if own_name == name]
        fits += exact or close[:1]
    fits += [color for color in colors if color not in fits and _verbatim(color, text)]
    return list(dict.fromkeys(fits))


def _near(color: str) -> tuple[str, ...]:
    """What may be meant where there is no `color`: of a shade that no list has, the colour itself."""
    _, near = _lexicon()
    shade, _, of = color.partition(" ")
    return near.get(color) or ((of,) if shade in _SHADES and of in near else ())


def _verbatim(color: str, text: str) -> bool:
    """Whether a colour no lexicon knows ("leopard") stands in the text as the shop writes it."""
    wanted = _own_name(color)
    if not wanted:
        return False
    have = [word.key for word in words(text)]
    return any(
        all(_begins(key, part) for part, key in zip(wanted, have[at:], strict=False))
        for at in range(len(have) - len(wanted) + 1)
    )


def _begins(key: str, name: str) -> bool:
    """Whether a word is a name with any ending; a short one only with one of colours: очень is no "och"."""
    return key.startswith(name) and (len(name) >= _NAME or key == name or key[len(name) :] in _ENDINGS)


@lru_cache(maxsize=4096)
def _own_name(color: str) -> tuple[str, ...]:
    """The keys of a colour that no lexicon knows; () for others."""
    known = canonical(color)
    return () if _near(known) or known in _lexicon()[1] else _keys(color)


@lru_cache(maxsize=4096)
def slipped(key: str, colors: tuple[str, ...]) -> str | None:
    """The one of a product's `colors` that a word means but for one slip: letters swapped, one lost, one too many.

    Only in long words: short ones have neighbours that mean something else. Another letter is no slip, it makes other
    words (`malika`, malina).
    """
    if len(key) >= _NOUN and key[-1] not in "aeiou" and (like := color_of(f"{key}y", colors)):
        return like  # milk, of what comes in milky
    if len(key) < _LONG:
        return None
    forms = _forms_of(colors).get(key[0], {})
    near = process.extract(key, list(forms), scorer=OSA.distance, score_cutoff=1, limit=None)
    meant = {forms[form] for form, _, _ in near if len(form) != len(key) or sorted(form) == sorted(key)}
    return meant.pop() if len(meant) == 1 else None


@lru_cache(maxsize=256)
def _forms_of(colors: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """First letter -> form -> which of `colors` it means."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for color in colors:
        for form in _forms(canonical(color)):
            found[form[0]][form] = color
    return found


@cache
def _forms(color: str) -> frozenset[str]:
    """Every single word for a colour with each of its endings, as keys."""
    alone = {_keys(wording) for wording in _data().get(color, {}).get("words", ())}
    bases = {base for keys in alone if len(keys) == 1 for base in (keys[0], _base(keys[0]))}
    return frozenset(base + ending for base in bases for ending in ("", *_ENDINGS) if len(base + ending) >= _LONG)


def shown(color: str, language: str) -> str:
    """A product's colour as a reader of `language` calls it ("qora": чёрный, black); unknown ones as the shop wrote."""
    shade, _, of = canonical(color).partition(" ")
    if canonical(color) not in _data() and of in _data() and language in _SHADES_TOLD.get(shade, ()):
        return _SHADES_TOLD[shade][language].format(_data()[of][language])
    entry = _data().get(canonical(color)) or ({} if of in _data() and shade in _SHADES else None)
    if entry is None or (language == "uz" and canonical(color) != color):
        return color
    if language == "uz_Cyrl":
        return to_cyrillic(canonical(color))
    return str(entry[language]) if language in entry else canonical(color)


def of_shade(word: Word, colors: Sequence[str]) -> str | None:
    """The one of a product's `colors` that a lone `тёмная`, `dark` or `ochiq` can mean: the black, the dark blue."""
    shade = next((shade for said, shade in _SHADE_OF.items() if _base(said) == _base(word.key)), "")
    plain = _PLAIN_SHADE.get(shade)
    fits = [color for color in colors if plain and (canonical(color) == plain or canonical(color).startswith(shade))]
    return fits[0] if len(fits) == 1 else None


def is_color(word: Word) -> bool:
    """Whether this single word names a colour."""
    wordings, _ = _lexicon()
    keys, bases = (word.key,), (_base(word.key),)
    other = word.text.lower() in _OKAY or _OTHER_WORDS.fullmatch(word.text.lower())
    if not other and word.key.endswith("i") and (word.key[:-1],) in _written() and (word.key[:-1],) not in _nouns():
        return True  # qizil-i, yashil-i
    return not other and bool((wordings.get(keys) or wordings.get(bases)) and _ends_so(keys, bases))

"""Names of people in a message: who orders, who receives the parcel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from agent.brain_rules.intents import met_in
from agent.brain_rules.lexicon import index, keys, words_of
from agent.brain_rules.numbers import numbers
from agent.brain_rules.sizes import letter_at
from agent.brain_rules.text import Token, tokens
from shop.fold import fold_word as key
from shop.fold import stem, words
from shop.lexicon import load
from shop.places import is_place
from shop.search.units import things_of

NAME = re.compile(r"[^\W\d_][\w'ʻʼ’-]{1,20}(?:\s[^\W\d_][\w'ʻʼ’-]{1,20})?")
HONORIFIC = re.compile(r"\s+(?:aka|opa|uka|xola|amaki|domla|ака|опа|ука|хола|амаки|домла)$", re.IGNORECASE)

_ONE = r"[^\W\d_][\w'ʻʼ’-]{2,20}"  # one name
_ONE_NAME = re.compile(_ONE)
_PART = re.compile(r"[^,;.\n|?!]+")
_INTRODUCED = re.compile(
    rf"(?:меня|meni|мени)\s+({_ONE})\s+(?:зовут|звать|deyish\w*|дейиш\w*)"
    rf"|({_ONE})\s+(?:deb|деб)\s+(?:yoz|ёз|qo.?y|қ.й)\w*"
    rf"|({_ONE})\s+(?:ismli|исмли)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"(?:it['’]?s|this is|i['’]?m|i am|for|это|для)\s+({_ONE})", re.IGNORECASE)
_I_AM = re.compile(rf"({_ONE}?)(?:man|ман)")  # Gulnozaman: I am Gulnoza
_NAMES_IN_MAN = tuple(words_of(("rah", "us", "sul", "ro", "her", "ger", "nu", "ar", "ot", "sulay")))


def introduced(text: str, *, beside: bool) -> tuple[str, tuple[int, int] | None]:
    """A name that is plainly one, and where it stands: `меня Шахноза звать`, `Jamshid deb yozing`.

    `beside`: a phone is given, so that `its Kamila`, `for Malika`, `Gulnozaman` and a name that touches it are names.
    """
    if match := _INTRODUCED.search(text):
        name = next(group for group in match.groups() if group)
        if _called_so(name):
            return name, match.span()
    for part in _PART.finditer(text) if beside else ():
        said = part.group().strip()
        start = part.start() + part.group().index(said) if said else part.start()
        own = _I_AM.fullmatch(said)
        match = None if own and (_ends_so(own[1]) or _ordinary(said)) else _BESIDE.fullmatch(said) or own
        if match and _surely(match[1]):
            return match[1], (start, start + len(said))
        touches = "|" in text[max(0, part.start() - 1) : part.start()] and not re.match(r"[\s,]*\d", text[part.end() :])
        if touches and _ONE_NAME.fullmatch(said) and _surely(said):
            return said, (start, start + len(said))
        alone = touches and HONORIFIC.sub("", said)  # "90 111 22 33 aziza opa"
        if alone and key(alone) in load().given_names and like_a_name(alone, asked=True):
            return said, (start, start + len(said))
    return "", None


def _surely(word: str) -> bool:
    """Whether a word in a place of names is one."""
    return _called_so(word) and not _ordinary(word)


def _ordinary(word: str) -> bool:
    """Kechqurun, Звоните, Мамы: written with a capital, and nobody's name."""
    known, said = load(), key(word)
    return stem(said) in kin() or (stem(said) in known.everyday_stems and said not in known.given_names)


@cache
def kin() -> frozenset[str]:
    """The words for relatives and people near to one, without their endings."""
    return frozenset(map(stem, keys("places", "kin")))


def _ends_so(name: str) -> bool:
    """Rahman and Usman are names whole."""
    return key(name).endswith(_NAMES_IN_MAN)


def name_in(text: str, asked: frozenset[str], beside: bool) -> tuple[str, tuple[int, int] | None]:
    """A person's name: after `ismim`, `меня зовут`, `her name is`; alone where it was asked, or beside a phone."""
    for part in _PART.finditer(text):
        own = tokens(part.group())
        found = [one for one in index("places").find(own) if one.name == "name"]
        if found and found[0].past < len(own):
            match = NAME.match(part.group(), own[found[0].past].start)
            if match and not match.group().istitle() and match.group().split()[0].istitle():  # "Камила ёзинг"
                match = _ONE_NAME.match(part.group(), own[found[0].past].start)
            if match and not like_a_name(match.group(), asked=True):  # "ismi Nozima teli 93 ..."
                match = _ONE_NAME.match(part.group(), own[found[0].past].start)
                known = match and (match.group().istitle() or key(match.group()) in load().given_names)
                match = match if known else None  # "ism tikib berasizlarmi" names nobody
            if match and (match.group().istitle() or like_a_name(match.group(), asked=True)):
                start = part.start() + own[found[0].first].start
                return match.group().strip(), (start, part.start() + match.end())
        if found_name := _receiver(part.group(), own, "name" in asked or beside):
            return found_name[0], (part.start() + found_name[1], part.start() + found_name[2])
        alone = part.group().strip()
        only = "name" in asked and "address" not in asked and alone.istitle()  # Oybek is a station, too
        if ("name" in asked or beside) and NAME.fullmatch(alone) and (only or like_a_name(alone, "name" in asked)):
            start = part.start() + part.group().index(alone)
            return alone, (start, start + len(alone))
    return "", None


def _receiver(said: str, own: Sequence[Token], beside: bool) -> tuple[str, int, int] | None:
    """Who takes the parcel in: `oladigan onam Nodira opa`, `получит сестра Алина`, `ask for Tom`, `ukam Anvar oladi`.

    `beside`: a name is asked for, or a phone or an address is given with it.
    """
    found = index("places").find(own)
    takes = next((one.first for one in found if one.name == "takes" and one.first > 0), 0)
    kin = any(token.key in keys("places", "kin") for token in own[:takes])
    if takes and (beside or kin) and _called_so(own[takes - 1].text):
        return own[takes - 1].text, own[takes - 1].start, own[takes - 1].end
    met = [one for one in found if one.name == "receives"]
    if not met:
        return None
    at = met[0].past
    while at < len(own) and (
        own[at].kind != "word" or own[at].key in keys("places", "kin") | keys("places", "they")
    ):  # "receiver — my sister X"
        at += 1
    match = NAME.match(said, own[at].start) if at < len(own) else None
    if not match or not _called_so(match.group()):
        return None
    return match.group().strip(), own[met[0].first].start, match.end()


def _called_so(said: str) -> bool:
    """Whether capitalised words are a person's name: no goods (`Nike krossovka`), and nothing else we know."""
    things = things_of(said)
    return said[:1].isupper() and not things and like_a_name(said, asked=True)


def only_a_name(text: str) -> bool:
    """Whether all that is left of a message without its phones is a name."""
    left = text.replace("|", " ").strip(" ,.;:-")
    return left.istitle() and lone_name(left) and not names_place(left)


def names_place(said: str) -> bool:
    return any(map(is_place, words(said)))


def ahead_of_place(said: str) -> tuple[str, str]:
    """`Sherzod Chilonzor 5-mavze` beside a phone: the name, and the address behind it; ("", said) else."""
    first, _, rest = said.partition(" ")
    name = first.strip(",;")
    known = name.istitle() and key(name) in load().given_names and not is_place(words(name)[0])
    behind = words(rest)[:1]
    if not (known and behind and is_place(behind[0])):
        return "", said
    return name, rest.strip(" ,;")


def lone_name(text: str) -> bool:
    return bool(NAME.fullmatch(text.strip())) and like_a_name(text.strip(), asked=True)


def _is_size(own: Sequence[Token]) -> bool:
    """`one set, XL`: a size in letters."""
    return len(own) == 1 and bool(letter_at(own, 0, sure=True)[0])


def like_a_name(said: str, asked: bool) -> bool:
    """Whether a part standing alone is a name: capitalised (or asked for), and no word we know."""
    said = HONORIFIC.sub("", said)
    own = tokens(said)
    met = {one.name for one in met_in(own)}
    if asked and said.istitle():  # Svetlana is not light (svetliy), nor is Daniel Kim asking who (kim)
        met = set() if len(own) > 1 else met - {"color"}
    if met or index("places").find(own) or numbers(own) or names_place(said) or _is_size(own):
        return False
    filler = [word.key in load().filler for word in words(said)]
    if all(filler) if asked and said.istitle() else any(filler):
        return False
    if re.search(r"['’](?:s|m|ll|re|ve|d|t)$", said):  # It's, I'll
        return False
    return asked or all(token.text[0].isupper() for token in own)

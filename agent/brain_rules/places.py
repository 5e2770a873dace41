"""The address in a message, as it was typed: the parts between pauses that look like one, and their neighbours.

It does not judge whether an address is enough (`orders.cart`), nor which region it lies in (`shop.regions`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.brain_rules.address_run import Part, among_sure, best_run, trim, whatever_is_left, with_after, with_before
from agent.brain_rules.ahead_of_address import past_counts
from agent.brain_rules.lexicon import Met, index, keys
from agent.brain_rules.measure import measures
from agent.brain_rules.numbers import covered, numbers
from agent.brain_rules.sizes import is_measure, so_strong
from agent.brain_rules.text import Token, blank, tokens
from shop import colors
from shop.lexicon import load
from shop.search.fuzzy import is_verb

# dots of abbreviations do not end a part: "ул. Нукус", "кв. 5", "Navoiy k. 3"
_PART = re.compile(r"[,;\n|]+|\s/\s|(?<=\S)[.!?]+(?=\s|$)|\s[-–—]\s")
_SHORT = re.compile(
    r"(?:^|[\s,])(?:ул|кв|д|г|ш|р-н|обл|пр|пер|корп|эт|k|kv|d|sh|str|st|apt|uy|dom|x|mkr|мкр)$", re.IGNORECASE
)
_ASKS = frozenset(
    [
        "price",
        "apiece",
        "supposed",
        "wholesale",
        "available",
        "delivery_time",
        "free_delivery",
        "hours",
        "returns",
        "payment",
        "status",
        "person",
        "haggle",
        "size_advice",
        "others",
        "location",
        "later",
        "photo_wanted",
    ]
)
_WANTS = frozenset(
    {"order", "total", "done", "change", "remove", "cancel", "more", "agree", "refuse", "keep_only", "size", "color"}
    | {"pickup", "card", "paid", "wish", "delivery", "both", "stop", "rude", "complaint"}
)
# "Address is: ...", "доставьте ей: ...", "manzilni o'zgartiring: ..."
_BESIDE_LABEL = re.compile(
    r"[^:,;\n\d]{0,25}:\s*|[\s:=–-]*(?:(?:is|ей|ему|им|мне|сюда|такой|bu|shu|на|to|at|в|другой|новый|boshqa|yangi|o.?zgardi|бошқа|янги|ўзгарди|new|changed)\s+)?",
    re.IGNORECASE,
)
# also with a number that lacks a digit: "... kv 4 tel 95 061 7 39"
_OF_THEM = re.compile(r"\b(?:из них|iz nix|of them)\b", re.IGNORECASE)  # "одну из них чёрную"
_THE_ONE = re.compile(r"\s*(?:the|that|this)\s[\w\s]+\sones?\s*", re.IGNORECASE)
_A_FLAT_ONE = re.compile(r"flat (?:\w+ ){0,2}ones?\b(?! ?\d)", re.IGNORECASE)  # its form; "flat 1" is a home
_DO_YOU = re.compile(r"\s*(?:do|does|can|could|will|would|are|is)\s+(?:you|it|there|we|i)\b", re.IGNORECASE)
_HAVE_YOU = re.compile(
    r"\s*(?:(?:do|does) (?:you|u)(?: guys)? (?:have|sell)|have you got|(?:is|are) there)\b", re.IGNORECASE
)
_DATIVE = re.compile(r"(?<=\w)[\s-]+(?:ga|qa|га|қа)\s*$", re.IGNORECASE)  # "... 12 ga o'zgartiring"
_NAME_AND_HOUSE = re.compile(r"\s*([^\W\d_]{4,}(?:\s[^\W\d_]{4,})?)\s+\d{1,3}\s?[a-zа-я]?\s*", re.IGNORECASE)
_NO_MARK = "shaxrisa"  # the town of Shahrisabz is no word for a town
_TELLS = re.compile(r"\w{2,}ib \w{2,}(?:gan|di|ti|adi|yapti|kan)$")  # kengayib ketgan: something is told
_OF_ADDRESS = frozenset({"mark", "near", "house", "branch", "label"})  # without one of them nothing is sure enough
_AS_BEFORE = frozenset({"same", "unchanged"})
_LETTER = 80  # tokens: its numbers may be of anything
_GRAMS = 40  # from here on: "ул. Навои 12 г" is a house
_STREET_NAME = 3  # words of a name of a street
_STORY = 7  # words
_TOWN_WORDS = 4  # "I live in Termez city"
_LEAST_GRAMS = 50
_LEAST = 2.0  # a street's name with its number reaches it, one place's name does not


@dataclass(frozen=True, slots=True)
class Known:
    """What the rest of the product knows: whether a text names a place, names goods, has some in it, and where.

    `variant`: whether it names a colour of what is in view; `option`: whether it only says which of them and how many.
    """

    place: Callable[[str], bool]
    goods: Callable[[str], bool]
    has_goods: Callable[[str], bool]
    titled: Callable[[str], list[tuple[int, int]]] = lambda said: []
    variant: Callable[[str], bool] = lambda said: False
    option: Callable[[str], bool] = lambda said: False


_TOWN = re.compile(
    r"\b(?:sha[hx]a?r(?!isab)|tuman|viloyat|город|район|област|шаҳр(?!исаб)|шахр(?!исаб)|туман|вилоят|city|district|region)",
    re.IGNORECASE,
)


def says(tokens_: Sequence[Token], name: str) -> bool:
    """Whether a word of this list of agent/lexicon/places.yaml stands here."""
    return any(one.name == name for one in index("places").find(tokens_))


def address(
    text: str, met: Sequence[Met], tokens_: Sequence[Token], known: Known, *, asked: bool
) -> tuple[int, int] | None:
    """Where the address stands in `text`, None when there is none. `asked`: our last question was about it.

    `met`, `tokens_`: the meanings of the whole text. Asked for, whatever is no question, order or name is the address.
    """
    if not asked and not _may_hold(text, tokens_, known):
        return None
    parts = [_judge(text, start, end, met, tokens_, known) for start, end in _parts(text)]
    parts = [part for part in parts if part.end > part.start]
    parts = past_counts(text, parts, known.option)
    parts = among_sure(parts, asked=asked)
    best = best_run(parts)
    busy = any(part.busy for part in parts)
    if best and asked and not busy and best[2] > 0:
        return trim(text, with_before(parts, best[0]), with_after(text, parts, best[1]))
    if best and best[2] >= _LEAST:
        return trim(text, best[0], with_after(text, parts, best[1]))
    if asked:
        return whatever_is_left(text, parts, known.variant)
    return None


def _may_hold(text: str, tokens_: Sequence[Token], known: Known) -> bool:
    """Whether a text that was not asked for may hold an address: half of all messages have no word or place of one."""
    said = any(one.name in _OF_ADDRESS for one in index("places").find(tokens_))
    return said or known.place(text) or sum(token.kind in ("number", "range") for token in tokens_) > 1


def _parts(text: str) -> list[tuple[int, int]]:
    """The pieces between pauses; an abbreviation's dot is no pause."""
    cuts, start = [], 0
    for match in _PART.finditer(text):
        if match.group().startswith(".") and _SHORT.search(text[start : match.start()]):
            continue
        cuts.append((start, match.start()))
        start = match.end()
    cuts.append((start, len(text)))
    return [(a, b) for a, b in cuts if text[a:b].strip()]


def _judge(text: str, start: int, end: int, met: Sequence[Met], all_tokens: Sequence[Token], known: Known) -> Part:
    said = text[start:end]
    own = tokens(said)
    found = index("places").find(own)
    wants = {one.name for one in met if start <= all_tokens[one.first].start < end and one.name in _ASKS | _WANTS}
    wants |= {"more"} if own and own[0].text.lower() == "also" else set()
    names = {one.name for one in found}
    titled = known.titled(said) if any(one.name in ("mark", "near", "house") for one in found) else []
    found = [one for one in found if one.name not in ("mark", "near") or not _of_thing(own, one, titled)]
    found = [one for one in found if one.name != "house" or not _of_model(own, one, titled)]
    found = [one for one in found if not own[one.first].key.startswith(_NO_MARK)]
    found = [one for one in found if one.name != "house" or not _grams(own, one)]
    found = [one for one in found if not so_strong(own, one.first)]
    found = [one for one in found if one.name != "house" or not _A_FLAT_ONE.match(said, own[one.first].start)]
    if len(all_tokens) > _LETTER:  # "the D3 5000" of a letter is no house D 3
        found = [one for one in found if one.name != "house" or len(own[one.first].text) > 1]
    measure = is_measure(said) or _only_counts(own)  # "800 g" is no house, nor is "1 set"
    marks = 0 if measure else sum(one.name == "mark" or (one.name == "house" and _numbered(own, one)) for one in found)
    asks = bool(wants & _ASKS) or "?" in text[end : end + 2] or bool(_DO_YOU.match(said) and not re.search(r"\d", said))
    label = next((one for one in found if one.name == "label"), None)
    colon = text.find(":", start + own[label.past - 1].end, end) if label else -1
    if colon > 0 and re.search(r"\d", text[colon:end]):  # "change the address, please: Bobur 48"
        return Part(colon + 1, end, 3.0, labelled=True)
    if label and not asks and not names & _AS_BEFORE:
        cut = start + own[label.past - 1].end
        cut += len(_BESIDE_LABEL.match(text[cut:end]).group())  # type: ignore[union-attr]
        lives = {own[label.first].key, own[label.past - 1].key} & keys("places", "lives")
        where = _lives_where if lives else _says_where
        if where(text[cut:end], known.place) and not (lives and "order" in wants):  # "I live abroad and want ..."
            return Part(cut, _before_wants(text, cut, end, met, all_tokens), 3.0, labelled=True)
        if not text[cut:end].strip():
            return Part(cut, end, 0.5, labelled=True)
    score = 1.5 * min(marks, 2) + 1.5 * ("near" in names) + 1.5 * ("branch" in names)
    counted = covered(one for one in numbers(own) if one.counted)
    long = {at for a, b, _ in measures(own) if len(own[b - 1].text) > 1 for at in range(a, b)}  # "10 kilo": no house
    digits = any(token.kind in ("number", "range") for at, token in enumerate(own) if at not in counted | long)
    digits = digits or any(one.words and not one.counted for one in numbers(own))
    words = [token for token in own if token.kind == "word"]
    place = known.place(said)
    if place and not marks and colors.named(said):  # "chinos beige 48": what is sold here is no slip in a town
        place = not any(known.place(one.text) and known.goods(one.text) for one in words)
    score += 1.5 * place + (0.5 if digits and (marks or place) else 0.0)
    if not score and digits and words and len(words) <= 4 and not wants and len(all_tokens) <= _LETTER:
        of_goods = measure or bool(measures(own)) or bool(colors.named(said))
        score = 0.0 if of_goods or _empty(said, start, met, all_tokens) else 1.0  # "Labzak 12"
    titled_street = not wants and digits and not measure and _behind_town(text, start, said, known)
    score = score or (1.0 if titled_street else 0.0)
    # "adres o'sha", "адрес старый"; Old Street and Старый город are places
    same = ("same" in names or (label is not None and "unchanged" in names)) and not digits
    sorry = any(one.name == "sorry" and start <= all_tokens[one.first].start < end for one in met)
    other = ((bool(names & {"name", "phone", "receives"}) or sorry) and not marks) or same
    if not score and re.fullmatch(r"\s*\d{1,4}\s?[a-zа-я]?\s*", said, re.IGNORECASE):
        score = 0.4  # a flat at the end: "Donish 20A, 55"
    # "Kitob shahri", "Xiva": a town, whatever is called so in the shop
    asked_of = _asked_in(text, end)
    alone = len(words) == 1 or (marks > 0 and _only_of_places(own, found, known))  # "Samarqand, mikrorayon"
    town = place and (bool(_TOWN.search(said)) or (alone and not wants and not asked_of))
    street = any(one.name == "mark" and (_numbered(own, one) or _street_and_house(own, one)) for one in found)
    would = -1.0
    taken = bool(asks or wants or counted or measure)  # without a score it is busy already, whatever goods it names
    street = street or titled_street
    housed = place and digits and any(one.name == "house" and _numbered(own, one) for one in found)
    village = not taken and _village(own, found)
    if not (town or street or housed or village or (marks > 1 and place)) and (score or not taken):
        left = _without_marks(said, own, found, place)
        if place and digits:  # "Samarqand Shirin 4", where soap of Samarkand is sold
            left = blank(left, [(one.start, one.end) for one in words if known.place(one.text)], " ")
        vague = not marks or ("order" in wants and not place and not any(_numbered(own, one) for one in found))
        if known.goods(left) or (vague and (wants or not place) and known.has_goods(left)):
            would, score, asks = (-1.0 if taken else score), 0.0, True
    if (
        (asks and not (marks and digits))
        or _HAVE_YOU.match(said)
        or (_questions(own, wants, asked_of) and not digits and not marks)
    ):
        score, asks = 0.0, True
    carried = _questions(own, wants, asked_of) or says(own, "carry")
    if not place and _only_floors(found) and carried:
        score, asks = 0.0, True  # "5-qavatga chiqarib berasizmi"
    if not (marks or digits) and any(token.key in keys("questions", "wh") for token in own):  # "which is better?"
        score, asks = 0.0, True
    if not (marks or digits or place) and index("asked").find(own):  # "sovg'aga o'rab bering"
        score, asks = 0.0, True
    if place and not (marks or digits or town) and len(words) > _STORY:  # "want to surprise my mother in Shahrisabz"
        score, asks = 0.0, True
    if not (marks or digits) and _TELLS.search(" ".join(token.key for token in words)):  # "they slip off her feet"
        score, asks = 0.0, True
    if not marks and len(words) > 1 and is_verb(words[-1].key):  # "at the bazaar they say 550"
        score, asks = 0.0, True
    begin = start if not wants else _after_wants(start, end, met, all_tokens)
    ahead = next((one for one in numbers(own) if one.counted and not one.first), None)
    if ahead and place and begin == start and ahead.past < len(own):
        begin = start + own[ahead.past].start  # "две банки в Ташкент, Чиланзар 7": so many, and then where
    busy = (asks or bool(wants) or bool(counted) or measure or bool(measures(own))) and not score
    past = _before_wants(text, begin, end, met, all_tokens) if score and wants else end
    named = [own[one.first].start for one in found if one.name in ("name", "receives") and one.first > 0]
    past = min([past, *(start + at for at in named if start + at > begin)])  # "... 8 xonadon ismim Zulfiya"
    empty = not score and _empty(said, start, met, all_tokens)
    return Part(begin, past, 0.0 if other else score, busy=busy, other=other, empty=empty, would=would)


def _behind_town(text: str, start: int, said: str, known: Known) -> bool:
    """`Ангрен, Вишнёвая 27`: a name and a house behind a town, though a colour is called so."""
    town = re.split(r"[,;\n|]", text[:start].rstrip(" ,;\n|"))[-1]
    name = _NAME_AND_HOUSE.fullmatch(said)
    if not name or re.search(r"\d", town) or len(town.split()) > _TOWN_WORDS or not known.place(town):
        return False
    return name[1].istitle() or (name[1].endswith(("ая", "яя")) and not known.variant(said))


def _only_floors(found: Sequence[Met]) -> bool:
    """Whether nothing of an address is there but a floor: `liftsiz 5-qavatga`."""
    floors = {one.first for one in found if one.name == "floor"}
    return bool(floors) and all(one.first in floors for one in found if one.name != "carry")


def carries_up(tokens_: Sequence[Token]) -> bool:
    """Whether goods are to be carried to a floor: `5-qavatga olib chiqasizlarmi`, `поднимите на 5 этаж`."""
    return says(tokens_, "floor") and says(tokens_, "carry")


def _grams(own: Sequence[Token], one: Met) -> bool:
    """`one for my brother 500 g`: a weight, and no house of that letter."""
    before = own[one.first - 1].number if one.first else None
    return own[one.first].text.lower() in ("г", "g") and (before or 0) >= _LEAST_GRAMS


def _only_of_places(own: Sequence[Token], found: Sequence[Met], known: Known) -> bool:
    """`Samarqand mikrorayon`: a town and words of addresses, and nothing else, though something here is called so."""
    marks = covered(one for one in found if one.name == "mark")
    return all(at in marks or known.place(token.text) for at, token in enumerate(own) if token.kind == "word")


def _only_counts(own: Sequence[Token]) -> bool:
    """`1 set`, `2 pachka`: how many packs, and nothing else."""
    said = [token for token in own if token.kind != "mark"]
    return len(said) == 2 and said[0].number is not None and said[1].key in keys("numbers", "packs")


def _of_thing(own: Sequence[Token], one: Met, titled: Sequence[tuple[int, int]]) -> bool:
    """`blok pitaniya`, `кеды street 39` where a title says so: the word belongs to the name of a thing."""
    if any(start <= own[one.first].start < end for start, end in titled):
        return True
    if one.name == "near" and one.past < len(own) and load().names_goods((own[one.past].key,)):
        return True  # "school shoes 33"
    beside = [own[at : at + 2] for at in (one.first - 1, one.first) if at >= 0 and at + 2 <= len(own)]
    return any(load().names_goods(tuple(token.key for token in pair)) for pair in beside)


def _of_model(own: Sequence[Token], one: Met, titled: Sequence[tuple[int, int]]) -> bool:
    """`D3 vitamin`: one letter with its number right behind it, which a title has."""
    letter = own[one.first]
    return len(letter.text) == 1 and any(a == letter.start and b > letter.end for a, b in titled)


def _without_marks(said: str, own: Sequence[Token], found: Sequence[Met], place: bool) -> str:
    """The piece without its houses, villages and, beside a place, streets: "flat 3", "село Дубки" name no goods."""
    marks = [
        one
        for one in found
        if one.name == "settlement" or (one.name == "house" and _numbered(own, one)) or (place and one.name == "mark")
    ]
    return blank(said, ((own[one.first].start, own[one.past - 1].end) for one in marks), " ")


def _empty(said: str, start: int, met: Sequence[Met], all_tokens: Sequence[Token]) -> bool:
    """Whether every word of a piece means something else: `ладно`, `2 of them`, `остальные белые`."""
    known = covered([*met, *(one for one in numbers(all_tokens) if one.counted)])
    taken = [(one.start + start, one.end + start) for one in colors.named(said)]
    filler = load().filler | keys("questions", "rest")
    return bool(_THE_ONE.fullmatch(said) or _OF_THEM.search(said)) or all(
        at in known or token.key in filler or any(a < token.end and token.start < b for a, b in taken)
        for at, token in enumerate(all_tokens)
        if token.kind == "word" and start <= token.start < start + len(said)
    )


def _before_wants(text: str, start: int, end: int, met: Sequence[Met], all_tokens: Sequence[Token]) -> int:
    """Where the address ends in a part that goes on to ask for a change: `Olmazor 12 ga o'zgartiring`."""
    for one in met:
        at = all_tokens[one.first].start
        if one.name == "change" and start < at < end and all_tokens[one.past - 1].end >= len(text[:end].rstrip(" .!")):
            left = _DATIVE.sub("", text[start:at].rstrip())
            return start + len(left) if left.strip() else end
    return end


def _numbered(own: Sequence[Token], one: Met) -> bool:
    """A house or flat is one only with its number beside it (`uy kiyimi`, `дом моды` are none); 300 г are grams."""
    before = own[one.first - 1].number or 0 if one.first else 0
    if before >= _GRAMS and load().unit(own[one.first].key) == "g":
        return False
    spoken = {at for number in numbers(own) if not number.counted for at in range(number.first, number.past)}
    for step, at in ((-1, one.first - 1), (1, one.past)):
        if 0 <= at < len(own) and own[at].kind not in ("word", "number", "range"):
            at += step  # "uy-5", "kv. 3"
        if 0 <= at < len(own) and (own[at].kind in ("number", "range") or at in spoken):
            return True
    return False


def _street_and_house(own: Sequence[Token], one: Met) -> bool:
    """`улица Шафранная 8`: a street, its name and a number, though spices are called so too."""
    named = own[one.past : -1]
    return bool(named) and len(named) <= _STREET_NAME and own[-1].number is not None and not one.first


def _asked_in(text: str, end: int) -> bool:
    """Whether the sentence that a piece stands in ends with a question mark."""
    stop = re.search(r"[.!?\n](?=\s|$)", text[end:])
    return bool(stop) and stop.group() == "?"  # type: ignore[union-attr]


def _village(own: Sequence[Token], found: Sequence[Met]) -> bool:
    """`Shirin qishlog'i`, `село Дубки`: a settlement and its name alone, though something here is called so."""
    ends = any(one.name == "settlement" and (not one.first or one.past == len(own)) for one in found)
    return ends and 1 < len(own) <= _STREET_NAME and all(token.kind == "word" for token in own)


def _questions(own: Sequence[Token], wants: set[str], asked_of: bool) -> bool:
    """`Buxoroga yetkazib berasizmi`, `а в Самарканд?`: a place is asked about, not given."""
    return asked_of or any(token.key.endswith("mi") and len(token.key) > 4 for token in own) or bool(wants & _ASKS)


def _lives_where(said: str, is_place: Callable[[str], bool]) -> bool:
    """Whether what follows "I live" is an address: a capital alone may begin anything, a long story names towns."""
    return (is_place(said) and len(said.split()) <= _TOWN_WORDS) or bool(re.search(r"\d", said))


def _says_where(said: str, is_place: Callable[[str], bool]) -> bool:
    """Whether something follows a label that can be an address: a number, a place, a street, a name in capitals."""
    return bool(re.search(r"\d|\b[A-ZА-ЯЎҚҒҲ]", said)) or is_place(said) or bool(index("places").find(tokens(said)))


def _after_wants(start: int, end: int, met: Sequence[Met], all_tokens: Sequence[Token]) -> int:
    """Where the address begins in a part that first orders: `bitta olaman Chilonzor 20-mavze`."""
    past = start
    for one in met:
        if (
            one.name in _WANTS
            and start <= all_tokens[one.first].start < end
            and all_tokens[one.first].start - past <= 12
        ):
            past = all_tokens[one.past - 1].end
    return past

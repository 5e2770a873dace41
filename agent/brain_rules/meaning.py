"""What a burst of messages means: wants, goods, phone, address and the rest, before anything is decided.

Phones and addresses are cut out first, so that their numbers and names are not taken for sizes and goods.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.brain import Heard
from agent.brain_rules import places, sums
from agent.brain_rules.goods import Goods, goods, letter
from agent.brain_rules.lexicon import Met, index, keys, words_of
from agent.brain_rules.named import Mention
from agent.brain_rules.numbers import numbers
from agent.brain_rules.phones import Phone, corrected, phones, with_digits
from agent.brain_rules.piece import Hint
from agent.brain_rules.shown import Chosen, choose, place, place_of_thing
from agent.brain_rules.text import PAUSES, Token, asks_by, blank, tokens
from shop import regions
from shop.fold import words
from shop.lexicon import load
from shop.search.units import units

_OK = frozenset(("ok", "ок", "o'k", "okk", "оk"))  # "oq" (white) has the same key: only these spellings agree
_NAME = re.compile(r"[^\W\d_][\w'ʻʼ’-]{1,20}(?:\s[^\W\d_][\w'ʻʼ’-]{1,20})?")
_HONORIFIC = re.compile(r"\s+(?:aka|opa|uka|xola|amaki|domla|ака|опа|ука|хола|амаки|домла)$", re.IGNORECASE)
# "пятилитровый": the number is in the word
_GENITIVE = {
    "двух": 2, "трёх": 3, "трех": 3, "четырёх": 4, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7, "восьми": 8,
    "девяти": 9, "десяти": 10, "двенадцати": 12, "пятнадцати": 15, "двадцати": 20, "тридцати": 30, "пятидесяти": 50,
}  # fmt: skip
_MEASURED = re.compile(rf"\b({'|'.join(_GENITIVE)})(литр|метр|грамм|килограмм)\w*", re.IGNORECASE)
# "two boxes of biscuits" are two; what they come in is not asked for
_CONTAINER = re.compile(r"\b(?:box|pack|packet|bag|bottle|jar|tin|piece)(?:es|s)? of (?=[^\W\d_])", re.IGNORECASE)
_HALF = re.compile(r"\bпол(?=кило|литр|кг\b)", re.IGNORECASE)
_NOT_THAT = re.compile(r"\b(\w{2,}(?:si|си))(?:mas|мас)\b", re.IGNORECASE)  # qorasimas: not the black one
_TAKE_OFF = re.compile(r"\btake (the |that |those )?(\w+(?: \w+)?) (?:off|out)\b", re.IGNORECASE)
_SWAP = re.compile(r"\b(?:swap|replace|exchange)\s+(the\s+.{2,40}?)\s+(?:for|with)\s+(?=an?\b|the\b)", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+|\bt\.me/\S+")
_YOUTH = "yoshlik"
_LONG = 80  # tokens: a long order of four things has 60
_BUYING = frozenset({"order", "more", "change", "also", "keep_only", "supposed", "for_me", "wish", "total"})
# these only tell products of a list apart
COMPARING = frozenset({"cheapest", "cheaper", "dearest", "biggest", "smallest", "plain", "last", "supposed", "for_me"})
_PLAIN = frozenset({"salam", "greeting", "order", "price", "delivery", "delivery_time", "person"})


_BOUGHT = tuple(words_of(("kecha", "oldim", "olgandim", "вчера", "купил", "bought", "yesterday")))
_YES_AND_MORE = frozenset({"agree", "more", "order", "wish", "done"})


@dataclass
class Meaning:
    """All of a burst. `wants`: names of agent/lexicon/intents.yaml.

    `sum`: a price the shopper names; `limit`: the most that something may cost.
    """

    text: str
    wants: set[str]
    goods: Goods
    hint: Hint
    tokens: Sequence[Token] = ()
    met: Sequence[Met] = ()
    phones: list[Phone] = field(default_factory=list)
    digits: tuple[str, str] = ("", "")  # of the phone that is kept: wrong ones, and what they should be
    address: str = ""
    name: str = ""
    region: str = ""  # key of the delivery region that was asked about
    sum: int = 0
    limit: int = 0
    question: bool = False
    moves: bool = False  # the address is to be another one, which is not said yet

    @property
    def said_something(self) -> bool:
        """Whether anything at all was understood."""
        known = self.wants - {"arrived", "and", "wish", "this", "size", "color", "else", "not_it"} - COMPARING
        return bool(known or self.goods.mentions or self.phones or self.digits[0] or self.address or self.name)

    @property
    def asks(self) -> bool:
        """Whether something is asked, also without a question mark: `bo'ladimi`, `can I`, `можно`."""
        return self.question or any(map(asks_by, self.tokens))

    @property
    def bought(self) -> bool:
        """Whether something is told to have been bought: "kecha oldim", "вчера купила"."""
        return any(token.key.startswith(_BOUGHT) for token in self.tokens)

    @property
    def bargains(self) -> bool:
        """Whether a price of the shopper's own is named."""
        return self.sum > 0

    def any(self, *names: str) -> bool:
        """Whether one of these is wanted."""
        return not self.wants.isdisjoint(names)


def understand(heard: Heard) -> Meaning:
    """The meaning of the burst in the light of what was asked and shown before."""
    text = "\n".join(_LINK.sub(" ", words.text) for words in heard.words if words.text)
    text = _SWAP.sub(r"remove \1, instead ", text)
    text = _TAKE_OFF.sub(r"remove \1\2", _HALF.sub("пол ", text))
    text = _NOT_THAT.sub(r"\1 emas", _CONTAINER.sub("pcs ", text))
    text = _MEASURED.sub(lambda found: f"{_GENITIVE[found[1].lower()]} {found[2]}ов", text)
    found_phones = phones(text)
    plain = blank(text, [(phone.start, phone.end) for phone in found_phones])
    kept = heard.cart.get("phone") or bool(heard.open_order)
    fix = corrected(plain, found_phones[-1].e164 if found_phones else "") if kept or found_phones else None
    plain = blank(plain, [fix[2:]]) if fix else plain
    if fix and found_phones:  # "93 088 24 61 / oh, not 61 but 16"
        found_phones[-1] = with_digits(found_phones[-1], *fix[:2])
        fix = None
    parts = tokens(plain)
    met = _met(parts)
    asked = frozenset(heard.session.asked)
    known = places.Known(regions.place_in, lambda said: _sells(heard, said), lambda said: _names_goods(heard, said))
    # of both asked, a name alone is no address; nor is what stands beside a phone: "Dilnoza 90 ..."
    lone = _lone_name(plain) if {"address", "name"} <= asked else bool(found_phones) and _beside_phone(plain)
    where = None if lone else places.address(plain, met, parts, known, asked="address" in asked)
    said = plain[slice(*where)] if where else ""
    rest = blank(plain, [where]) if where else plain
    place_said, lone_name = _place(said)
    name, at = _name(rest, asked, bool(found_phones or said))
    rest = _without_idle(blank(rest, [at]) if at else rest, parts, met)
    parts = tokens(rest)
    met = _only_yes(heard, parts, _supposed(_met(parts)))
    wants = _wants(parts, met)
    hint = Hint(asked, heard.shop.profile.size_chart, bool(wants & _BUYING))
    found = (letter if _is_long(parts) else goods)(heard.shop, rest, parts, met, _liked(heard), hint)
    listed = None if _settled(found) else _of_list(heard, rest, parts, met, hint, found)
    if listed:
        met, wants = listed.met, _wants(parts, listed.met)
        acts = {one.name for one in met}
        if listed.each:
            found = Goods([Mention([sku], pieces, acts, True) for sku, pieces in listed.each.items()], [])
        else:
            found = Goods([Mention(listed.skus, listed.pieces, acts, len(listed.skus) == 1)], [])
    return Meaning(
        text=text,
        wants=wants,
        goods=found,
        hint=hint,
        tokens=parts,
        met=met,
        phones=found_phones,
        digits=fix[:2] if fix else ("", ""),
        address=place_said,
        name=name or lone_name,
        region=_region(heard, rest),
        sum=sums.named(rest, wants, heard.shop.currency) or sums.made_this(heard, rest),
        limit=sums.limit(rest),
        question="?" in rest,
        moves=not said and "change" in wants and any(one.name == "label" for one in index("places").find(parts)),
    )


def _without_idle(text: str, parts: Sequence[Token], met: Sequence[Met]) -> str:
    """The text without phrases that say nothing: "on second thought" is no second one of a list."""
    idle = [(parts[one.first].start, parts[one.past - 1].end) for one in met if one.name == "idle"]
    return blank(text, (span for span in idle if "|" not in text[slice(*span)]), " ")


def _wants(parts: Sequence[Token], met: Sequence[Met]) -> set[str]:
    """What the meanings of the words add up to."""
    wants = {one.name for one in met} - {"neutral", "idle", "sorry", "praise"}
    if wants & {"card", "photo_wanted", "contacts"} and all(
        parts[one.first].key.startswith("skin") for one in met if one.name == "haggle"
    ):  # "скиньте номер карты" asks for a card, not for less
        wants.discard("haggle")
    if "card" in wants:  # "karta nomer bering" asks for no phone
        wants.discard("contacts")
    if "thanks" in wants and "status" in wants and not any(map(asks_by, parts)):
        wants -= {"status", "order"}  # "my order came, thank you"
    if "repeat" in wants:  # "zakazni yana qaytaring" brings nothing back
        wants -= {"returns", "status"}
    if _is_long(parts):  # a letter tells stories: only what is asked plainly is believed
        wants &= _PLAIN
    return wants


def _is_long(parts: Sequence[Token]) -> bool:
    return sum(token.text != "|" for token in parts) > _LONG  # bars stand where a phone or an address was cut out


def _supposed(met: list[Met]) -> list[Met]:
    """`20 ta olsam qanchadan berasiz`, `оптом дешевле будет?`: what is only supposed is asked about, not ordered."""
    names = {one.name for one in met}
    asks = bool(names & {"supposed", "wholesale"}) and bool(names & {"price", "apiece", "haggle", "cheaper", "total"})
    return [one for one in met if one.name != "order"] if asks else met


def _only_yes(heard: Heard, parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """`ha qo'shing` to a summary that adds something: a yes to it, and not one more."""
    names = {one.name for one in met}
    covered = {at for one in met for at in range(one.first, one.past)}
    alone = all(at in covered for at, token in enumerate(parts) if token.kind in ("word", "number"))
    waits = heard.cart.get("waits_for_yes") and alone and "agree" in names and names <= _YES_AND_MORE
    return [one for one in met if one.name not in ("more", "order")] if waits else met


def _settled(found: Goods) -> bool:
    """Whether the goods are named so clearly that no list is needed to know them."""
    return bool(found.mentions) and all(one.sure and "denied" not in one.acts for one in found.mentions)


def _of_list(
    heard: Heard, text: str, parts: Sequence[Token], met: Sequence[Met], hint: Hint, found: Goods
) -> Chosen | None:
    """What is meant of the products that were just listed; also later where only a place in the list is said."""
    shown, photos = list(dict.fromkeys(posts_of(heard))) or heard.session.shown, heard.session.photos
    placed = len(shown) < 2 <= len(photos) and place_of_thing(parts, met) > 0
    shown = photos if placed else shown
    named = {sku for one in found.mentions for sku in one.skus}
    if len(shown) < 2 or found.foreign or not named <= set(shown) or not parts:
        return None
    just_now = "product" in hint.asked and not heard.session.focus
    return choose(heard.shop, text, parts, met, shown, hint) if just_now or placed or place(parts) else None


def _sells(heard: Heard, said: str) -> bool:
    """Whether a text surely names goods of this shop."""
    return any(hits[0].score >= 0.8 and hits[0].matched >= 0.6 for hits in heard.shop.search.find_each(said, 1))


def _names_goods(heard: Heard, said: str) -> bool:
    """Whether goods of this shop stand anywhere in a text, whatever is around them."""
    things = [unit for unit in units(said, load(), frozenset()) if unit.kind == "goods"]
    each = [heard.shop.search.find(said[unit.start : unit.end], 1) for unit in things]
    return any(hits and hits[0].score >= 0.9 for hits in each)


def _met(parts: Sequence[Token]) -> list[Met]:
    """The meanings of the words. `a scarf too` adds, `too long` does not: only at the end of a part."""
    ends = [at for at in range(len(parts)) if at + 1 == len(parts) or parts[at + 1].kind in PAUSES]
    too = [Met("also", at, at + 1) for at in ends if parts[at].text.lower() == "too"]
    yes = [Met("agree", at, at + 1) for at, token in enumerate(parts) if token.text.lower() in _OK]
    ages = [Met("size_advice", at - 1, at + 1) for at in range(1, len(parts)) if _of_age(parts, at)]
    found = [one for one in index("intents").find(parts) if not _misheard(parts, one)]
    return sorted([*found, *too, *yes, *ages], key=lambda met: (met.first, met.name))


def _of_age(parts: Sequence[Token], at: int) -> bool:
    """`5 yoshlik`; without its number Yoshlik is a quarter of many towns."""
    return parts[at].key == _YOUTH and parts[at - 1].number is not None


def _misheard(parts: Sequence[Token], one: Met) -> bool:
    """A word that sounds like another: бутсы are boots (busi: this one), "а не магазин" refuses nothing."""
    if one.phrase or one.past - one.first > 1:
        return False
    token = parts[one.first]
    if one.name == "size_advice":
        return token.key == _YOUTH
    if one.name in ("this", "photo_wanted") or (one.name == "look" and token.text.isalpha()):  # корсет, no ko'rset
        return load().names_goods((token.key,))
    if one.name == "haggle":
        return token.key.startswith("kelishd") or token.key.startswith("kelishild")  # agreed, no more to be agreed on
    if one.name == "refuse" and token.text.lower() == "net" and one.first > 0:  # a landing net
        return bool(load().meanings((parts[one.first - 1].key, token.key)))
    amid = one.first > 0 and parts[one.first - 1].kind == "word" and one.past < len(parts)
    return one.name == "refuse" and token.key == "ne" and amid and parts[one.past].kind == "word"


def _liked(heard: Heard) -> list[str]:
    """Skus the talk is about, the nearest first."""
    cart = [line["sku"] for line in (*heard.cart["picks"], *heard.cart["lines"])]
    ordered = heard.open_order["skus"] if heard.open_order.get("changeable") and not cart else []
    return list(dict.fromkeys([*posts_of(heard), *heard.session.focus, *cart, *ordered, *heard.session.shown]))


def _place(said: str) -> tuple[str, str]:
    """The address without the bars of a phone that stood inside it; and a lone name before that phone."""
    pieces = [piece.strip(" ,;.:") for piece in said.split("|")]
    pieces = [piece for piece in pieces if piece]
    lone = ""
    first = _HONORIFIC.sub("", pieces[0]) if len(pieces) > 1 else ""
    if first.isalpha() or (_NAME.fullmatch(first) and first.istitle() and _like_a_name(first, asked=True)):
        lone, *pieces = pieces
    lone = lone if lone[:1].isupper() and not _names_place(lone) else ""
    return (", ".join(pieces) if "|" in said else said.strip()), lone


def _name(text: str, asked: frozenset[str], beside: bool) -> tuple[str, tuple[int, int] | None]:
    """A person's name: after `ismim`, `меня зовут`, `her name is`; alone where it was asked, or beside a phone."""
    for part in re.finditer(r"[^,;.\n|?!]+", text):
        own = tokens(part.group())
        found = [one for one in index("places").find(own) if one.name == "name"]
        if found and found[0].past < len(own):
            match = _NAME.match(part.group(), own[found[0].past].start)
            if match and (match.group().istitle() or _like_a_name(match.group(), asked=True)):
                start = part.start() + own[found[0].first].start
                return match.group().strip(), (start, part.start() + match.end())
        if found_name := _receiver(part.group(), own, "name" in asked or beside):
            return found_name[0], (part.start() + found_name[1], part.start() + found_name[2])
        alone = part.group().strip()
        only = "name" in asked and "address" not in asked and alone.istitle()  # Oybek is a station, too
        if ("name" in asked or beside) and _NAME.fullmatch(alone) and (only or _like_a_name(alone, "name" in asked)):
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
    while at < len(own) and own[at].key in keys("places", "kin"):
        at += 1
    match = _NAME.match(said, own[at].start) if at < len(own) else None
    if not match or not _called_so(match.group()):
        return None
    return match.group().strip(), own[met[0].first].start, match.end()


def _called_so(said: str) -> bool:
    """Whether capitalised words are a person's name: no goods (`Nike krossovka`), and nothing else we know."""
    things = any(unit.kind == "goods" for unit in units(said, load(), frozenset()))
    return said[:1].isupper() and not things and _like_a_name(said, asked=True)


def _beside_phone(text: str) -> bool:
    """Whether all that is left of a message without its phones is a name."""
    left = text.replace("|", " ").strip(" ,.;:-")
    return left.istitle() and _lone_name(left) and not _names_place(left)


def _names_place(said: str) -> bool:
    return any(map(regions.is_place, words(said)))


def _lone_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text.strip())) and _like_a_name(text.strip(), asked=True)


def _like_a_name(said: str, asked: bool) -> bool:
    """Whether a part standing alone is a name: capitalised (or asked for), and no word we know."""
    said = _HONORIFIC.sub("", said)
    own = tokens(said)
    met = {one.name for one in _met(own)}
    if asked and said.istitle():  # Svetlana is not light (svetliy), nor is Daniel Kim asking who (kim)
        met = set() if len(own) > 1 else met - {"color"}
    if met or index("places").find(own) or numbers(own) or _names_place(said):
        return False
    filler = [word.key in load().filler for word in words(said)]
    if all(filler) if asked and said.istitle() else any(filler):
        return False
    if re.search(r"['’](?:s|m|ll|re|ve|d|t)$", said):  # It's, I'll
        return False
    return asked or all(token.text[0].isupper() for token in own)


def _region(heard: Heard, text: str) -> str:
    region = regions.region_of(heard.shop.profile, text)
    return region.key if region else ""


def posts_of(heard: Heard) -> list[str]:
    """Skus of shared posts and links of the burst, in order."""
    return list(dict.fromkeys(sku for words in heard.words for sku in words.skus))

"""What a burst of messages means: wants, goods, phone, address and the rest, before anything is decided.

Phones and addresses are cut out first, so that their numbers and names are not taken for sizes and goods.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agent.brain import Heard
from agent.brain_rules import house as house_number
from agent.brain_rules import places, sums
from agent.brain_rules.ahead_of_address import moved_to
from agent.brain_rules.called_whole import is_count_beside, names_whole, spans_of, whole_names
from agent.brain_rules.choosing import MOST
from agent.brain_rules.dialogue_acts import heard_as, unless_unheard, unlisted
from agent.brain_rules.goods import goods
from agent.brain_rules.instead import counted, taken_out
from agent.brain_rules.intents import (
    asks_in_order,
    is_long,
    met_in,
    unless_owed,
    unless_supposed,
    unless_without,
    unless_yes,
    wants_of,
)
from agent.brain_rules.letters import letter
from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.made_of import asks_either, unless_made_of
from agent.brain_rules.mention import Goods, Mention
from agent.brain_rules.models import is_option
from agent.brain_rules.numbers import counts_each, place
from agent.brain_rules.options import option_said
from agent.brain_rules.people import (
    HONORIFIC,
    NAME,
    ahead_of_place,
    introduced,
    like_a_name,
    lone_name,
    name_in,
    names_place,
    only_a_name,
)
from agent.brain_rules.phones import ENDS_WITH, Phone, corrected, ends_one, labels_of, phones, with_digits
from agent.brain_rules.piece import Hint
from agent.brain_rules.restated import restated
from agent.brain_rules.roles import unless_own
from agent.brain_rules.shown import Chosen, cut_up, place_of_thing, told_apart
from agent.brain_rules.siblings import kin, sibling
from agent.brain_rules.text import Token, asks_by, blank, tokens
from agent.brain_rules.titles import stems
from shop import colors, regions
from shop.places import place_in
from shop.search.codes import codes
from shop.search.units import things_of

# "how thick are they" asks it of all and chooses none
_HOW = re.compile(
    r"\bhow (?:thick|long|big|large|heavy|tall|wide|deep|small|high|strong|bright|loud|warm|soft|hot)\b", re.I
)
# "uyni raqami 14 emas 41", "дом не 14, а 41"
_HOUSE = re.compile(
    r"\b(?:uy|uyi|uyni|уй|уйи|уйни|dom|дом|kv|кв|xonadon\w*|хонадон\w*|квартир[ау]|house|flat|apt)\b[^.\n\d]{0,40}"
    r"(?:\d+\w?\s*(?:emas|эмас)\s*,?\s*\d+|(?:не|not)\s+\d+\w?\s*,?\s*(?:а|but|and)\s+\d+|\d+\w?,? not \d+)",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+|\bt\.me/\S+")
_BUYING = frozenset({"order", "more", "change", "also", "keep_only", "supposed", "for_me", "wish", "total"})
# these only tell products of a list apart
COMPARING = frozenset({"cheapest", "cheaper", "dearest", "biggest", "smallest", "plain", "last", "supposed", "for_me"})
_BESIDE_ADDRESS = frozenset({"greeting", "and", "wish", "thanks", "for_me", "neutral", "this", "also", "color", "size"})
_PAYS = frozenset({"payment", "card"})  # what is asked by who is about to pay


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
    heard_as: set[str] = field(default_factory=set)  # the acts it sounds like (dialogue_acts.py)
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
        return bool(known or self.goods.mentions or self.phones or self.digits[1] or self.address or self.name)

    @cached_property
    def asks(self) -> bool:
        """Whether something is asked, also without a question mark: `bo'ladimi`, `can I`, `можно`, `does it talk`."""
        return self.question or any(map(asks_by, self.tokens)) or asks_in_order(self.tokens)

    @property
    def wonders(self) -> bool:
        """Whether something is asked in any way: as `asks`, or with a question word: `nima deydi`, `сколько внутри`."""
        return self.asks or any(token.key in keys("questions", "wh") for token in self.tokens)

    @property
    def either(self) -> bool:
        """Whether one of two is asked about, also without a question mark: `ichidami yo alohidami`."""
        ors = any(token.key in keys("questions", "or") or token.key == "yo" for token in self.tokens)
        asked = sum(token.kind == "word" and token.key.endswith("mi") for token in self.tokens)
        return asked > 1 - ors and (ors or not self.any("order", "more"))

    @property
    def bought(self) -> bool:
        """Whether something is told to have been bought: "kecha oldim", "вчера купила"."""
        told = tuple(keys("questions", "bought") | keys("questions", "lately"))
        return any(token.key.startswith(told) for token in self.tokens)

    @property
    def bargains(self) -> bool:
        """Whether a price of the shopper's own is named."""
        return self.sum > 0

    def any(self, *names: str) -> bool:
        """Whether one of these is wanted."""
        return not self.wants.isdisjoint(names)


_SQUARE = re.compile(r"(?<=\d)\s?\b(kv|кв)\.?\s?[mм]\b\.?", re.IGNORECASE)  # 24 kv.m: no flat 24


def understand(heard: Heard) -> Meaning:
    """The meaning of the burst in the light of what was asked and shown before."""
    text = "\n".join(_LINK.sub(" ", words.text) for words in heard.words if words.text)
    text = taken_out(counted(text), lambda said: bool(_names_goods(heard, said) or _titled(heard, said)))
    text = _SQUARE.sub(lambda found: " kvadrat" if found[1].isascii() else " квадрат", restated(heard, text))
    found_phones = phones(text)
    plain = blank(text, ((phone.start, phone.end) for phone in found_phones))
    plain = blank(plain, [one.span() for one in ENDS_WITH.finditer(plain) if ends_one(one[1], found_phones)], " ")
    whole = whole_names(heard.shop, plain)
    plain = blank(plain, spans_of(plain, whole), " ")
    kept = heard.cart.get("phone") or bool(heard.open_order)
    fix = corrected(plain, found_phones[-1].e164 if found_phones else "") if kept or found_phones else None
    plain = blank(plain, [fix[2:]]) if fix else plain
    if fix and found_phones:  # "93 088 24 61 / oh, not 61 but 16"
        found_phones[-1] = with_digits(found_phones[-1], *fix[:2])
        fix = None
    # the address that is kept has a wrong number: it is asked for again, unless a street or a quarter is named
    house = _HOUSE.search(plain) if kept and not places.says(tokens(_HOUSE.sub(" ", plain)), "mark") else None
    house = house or (house_number.renumbered(heard, plain) if kept else None)
    plain = blank(plain, [house.span()]) if house else plain
    called, at = introduced(plain, beside=bool(found_phones))
    plain = blank(plain, [at]) if at else plain
    parts = tokens(plain)
    met = met_in(parts)
    asked = frozenset(heard.session.asked)
    known = places.Known(
        place_in,
        lambda said: _sells(heard, said) or bool(_of_kin(heard, said)),
        lambda said: _names_goods(heard, said),
        lambda said: _titled(heard, said),
        lambda said: any(colors.colors_of(said, heard.shop.products[sku].colors) for sku in _in_view(heard)),
        lambda said: is_option(heard, said),
    )
    # of both asked, a name alone is no address; nor is what stands beside a phone: "Dilnoza 90 ..."
    lone = lone_name(plain) if {"address", "name"} <= asked else bool(found_phones) and only_a_name(plain)
    where = None if lone else places.address(plain, met, parts, known, asked="address" in asked)
    said = plain[slice(*where)] if where else ""
    if where and (is_option(heard, said) or is_count_beside(heard.shop, whole, said)):
        where, said = None, ""
    rest = blank(plain, [where, *house_number.of_address(plain, said)]) if where else plain
    place_said, alone = _place(said)
    if found_phones and not (called or alone):
        alone, place_said = ahead_of_place(place_said)
    moved = bool(heard.cart.get("address") or heard.open_order.get("changeable"))
    elsewhere = moved and places.says(parts, "elsewhere")
    place_said = place_said or (moved_to(parts) if elsewhere else "")
    name, at = name_in(rest, asked, bool(found_phones or said))
    rest = blank(blank(rest, labels_of(rest, found_phones), " "), [at] if at else ())
    rest = _without_idle(rest, parts, met)
    parts = sorted([*tokens(rest), *whole], key=lambda one: one.start)
    met = unless_without(heard, parts, unless_yes(heard, parts, unless_supposed(parts, met_in(parts))))
    met = unless_own(parts, unless_made_of(parts, unless_owed(heard, parts, unless_unheard(parts, met))))
    wants = wants_of(parts, met)
    ordered = heard.cart["empty"] and bool(heard.open_order)
    as_act = set() if found_phones or said else heard_as(parts, wants, ordered=ordered)
    as_act -= {"haggle"} if {token.text for token in parts} & set(_sizes_in_view(heard)) else set()
    unsaid = unlisted(as_act, wants)
    wants |= unsaid
    of_one = bool(wants & {"price", "total"}) and len(heard.session.focus) == 1
    spoken = sums.in_digits(rest)
    price = sums.of_one(heard, sums.offered(heard, spoken, wants)) or sums.made_this(heard, spoken)
    orders = bool(wants & _BUYING) or counts_each(parts, met)
    hint = Hint(asked, heard.shop.profile.size_chart, orders, of_one, price, tuple(_held(heard)))
    rest = _HOW.sub(lambda found: "how" + " " * (len(found[0]) - 3), rest)
    found = (letter if is_long(parts) else goods)(heard.shop, rest, parts, met, _liked(heard), hint)
    listed = _of_list(heard, rest, parts, met, hint, found)
    if listed and _settled(found) and (len(listed.skus) > 1 or listed.skus == found.mentions[0].skus):
        listed = None
    if listed:
        met, wants = listed.met, wants_of(parts, listed.met) | unsaid
        acts = {one.name for one in met}
        if listed.each:
            found = Goods([Mention([sku], pieces, acts, True) for sku, pieces in listed.each.items()], [])
        else:
            found = Goods([Mention(listed.skus, listed.pieces, acts, len(listed.skus) == 1)], [])
    else:
        _beside_a_list(heard, rest, found, hint)
    wants = wants - found.without_paying(parts, met)
    if "cancel" in as_act and found.mentions:  # "no skipping rope, please": of several things one
        wants = wants - ({"cancel"} if all(one.name != "cancel" for one in met) else set())
    named = bool(found.mentions) and not any(map(_of_address, found.mentions)) and heard.cart["empty"]
    beside = _BESIDE_ADDRESS | _PAYS if wants & _PAYS else () if "?" in text else _BESIDE_ADDRESS
    if found_phones and said and named and wants <= set(beside):
        wants = wants | {"order"}  # who sends a phone and an address with the name of a thing buys it
    return Meaning(
        text=text,
        wants=wants,
        heard_as=as_act,
        goods=found,
        hint=hint,
        tokens=parts,
        met=met,
        phones=found_phones,
        digits=fix[:2] if fix else ("", ""),
        address=place_said,
        name=called or name or alone,
        region=_region(heard, rest),
        sum=0 if sums.of_many(heard, price) else price,
        limit=sums.limit(rest),
        question="?" in rest,
        moves=not said and (bool(house) or elsewhere or ("change" in wants and places.says(parts, "label"))),
    )


def _of_address(mention: Mention) -> bool:
    """Whether what names a thing is rather a word of addresses: "Phone 90 ..." where phone holders are sold."""
    return any(
        places.says(tokens(one), name) for one in mention.named for name in ("phone", "label", "name", "mark", "house")
    )


def _without_idle(text: str, parts: Sequence[Token], met: Sequence[Met]) -> str:
    """The text without phrases that say nothing: "on second thought" is no second one of a list."""
    idle = [(parts[one.first].start, parts[one.past - 1].end) for one in met if one.name == "idle"]
    return blank(text, (span for span in idle if "|" not in text[slice(*span)]), " ")


def _settled(found: Goods) -> bool:
    """Whether the goods are named so clearly that no list is needed to know them."""
    return bool(found.mentions) and all(one.sure and "denied" not in one.acts for one in found.mentions)


def _of_list(
    heard: Heard, text: str, parts: Sequence[Token], met: Sequence[Met], hint: Hint, found: Goods
) -> Chosen | None:
    """What is meant of the products that were just listed; also later where only a place in the list is said."""
    about = [heard.shop.products[sku] for sku in _in_view(heard)]
    if names_whole(parts) or any(option_said(one, piece, hint) for one in about for piece in found.loose):
        return None
    shown, photos = list(dict.fromkeys(posts_of(heard))) or heard.session.shown, heard.session.photos
    placed = len(shown) < 2 <= len(photos) and place_of_thing(parts, met) > 0
    shown = photos if placed else shown
    named = {sku for one in found.mentions if not _only_compares(one, parts, met) for sku in one.skus}
    if not named and (alike := kin(heard, parts, met)):
        chosen = told_apart(heard.shop, text, parts, met, alike, hint)
        return chosen if chosen and len(chosen.skus) == 1 and chosen.skus != alike[:1] else None
    loose = not (found.mentions or found.foreign or "product" in hint.asked or asks_either(parts))
    if loose and (other := _of_kin(heard, text, parts, met)):
        return other
    if len(shown) < 2 or found.foreign or not named <= {*shown, *heard.session.rest} or not parts:
        return None
    just_now = "product" in hint.asked and not heard.session.focus
    cut = cut_up(text, parts, met)
    nth = place(parts)
    chosen = told_apart(heard.shop, text, parts, met, shown, hint, cut) if just_now or placed or nth else None
    wide = [*shown, *heard.session.rest]
    if just_now and len(wide) > len(shown) and not nth:  # "the one of real leather" was not yet shown
        wider = told_apart(heard.shop, text, parts, met, wide, hint, cut)
        if wider and len(wider.skus) == 1 and not (chosen and wider.skus[0] in chosen.skus):
            return wider
    return chosen or (_called_again(heard, text, found) if just_now else None)


def _beside_a_list(heard: Heard, text: str, found: Goods, hint: Hint) -> None:
    """`two of the winter ones and a tent`: what is told of the list in view, beside another thing that is named."""
    shown = heard.session.shown
    if len(shown) < 2 or "product" not in hint.asked or heard.session.focus or not _settled(found):
        return
    for piece in list(found.loose):
        chosen = told_apart(heard.shop, text, piece.tokens, piece.met, shown, hint)
        if chosen and len(chosen.skus) == 1:
            found.mentions.insert(0, Mention(chosen.skus, [piece], {one.name for one in piece.met}, True))
            found.loose.remove(piece)


def _called_again(heard: Heard, text: str, found: Goods) -> Chosen | None:
    """`piyola` to "the bowl or the set with bowls?": what is called so itself, said once more."""
    if len(found.mentions) != 1:
        return None
    one = found.mentions[0]
    hits = [hit for hit in heard.shop.search.find(text, MOST) if hit.sku in one.skus]
    best = [hit.sku for hit in hits if hit.score == hits[0].score]
    long = {sku: len(stems(heard.shop.products[sku].title_uz)) for sku in one.skus}
    if len(best) != 1 or any(long[sku] <= long[best[0]] for sku in long if sku != best[0]):
        return None  # "gilam" is no answer to which of the carpets
    return Chosen(best, one.pieces, [met for piece in one.pieces for met in piece.met])


def _only_compares(mention: Mention, parts: Sequence[Token], met: Sequence[Met]) -> bool:
    """`kichigichi`: of a list it tells the smaller one, though another thing is called small."""
    said = [parts[one.first] for one in met if one.name in COMPARING]
    return all(any(a <= token.start < b for token in said) for piece in mention.pieces for a, b in piece.named)


def _of_kin(heard: Heard, text: str, parts: Sequence[Token] = (), met: Sequence[Met] = ()) -> Chosen | None:
    """Another thing of the kind in view that a text names."""
    focus = [heard.shop.products[sku] for sku in heard.session.focus if sku in heard.shop.products]
    return sibling(heard.shop, focus[0], text, parts or tokens(text), met) if len(focus) == 1 else None


def _sells(heard: Heard, said: str) -> bool:
    """Whether a text surely names goods of this shop."""
    return any(hits[0].score >= 0.8 and hits[0].matched >= 0.6 for hits in heard.shop.search.find_each(said, 1))


def _titled(heard: Heard, said: str) -> list[tuple[int, int]]:
    """Where the words stand that a text surely calls a product of this shop by, a thing among them."""
    found = [hits[0] for hits in heard.shop.search.find_each(said, 1)]
    models = [(a, b) for a, b, code in codes(said) if heard.shop.search.knows(code)]  # vitamin D3 is no house D 3
    return models + [span for hit in found if hit.score >= 0.6 and len(hit.spans) > 1 for span in hit.spans]


def _names_goods(heard: Heard, said: str) -> bool:
    """Whether goods of this shop stand anywhere in a text, whatever is around them."""
    things = things_of(said)
    each = [heard.shop.search.find(said[unit.start : unit.end], 1) for unit in things]
    return any(hits and hits[0].score >= 0.9 for hits in each)


def _in_view(heard: Heard) -> list[str]:
    return [sku for sku in _liked(heard)[:1] if sku in heard.shop.products]


def _sizes_in_view(heard: Heard) -> tuple[str, ...]:
    return tuple(size for sku in _in_view(heard) for size in heard.shop.products[sku].sizes)


def _liked(heard: Heard) -> list[str]:
    """Skus the talk is about, the nearest first."""
    near = [*posts_of(heard), *heard.session.focus, *_held(heard), *heard.session.shown]
    # "the printer, then, and two inks": of several the one that was told of before the inks
    return list(dict.fromkeys([*near, *heard.session.look] if near else near))


def _held(heard: Heard) -> list[str]:
    """What is in the cart; where it is empty, what is in the order that may still be changed."""
    cart = [line["sku"] for line in (*heard.cart["picks"], *heard.cart["lines"])]
    ordered = heard.open_order["skus"] if heard.open_order.get("changeable") and not cart else []
    return [sku for sku in dict.fromkeys([*cart, *ordered]) if sku in heard.shop.products]


def _place(said: str) -> tuple[str, str]:
    """The address without the bars of a phone that stood inside it; and a lone name before that phone."""
    pieces = [piece.strip(" ,;.:") for piece in said.split("|")]
    pieces = [piece for piece in pieces if piece]
    lone = ""
    first = HONORIFIC.sub("", pieces[0]) if len(pieces) > 1 else ""
    if first.isalpha() or (NAME.fullmatch(first) and first.istitle() and like_a_name(first, asked=True)):
        lone, *pieces = pieces
    lone = lone if lone[:1].isupper() and not names_place(lone) else ""
    return (", ".join(pieces) if "|" in said else said.strip()), lone


def _region(heard: Heard, text: str) -> str:
    region = regions.region_of(heard.shop.profile, text)
    return region.key if region else ""


def posts_of(heard: Heard) -> list[str]:
    """Skus of shared posts and links of the burst, in order."""
    return list(dict.fromkeys(sku for words in heard.words for sku in words.skus))

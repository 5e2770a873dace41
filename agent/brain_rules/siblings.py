"""Another thing of the kind in view, called by the one word that tells it: `erkaklarnikidan ham`, `a bamboo one?`"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agent.brain import Heard
from agent.brain_rules.choosing import CALLED
from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.measure import measures, of_text
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import Piece
from agent.brain_rules.shown import Chosen
from agent.brain_rules.sizes import written_at
from agent.brain_rules.text import PAUSES, Token, asks_by
from agent.brain_rules.titles import comes_in, letter_of, of_shelf, one_family, one_name, stems, titled
from shop import colors
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.search.codes import codes
from shop.search.containers import is_container
from shop.search.units import units_of
from shop.shops import Shop

_PEOPLE = frozenset({"men", "women", "boys", "girls"})
_ONES = frozenset({"one", "ones"})
_SHORT = 12  # words and numbers: a longer message tells of more than one thing
_TELLS = 4  # letters of a word that tells
_FEW = 5


def sibling(shop: Shop, own: Product, text: str, parts: Sequence[Token], met: Sequence[Met]) -> Chosen | None:
    """The things akin to `own` that a word of the message tells from it; of several those of the same measure."""
    if sum(one.kind not in PAUSES for one in parts) > _SHORT:
        return None
    known, filler = covered(met), load().filler
    told = [
        token
        for at, token in enumerate(parts)
        if token.kind == "word" and at not in known and token.key not in filler and len(token.key) >= _TELLS
    ]
    not_told = keys("sizes", "which_kind") | keys("numbers", "packs")  # "two sets" of what is in view
    told = [one for one in told if not (_for_whom(own, one) or one.key in not_told)]
    if any(token.number for token in parts) or any(one.name == "order" for one in met):
        told = [one for one in told if not is_container(one.key)]  # "баночку ещё одну"
    if any(map(asks_by, parts)):  # "does it have side wheels?", where the shop wrote of them
        described = stems(own.description)
        told = [token for token in told if stem(token.key) not in described]
    # "20 coffee ones" of soaps: a colour is a name where the thing in view has none
    told = [token for token in told if not ((own.colors and colors.named(token.text)) or comes_in(own, token.text))]
    kept, called = of_shelf(shop, own), _called(own)
    spans: list[tuple[int, int]] = []
    for token in told:
        said = _names(word.key for word in words(token.text))
        said |= {name for unit in units_of(token.text) for name in unit.concepts}  # with all endings: simsizini
        fits = [] if said & called else [sku for sku in kept if said & _called(shop.products[sku])]
        if fits:
            kept = fits
            spans.append((token.start, token.end))
    for at, token in enumerate(parts[:-1]):  # "40 denligidan", beside what is of 120
        unit = stem(stem(parts[at + 1].key).removesuffix("lik"))
        if token.kind != "number" or unit not in titled(own) or load().unit(unit) or token.text in titled(own):
            continue  # "2 kg" of what is sold by the kilo are two
        alike = [sku for sku in kept if one_family(own, shop.products[sku])]
        if fits := [sku for sku in alike if token.text in titled(shop.products[sku])]:
            kept = fits
            spans.append((token.start, parts[at + 1].end))
    # "S da pushtisi", beside the suitcase M
    own_letter = "" if own.sizes else letter_of(own)
    for token in [one for one in parts if own_letter and one.text.upper() != own_letter]:
        alike = [sku for sku in kept if one_family(own, shop.products[sku])]
        if fits := [sku for sku in alike if letter_of(shop.products[sku]) == token.text.upper()]:
            kept = fits
            spans.append((token.start, token.end))
    points = any(token.key in _ONES for token in parts)  # "no, I mean the one for drivers", "the manual one please"
    if not spans and (points or any(one.name == "available" for one in met)):
        kept, spans = _described(shop, own, kept, told)
    if not spans:
        return None
    kept = [sku for sku in kept if _measure(shop.products[sku]) == _measure(own)] or kept
    return Chosen(kept, [Piece(text, parts, met, spans)], list(met)) if 0 < len(kept) <= _FEW else None


def _described(
    shop: Shop, own: Product, akin: Sequence[str], told: Sequence[Token]
) -> tuple[list[str], list[tuple[int, int]]]:
    """`из натуральной есть что-нибудь?`: those akin, for the same people, of which alone the shop wrote that word."""
    for_own = _audience(own)
    for token in told:
        said = stem(token.key)
        if said in stems(f"{own.description} {own.title_uz} {own.title_ru}"):
            continue
        fits = [sku for sku in akin if said in stems(shop.products[sku].description)]
        fits = [sku for sku in fits if _audience(shop.products[sku]) == for_own]
        if fits:
            return fits, [(token.start, token.end)]
    return list(akin), []


def _audience(product: Product) -> set[str]:
    """Whom a product is for by its titles."""
    return _people(f"{product.title_uz}, {product.title_ru}")


def _people(text: str) -> set[str]:
    """The people that a text says something is for."""
    named = units_of(text)
    return {name for unit in named if unit.kind == "audience" for name in unit.concepts}


def _for_whom(own: Product, token: Token) -> bool:
    """`yana o'g'limga ham 26`, `and a 26 for my son`: for a person, and what is in view is not made for another one."""
    return bool(_people(token.text)) and not _audience(own) & _PEOPLE


def _called(product: Product) -> frozenset[str]:
    """The words of a product's titles without their endings, and what they mean in any language."""
    return titled(product) | _names(word.key for title in (product.title_uz, product.title_ru) for word in words(title))


def _names(keys: Iterable[str]) -> set[str]:
    names = set[str]()
    for key in keys:
        names |= {stem(key), *load().meanings((key,))}
        names |= {f"{stem(key)}l"} if "lar" in key else set()  # a key has one l of ayollarniki's two
    return names


def _measure(product: Product) -> set[object]:
    """How big or much it is by its title: `70x70`, 0.5 l."""
    return {*of_text(product.title_uz), *(code for _, _, code in codes(product.title_uz) if code[0].isdigit())}


def kin(heard: Heard, parts: Sequence[Token], met: Sequence[Met]) -> list[str]:
    """`а маленький?`, `100 litrligi qancha`: things of one name with what is in view, itself first; [] if not asked."""
    focus = [sku for sku in heard.session.focus if sku in heard.shop.products]
    if len(focus) != 1 or "product" in heard.session.asked:
        return []
    own = heard.shop.products[focus[0]]
    called = {token.key for token in parts if (token.number or 0) >= CALLED}  # "250 lik"
    compared = any(one.name in ("biggest", "smallest") for one in met) or bool(measures(parts))
    if not (called or compared):
        return []
    alike = [sku for sku in heard.shop.products if sku != own.sku and one_name(heard.shop, [own.sku, sku])]
    by_number = any(called & set(re.findall(r"\d+", heard.shop.products[sku].title_uz)) for sku in alike)
    if not (by_number or compared):
        return []
    sized = not by_number and any(written_at(parts, at, own.sizes)[0] for at in range(len(parts)))
    return [own.sku, *alike] if alike and not sized else []

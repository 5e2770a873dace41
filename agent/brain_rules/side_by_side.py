"""What is set side by side: the two sides of `what is the difference`, and whether an advice is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.brain_rules.lexicon import index, keys, words_of
from agent.brain_rules.sizes import written_at
from agent.brain_rules.talk import Talk
from agent.brain_rules.text import Token, tokens
from agent.brain_rules.titles import of_shelf, on_one_shelf
from agent.tools.nearest import items_of, names_of
from shop import colors
from shop.catalogue import Product
from shop.lexicon import load

_BETTER = frozenset(words_of(("удобнее", "yaxshi", "qulay", "qulayroq")))
_MOST_MEANT = 3  # things that a word of the other side may mean
_CLAUSE = re.compile(r"[,.;]\s")
_DENIES = re.compile(
    r"\w*(?:ma[ys]di|maydigan|mas)\b|\b(?:emas|yo.?q|нельзя|не|нет|без|not|no|cannot|don.?t)\b|\b\w{3,}siz\b",
    re.IGNORECASE,
)  # "gazga; induksiyaga to'g'ri kelmaydi"
_NO_USE = frozenset({"?advice", "?differs", "?aches", "?light"})


def asks_advice(parts: Sequence[Token]) -> bool:
    """Whether it is asked which one to take: `qaysi birini maslahat berasiz`, `что посоветуете`; not of two named."""
    meant = {one.name for one in index("matters").find(parts)}
    either = any(token.key in keys("questions", "or") for token in parts)
    better = "advice" in meant or any(token.key in _BETTER for token in parts)
    return better and not either and "differs" not in meant


def named_alike(talk: Talk) -> list[str]:
    """What is named; beside a thing that is named for sure, of the others those in its measure: "A or B? of 250 g"."""
    mentions = talk.meaning.goods.mentions
    sure = [found for one in mentions if one.sure and (found := numbers_of(talk.product(one.skus[0])))]
    named: list[str] = []
    for one in mentions:
        alike = [sku for sku in one.skus if numbers_of(talk.product(sku)) in sure]
        named += one.skus if one.sure else alike or one.skus
    return list(dict.fromkeys(named))


def other_side(talk: Talk, sku: str) -> list[str]:
    """What else of its shelf a word of the question names: `how is the mechanical one different from the automatic`."""
    own, shop = talk.product(sku), talk.heard.shop
    kin = [own.sku, *of_shelf(shop, own)]
    for token in talk.meaning.tokens:
        if token.kind == "mark" or token.key in load().filler:
            continue
        found, _ = shop.search.tell_apart(token.text, kin)
        if found and own.sku not in found and len(found) <= _MOST_MEANT:
            return found
    return []


def tells_options(talk: Talk, product: Product) -> bool:
    """Whether sizes or colours of the thing itself are said: its options are set side by side, and no other thing."""
    parts, options = talk.meaning.tokens, product.sizes
    sized = any(written_at(parts, at, options)[0] for at in range(len(parts))) if len(options) > 1 else False
    return sized or (len(product.colors) > 1 and bool(colors.colors_of(talk.meaning.text, product.colors)))


def of_first_kind(talk: Talk, skus: Sequence[str]) -> list[str]:
    """Those of one shelf with what was named first: what else is named only tells what it is for."""
    named = next((one.skus for one in talk.meaning.goods.mentions), None)
    if named is None:
        return list(skus)
    first = talk.product(named[0])
    return [sku for sku in skus if sku in named or on_one_shelf(first, talk.product(sku))]


def fit_for(talk: Talk, skus: Sequence[str]) -> list[str]:
    """Those of several things whose titles and descriptions speak most of what is said: "for the back", "quiet".

    [] where nothing that is said tells them apart.
    """
    said = [one for one in _speaks(talk.meaning.text) if not one & _NO_USE]
    of_each = {sku: _told_of(talk.product(sku)) for sku in skus}
    met = {sku: [one for one in said if any(one & clause for clause in told)] for sku, told in of_each.items()}
    score = {sku: len(found) for sku, found in met.items()}
    best = max(score.values(), default=0)
    return [sku for sku in skus if score[sku] == best] if best > min(score.values(), default=0) else []


@lru_cache(maxsize=256)
def _speaks(text: str) -> list[frozenset[str]]:
    """What a question speaks of, each by all its names."""
    uses = [frozenset({f"!{one.name}"}) for one in index("uses").find(tokens(text))]
    return list(dict.fromkeys([*uses, *(one.names for one in items_of(text))]))


def _told_of(product: Product) -> list[frozenset[str]]:
    return _told(product.title_uz, product.title_ru, product.category, product.description)


@lru_cache(maxsize=4096)
def _told(title_uz: str, title_ru: str, category: str, description: str) -> list[frozenset[str]]:
    """What the clauses of a product speak of, those that deny it left out."""
    clauses = [title_uz, title_ru, category, *(one for one in _CLAUSE.split(description) if not _denied(one))]
    return [names_of(one) | {f"!{met.name}" for met in index("uses").find(tokens(one))} for one in clauses]


def _denied(clause: str) -> bool:
    found = _DENIES.search(clause)
    return found is not None and not index("uses").find(tokens(found[0]))  # "tiqillamaydi" is how it is


def numbers_of(product: Product) -> set[str]:
    """The numbers of its title."""
    return set(re.findall(r"\d+", product.title_uz))

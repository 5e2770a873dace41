"""Of several things of one name the big, the middle or the small one, where their titles call them so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.brain_rules.choosing import how_big
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.mention import Mention
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.titles import one_family, one_name
from shop.fold import words
from shop.search.units import things_of
from shop.shops import Shop

HOW_BIG = frozenset({"biggest", "smallest", "too_bad", "misfit"})  # they say this of one of several things
_NOT, _NOT_BEHIND = frozenset(words_of(("не", "not", "no"))), frozenset(words_of(("emas",)))
_HOW, _IT = frozenset(words_of(("how", "насколько", "qanchalik"))), frozenset(words_of(("он", "она", "они")))
_ORDERS = Hint(orders=True)
_OPPOSITE = {"katta": "kichik", "kichik": "katta", "baland": "past", "past": "baland", "uzun": "kalta", "kalta": "uzun"}


def by_bigness(shop: Shop, mention: Mention) -> None:
    """`a kraft bag / the big one`, `маленькие нам тесные, так что средние`: keeps what is called so, if anything is."""
    if len(mention.skus) < 2:
        return
    wanted: set[str] = set()
    denied: set[str] = set()
    for piece in mention.pieces:
        yes, no = _said(piece)
        wanted |= yes
        denied |= no
    wanted -= denied
    titles = {sku: _called(f"{shop.products[sku].title_uz} {shop.products[sku].title_ru}") for sku in mention.skus}
    if len(wanted) == 1:
        other = _OPPOSITE.get(next(iter(wanted)), "")
        left = [sku for sku in mention.skus if wanted & titles[sku]]
        left = left or [sku for sku in mention.skus if other and _beside_that(shop, sku, mention.skus, titles, other)]
    else:
        left = [sku for sku in mention.skus if denied and not wanted and not denied & titles[sku]]
    if left:
        mention.skus, mention.sure = left, len(left) == 1


def _beside_that(shop: Shop, sku: str, skus: Sequence[str], titles: Mapping[str, set[str]], other: str) -> bool:
    """Whether of two things of one name this one is not called big, and the other is: "the small platter"."""
    own = shop.products[sku]
    called = [one for one in skus if other in titles[one]]
    return sku not in called and any(one_family(own, shop.products[one]) for one in called)


def each_so_big(shop: Shop, mention: Mention) -> list[Mention]:
    """`boxes with roses, 1 big one and 2 small`: so many of each is a mention of its own; else the mention as it is."""
    each = {next(iter(yes)): piece for piece in mention.pieces if piece.numbers and len(yes := _said(piece)[0]) == 1}
    common = [piece for piece in mention.pieces if piece not in each.values()]
    if mention.sure or len(each) < 2 or any(piece.numbers for piece in common):
        return [mention]
    found = [Mention(list(mention.skus), [*common, piece], set(mention.acts), False) for piece in each.values()]
    for one in found:
        by_bigness(shop, one)
    counted = [any(look.qty for look in one.looks(shop.products[one.skus[0]], _ORDERS)[0]) for one in found]
    return found if all(counted) and all(one.sure for one in found) else [mention]


def tells_bigness(shop: Shop, piece: Piece, named: Sequence[Mention], before: Mention) -> bool:
    """Whether `маленькие тесные`, `так что средние` only say how big one of those just named is to be."""
    said = [word.key for one in named for text in one.named for word in words(text)]
    wanted, denied = _said(piece)
    if not all(map(how_big, said)) or things_of(piece.said):
        return False
    if before.sure or len(before.skus) < 2:
        return bool(said and denied and not wanted)
    titles = (f"{shop.products[sku].title_uz} {shop.products[sku].title_ru}" for sku in before.skus)
    return bool(wanted | denied) and (one_name(shop, before.skus) or any(map(_called, titles)))


def _said(piece: Piece) -> tuple[set[str], set[str]]:
    """How big it is to be, and how big not: `the small one is too tight` wants no small one."""
    wanted: set[str] = set()
    denied: set[str] = set()
    if piece.tokens[0].key in keys("questions", "is") or any(token.key in _IT for token in piece.tokens):
        return wanted, denied  # "is it big?", "она большая?"
    awkward = tuple(keys("questions", "awkward"))
    unfit = any(token.key.startswith(awkward) for token in piece.tokens if not how_big(token.key))
    for at, token in enumerate(piece.tokens):
        if name := how_big(token.key):
            before, after = piece.tokens[max(0, at - 1) : at], piece.tokens[at + 1 : at + 2]
            if any(one.key in _HOW for one in before):  # "how big are they?"
                continue
            not_so = any(one.key in _NOT for one in before) or any(one.key in _NOT_BEHIND for one in after)
            (denied if unfit or not_so else wanted).add(name)
    return wanted, denied


def _called(title: str) -> set[str]:
    return {how_big(word.key) for word in words(title)} - {""}

"""What the shopper's own words agree to, judged by code: whatever a brain says of them does not count.

A yes counts for the summary the shopper had seen before this turn, as it stood then; an order is cancelled only when
the shopper asked for that.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cached_property
from typing import Any

from agent.brain import Heard
from agent.brain_rules.assent import adds_what_waits, says_yes
from agent.brain_rules.looks import looks
from agent.brain_rules.meaning import Meaning, understand
from agent.brain_rules.piece import Piece
from agent.turn import Turn
from orders.cart.summary import YES
from shop.catalogue import Product
from shop.prices import amounts

CANCEL = "b:cancel"  # the button below "shall I cancel the order?"
WRITES_THE_CART = frozenset({"place", "change"})


class Consent:
    """Judged from the turn as it began; later changes of cart and session do not reach it."""

    def __init__(self, heard: Heard) -> None:
        self._key: str = heard.cart["key"]  # of the summary that waits; "" when none does
        self._heard = replace(heard, session=deepcopy(heard.session))

    def to_order(self, turn: Turn) -> bool:
        """Whether the cart as it is now is the one the shopper said yes to."""
        return bool(self._key) and self._key == turn.cart.shown == turn.cart.summary_key(turn.shop) and self._yes

    def to_cancel(self) -> bool:
        """Whether the shopper asked to cancel, in words that mean it, or says yes to being asked about it."""
        asked = bool(self._heard.session.offer.get("cancel"))
        pressed = any(words.button == CANCEL for words in self._heard.words)
        return self._meaning.any("cancel", "remove", "refuse") or (asked and (pressed or self._meaning.any("agree")))

    def named(self, amount: object) -> int:
        """`amount` when the shopper's own words name that sum, else 0: the owner's rule or staff may grant it."""
        currency = self._heard.shop.currency
        said = {
            one.value for words in self._heard.words for one in amounts(words.text, currency=currency, expected=True)
        }
        return amount if isinstance(amount, int) and amount in said | {self._meaning.sum} else 0

    @property
    def plain_yes(self) -> bool:
        """Whether the words are nothing but a yes to the summary that waits."""
        if not self._key or not self._yes:
            return False
        said = self._meaning
        return not said.any("change", "more", "remove") and not said.goods.mentions and not said.address

    @cached_property
    def _yes(self) -> bool:
        if any(words.button for words in self._heard.words):
            return self._heard.words[-1].button == YES + self._key
        said = self._meaning
        if adds_what_waits(said, self._heard.cart, self._heard.session.focus):
            return not self._wants_other_goods
        other = said.bargains or said.any("more", "remove", "cancel", "later")
        return says_yes(said) and not other and not self._wants_other_goods

    @property
    def _wants_other_goods(self) -> bool:
        """Whether goods, a size, a colour or a number of pieces is named that the summary does not have."""
        goods, lines = self._meaning.goods, self._heard.cart["lines"]
        shown = {line["sku"] for line in lines}
        if goods.foreign or any(not shown & set(one.skus) for one in goods.mentions):
            return True
        said = self._meaning
        for line in lines:
            of_it = [piece for one in goods.mentions if line["sku"] in one.skus for piece in one.pieces]
            if not _fits(line, [*goods.loose, *of_it], self._heard.shop.products[line["sku"]], said):
                return True
        return False

    @cached_property
    def _meaning(self) -> Meaning:
        return understand(self._heard)


def _fits(line: dict[str, Any], pieces: list[Piece], product: Product, said: Meaning) -> bool:
    """Whether all that is said of a product is what the summary says of it."""
    wanted, denied = looks(product, pieces, said.hint)
    return not denied and all(
        one.size in ("", line["size"])
        and one.color in ("", line["color"])
        and one.qty in (0, line["qty"])
        and not (one.no_size or one.no_color or one.either)
        for one in wanted
    )

"""The state of one turn of the rule brain, shared by the parts of its policy."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from agent.brain import Call, Heard, Result
from agent.brain_rules.meaning import Meaning
from agent.brain_rules.piece import Look, kept
from agent.brain_rules.speech import Speech
from agent.session import Session
from kit.message import Button
from kit.words import say
from shop import colors
from shop.catalogue import Product

_MODEL = re.compile(r"\s*[^\W\d_]{3,}")

# a part of the policy yields the calls it wants and is sent their results
Thinking: TypeAlias = Generator[list[Call], tuple[Result, ...], Any]


@dataclass
class Talk:
    """`edited`: the cart changed in this turn. `answered`: a question was. `done`: nothing more is to be asked."""

    heard: Heard
    meaning: Meaning
    speech: Speech = field(default_factory=Speech)
    edited: bool = False
    goods_changed: bool = False
    answered: bool = False
    faint: bool = False  # what is ordered hardly fits any product: the nearest is offered
    inquiry: str = ""  # what the shop's own answer of the turn before was given to
    advised: bool = False  # the shop's own answer is told to "which cake for 10?", and the cakes are still to come
    noted: bool = False  # a phone or an address was kept
    done: bool = False
    laid: list[Call] = field(default_factory=list)  # what was laid unasked in this turn (only_one.py)
    either: dict[str, tuple[str, ...]] = field(default_factory=dict)  # sku -> the numbers a letter may be
    lines_before: list[dict[str, Any]] = field(init=False)  # of the cart when the turn began

    def __post_init__(self) -> None:
        self.lines_before = list(self.heard.cart["lines"])

    @property
    def session(self) -> Session:
        """What was shown and asked before; changed in place."""
        return self.heard.session

    @property
    def cart(self) -> dict[str, Any]:
        """The cart as it is after the last step."""
        return self.heard.cart

    @property
    def language(self) -> str:
        """The shopper's language."""
        return self.heard.language

    def product(self, sku: str) -> Product:
        """A product of the shop."""
        return self.heard.shop.products[sku]

    def title(self, sku: str) -> str:
        """Its title for this shopper."""
        return self.product(sku).title(self.language)

    def in_cart(self, sku: str) -> list[dict[str, Any]]:
        """Lines and choices of a product in the cart."""
        return [line for line in (*self.cart["lines"], *self.cart["picks"]) if line["sku"] == sku]

    def focus_on(self, skus: Iterable[str]) -> None:
        """From now on the talk is about these."""
        known = [sku for sku in dict.fromkeys(skus) if sku in self.heard.shop.products]
        if known:
            self.session.focus = known[:5]

    def pictures(self, skus: list[str]) -> None:
        """From now on the talk is about these, which the shopper showed."""
        self.focus_on(skus)
        self.session.shown = skus
        self.session.photos = [*(sku for sku in self.session.photos if sku not in skus), *skus][-10:]

    def unseen(self, sku: str) -> bool:
        """Whether this is the first time the product comes up, so that its picture goes along."""
        known = self.session.pictured
        if sku in known:
            return False
        self.session.pictured = [*known, sku][-30:]
        return True

    def remember(self, sku: str, look: Look) -> Look:
        """What was said of a product so far, with `look` laid over it."""
        new = look.over(kept(self.session.look.get(sku, {})))
        self.session.look = {
            sku: {"size": new.size, "color": new.color, "qty": str(new.qty)},
            **{other: said for other, said in list(self.session.look.items())[:8] if other != sku},
        }
        return new

    def button(self, key: str, token: str, **facts: Any) -> Button:
        """A button with a label of the catalogues."""
        return Button(say(self.language, key, **facts), token)

    def color(self, color: str) -> str:
        """A colour as this shopper calls it."""
        return colors.shown(color, self.language)

    def of_letter(self, sku: str, look: Look) -> None:
        """Says which number a letter is with this product; of several the shopper is to choose."""
        if look.either:
            self.either[sku] = look.either
            letter = look.letter or "/".join(look.either)
            self.speech.say("talk.letter_either", letter=letter, sizes=" / ".join(look.either))
        elif look.letter:
            self.speech.say("talk.letter_is", letter=look.letter, size=look.size)

    def open_sizes(self, data: dict[str, Any]) -> list[str]:
        """The sizes of a tool's answer that may be meant."""
        left = [size for size in data["sizes"] if size in self.either.get(data["sku"], data["sizes"])]
        return left or list(data["sizes"])

    def variant(self, size: str, color: str) -> str:
        """`M, qora` for people."""
        return ", ".join(part for part in (size, self.color(color) if color else "") if part)

    def named(self, data: dict[str, Any]) -> str:
        """A product of a tool's answer with the variant that was meant: `Futbolka (M, oq)`."""
        variant = self.variant(data["size"], data["color"])
        return f"{data['title']} ({variant})" if variant else str(data["title"])

    def models(self, sku: str) -> bool:
        """Whether the product's sizes are names of models (`iPhone 13`), so that nobody calls them sizes."""
        sizes = self.product(sku).sizes
        return bool(sizes) and sum(bool(_MODEL.search(size)) for size in sizes) * 2 > len(sizes)


def result_of(results: tuple[Result, ...]) -> dict[str, Any]:
    """The data of a single call."""
    return results[0].data if results else {}

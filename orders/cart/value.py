"""The cart: what a shopper is about to order, as one JSON value of the conversation. Nothing in it is a promise yet.

It knows no prices (`orders.cart.totals`) and no questions (`orders.cart.missing`). Tools of the agent change it freely;
it is written once, with everything else the turn brought.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from kit.db import Reader, Tx
from kit.errors import Refused
from kit.message import Chat

if TYPE_CHECKING:
    from shop.shops import Shop

MOST_PIECES = 1000  # of one variant; above that it is wholesale or a joke, and a person talks about it

# the country code a courier of the shop can ring; a currency that is not here asks for no local number
_LOCAL = {"UZS": "+998", "KZT": "+7", "RUB": "+7", "KGS": "+996", "TRY": "+90", "KRW": "+82"}


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of one variant."""

    sku: str
    variant: str
    qty: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A product chosen before its size or colour is known. `qty` 0: not said, and worth asking."""

    sku: str
    size: str = ""
    color: str = ""
    qty: int = 1


@dataclass
class Cart:
    """A draft. `shown` is the key of the summary the shopper saw last: a yes counts only for that one.

    `number`: the placed order this cart changes (None: a new one). `agreed`: sku -> (pieces, price of each) in it.
    `came`: what was transferred for that order already; `ahead`: how much of it paid a part of the arrival;
    `forgiven`: what staff let go of its transfer.
    `declined`: slots the shopper will not fill ("phone_local", "address"). `checked`: "sku|variant" staff confirmed.
    `region`: a key of the shop's regions. `method`: courier, post_branch, pickup, "" as the shop does by default.
    """

    lines: list[Line] = field(default_factory=list)
    picks: list[Pick] = field(default_factory=list)
    name: str = ""
    phone: str = ""  # E.164, what the courier rings
    phone2: str = ""  # E.164, a second one or the foreign one
    recipient: str = ""
    address: str = ""
    landmark: str = ""
    location: tuple[float, float] | None = None
    region: str = ""
    method: str = ""
    shown: str = ""
    declined: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)
    number: int | None = None
    came: int = 0
    ahead: int = 0
    forgiven: int = 0
    agreed: dict[str, tuple[int, int]] = field(default_factory=dict)
    source: str = ""

    def __deepcopy__(self, memo: dict[int, Any]) -> Cart:
        """A turn copies its cart twice; what stands in its lists is frozen, so that the lists are enough."""
        return replace(
            self,
            lines=list(self.lines),
            picks=list(self.picks),
            declined=set(self.declined),
            checked=set(self.checked),
            agreed=dict(self.agreed),
        )

    # ---- goods

    def put(self, sku: str, variant: str, qty: int = 1) -> None:
        """Adds pieces of a variant to what is there; Refused("order.quantity") beyond 1..MOST_PIECES."""
        have = sum(line.qty for line in self.lines if (line.sku, line.variant) == (sku, variant))
        self.set_qty(sku, variant, have + _sane(qty))

    def set_qty(self, sku: str, variant: str, qty: int) -> None:
        """Makes it exactly `qty` pieces; Refused("order.quantity") beyond 1..MOST_PIECES."""
        line = Line(sku, variant, _sane(qty))
        for place, old in enumerate(self.lines):
            if (old.sku, old.variant) == (sku, variant):
                self.lines[place] = line
                return
        self.lines.append(line)

    def swap(self, sku: str, variant: str, other: str) -> None:
        """Another size or colour of the same product, in its place and number."""
        qty = sum(line.qty for line in self.lines if (line.sku, line.variant) == (sku, variant))
        if qty and variant != other:
            self.remove(sku, variant)
            self.put(sku, other, qty)

    def remove(self, sku: str, variant: str | None = None) -> bool:
        """Takes a product (or one variant of it) out, also one not fully chosen; whether anything went."""
        before = len(self.lines) + len(self.picks)
        self.lines = [line for line in self.lines if line.sku != sku or variant not in (None, line.variant)]
        if variant is None:
            self.picks = [pick for pick in self.picks if pick.sku != sku]
        return len(self.lines) + len(self.picks) < before

    def choose(self, sku: str, size: str = "", color: str = "", qty: int = 1) -> None:
        """Notes a choice that may lack a size or colour; what is said later of the same product is laid over it."""
        old = next((pick for pick in self.picks if pick.sku == sku), None)
        if old is None:
            self.picks.append(Pick(sku, size, color, qty if qty == 0 else _sane(qty)))
            return
        new = Pick(sku, size or old.size, color or old.color, _sane(qty) if qty > 1 else old.qty or qty)
        self.picks[self.picks.index(old)] = new

    def settle(self, shop: Shop) -> None:
        """Moves complete picks into the lines. What a product does not have, or has one of, is filled in silently."""
        left = []
        for pick in self.picks:
            product = shop.products.get(pick.sku)
            if product is None:
                continue
            size = only(pick.size, product.sizes)
            color = only(pick.color, product.colors)
            if size is None or color is None or pick.qty == 0:
                left.append(Pick(pick.sku, size or "", color or "", pick.qty))
            else:
                self.put(pick.sku, product.variant(size, color), pick.qty)
        self.picks = left

    # ---- the person

    def give_phone(self, number: str, shop: Shop, *, second: bool = False) -> None:
        """Keeps an E.164 number. A local one is for the courier; a foreign one stays beside it, never instead of it.

        `second`: said as one more number, not as a correction of the first.
        """
        if number in (self.phone, self.phone2):
            return
        if second and self.phone:
            self.phone2 = number
        elif is_local(number, shop):
            if self.phone and not is_local(self.phone, shop):
                self.phone2 = self.phone
            self.phone = number
        elif self.phone and is_local(self.phone, shop):
            self.phone2 = number
        else:
            self.phone = number

    def give_address(self, text: str) -> None:
        """Keeps the address as said. A second answer is joined to a first one that was not enough, and then it will do.

        An address is asked for once: who names a street and, asked again, no house number lives where there is none.
        """
        from orders.cart.address import FULL, NONE, STREET, grade

        text = " ".join(text.split())
        old = grade(self.address)
        if old in (NONE, FULL) or self.address.casefold() in text.casefold():
            self.address = text
        elif text.casefold() not in self.address.casefold():
            self.address = f"{self.address}, {text}"
        if old not in (NONE, FULL) and grade(self.address) == STREET:
            self.declined.add("address")

    # ---- the whole

    @property
    def empty(self) -> bool:
        """Nothing was chosen."""
        return not self.lines and not self.picks

    def summary_key(self, shop: Shop) -> str:
        """Names exactly what a yes would confirm: goods, prices, place, phone, sums. Anything changed, another key."""
        from orders.cart.totals import summary_key

        return summary_key(self, shop)

    def dump(self) -> dict[str, Any]:
        """JSON-ready data without empty fields; `parse` is the reverse."""
        data = asdict(self)
        data["declined"] = sorted(self.declined)
        data["checked"] = sorted(self.checked)
        return {name: value for name, value in data.items() if value not in ("", [], {}, None, 0)}

    @classmethod
    def parse(cls, data: dict[str, Any] | None) -> Cart:
        """The cart that `dump` wrote; an empty one for nothing. What a newer version wrote besides is left out."""
        parts = _known(cls, data or {})
        parts["lines"] = [Line(**_known(Line, line)) for line in parts.get("lines", ())]
        parts["picks"] = [Pick(**_known(Pick, pick)) for pick in parts.get("picks", ())]
        parts["declined"] = set(parts.get("declined", ()))
        parts["checked"] = set(parts.get("checked", ()))
        parts["agreed"] = {sku: (qty, price) for sku, (qty, price) in parts.get("agreed", {}).items()}
        if parts.get("location"):
            parts["location"] = tuple(parts["location"])
        return cls(**parts)


def _known(kind: type, data: dict[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in data.items() if name in names}


def only(said: str, choices: tuple[str, ...]) -> str | None:
    """The size (or colour) when it is known: said and existing, or the only one, or "" where there are none."""
    if not choices:
        return ""
    if said in choices:
        return said
    return choices[0] if len(choices) == 1 else None


def is_local(number: str, shop: Shop) -> bool:
    """Whether a courier of this shop can ring `number` at home rates."""
    return number.startswith(_LOCAL.get(shop.currency, "+"))


def _sane(qty: int) -> int:
    if not isinstance(qty, int) or not 1 <= qty <= MOST_PIECES:
        raise Refused("order.quantity", most=MOST_PIECES)
    return qty


# ---- in the database


async def load(reader: Reader, chat: Chat) -> Cart:
    """The conversation's cart; an empty one when there is none."""
    return Cart.parse(
        await reader.fetchval("SELECT body FROM carts WHERE shop_id = $1 AND key = $2", chat.shop_id, chat.key)
    )


async def save(tx: Tx, chat: Chat, cart: Cart) -> None:
    """Writes the cart; an empty value leaves no row."""
    body = cart.dump()
    if not body:
        await drop(tx, chat)
        return
    await tx.execute(
        """INSERT INTO carts (shop_id, key, body) VALUES ($1, $2, $3)
           ON CONFLICT (shop_id, key) DO UPDATE SET body = EXCLUDED.body, changed_at = now()""",
        chat.shop_id,
        chat.key,
        body,
    )


async def drop(tx: Tx, chat: Chat) -> None:
    """Forgets the cart."""
    await tx.execute("DELETE FROM carts WHERE shop_id = $1 AND key = $2", chat.shop_id, chat.key)

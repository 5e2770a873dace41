"""What `shop.yaml` may say: every key, its default and its check. The format for owners: docs/shop.md."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from kit.money import EXPONENT
from shop.profile.text import Text, language_code
from shop.profile.week import Span, parse_clock, parse_days, parse_spans

Method = Literal["courier", "post_branch", "pickup"]
Way = Literal["card", "payme", "click", "telegram"]
METHODS: tuple[Method, ...] = ("courier", "post_branch", "pickup")


def _as_text(value: Any) -> Any:
    """YAML reads `days: 1` and `S: 50` as numbers; people mean the text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _last4(value: Any) -> Any:
    text = _as_text(value)
    if text and (not isinstance(text, str) or not re.fullmatch(r"\d{4}", text)):
        raise ValueError('write the last four digits in quotes, like "4417"')
    return text or ""


def _mxik(value: Any) -> Any:
    text = str(value).strip() if value else ""
    if text and not re.fullmatch(r"[0-9]{17}", text):
        raise ValueError("write the 17 digits of tasnif.soliq.uz in quotes")
    return text


_LEAST_DEPOSIT = 1000  # "150" is rather a slip of "15 %"
WHOLE = 100  # per cent; above it `Region.prepay` is a sum


def _prepay(value: Any) -> Any:
    """`full`, `none` or "30 %" as whole percents of the goods; a deposit of one sum as it is: 50000, "50 000"."""
    if value is None or value == "full":
        return 100
    if value == "none":
        return 0
    said = str(value).strip()
    found = re.fullmatch(r"(\d{1,3})\s*%?", said)
    if found and int(found[1]) <= WHOLE:
        return int(found[1])
    if re.fullmatch(r"\d{3,}|\d{1,3}(?:[  ]\d{3})+", said):
        deposit = int(re.sub(r"\D", "", said))
        if deposit >= _LEAST_DEPOSIT:
            return deposit
    raise ValueError('use full, none, a share such as "30 %" or a sum such as 50000')


Words = Annotated[str, BeforeValidator(_as_text)]
Last4 = Annotated[str, BeforeValidator(_last4)]
Mxik = Annotated[str, BeforeValidator(_mxik)]
Prepay = Annotated[int, BeforeValidator(_prepay)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class About(_Part):
    """`shop:` who sells."""

    id: Words = ""
    name: Words = Field(min_length=1, max_length=80)
    legal_name: str = ""
    about: Text = Text({})
    currency: str = "UZS"
    languages: tuple[str, ...] = ("uz", "uz_Cyrl", "ru", "en")
    timezone: str = "Asia/Tashkent"

    @field_validator("languages", mode="before")
    @classmethod
    def _languages(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError("give a list such as [uz, ru]")
        return tuple(language_code(str(code)) for code in value)

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if value not in EXPONENT:
            raise ValueError(f"use one of {', '.join(EXPONENT)}")
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
            raise ValueError("there is no such time zone; use one such as Asia/Tashkent") from wrong
        return value


class Contacts(_Part):
    """`contacts:` where the shop is found."""

    phone: Words = ""
    telegram: str = ""
    instagram: str = ""
    address: Text = Text({})
    landmark: Text = Text({})
    location: tuple[float, float] | None = None

    @field_validator("location")
    @classmethod
    def _on_earth(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        if value and not (-90 <= value[0] <= 90 and -180 <= value[1] <= 180):
            raise ValueError("write [latitude, longitude], like [41.31, 69.24]")
        return value


class Hours(_Part):
    """`hours:` a span of opening for each day of the week (Monday first); without any the shop is always open."""

    week: tuple[tuple[Span, ...], ...] = ()
    text: Text = Text({})

    @model_validator(mode="before")
    @classmethod
    def _days(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "week" in value:
            return value
        week: list[tuple[Span, ...]] = [()] * 7
        for key, spans in value.items():
            if key != "text":
                for day in parse_days(str(key)):
                    week[day] = parse_spans(spans)
        written = any(key != "text" for key in value)
        return {"week": tuple(week) if written else (), "text": value.get("text") or {}}


class Region(_Part):
    """One line of `delivery.regions`. `prepay`: percents of the goods asked for in advance; above 100 a sum."""

    key: Words = Field(min_length=1, max_length=60)
    name: Text
    price: int = Field(ge=0)
    days: Words = ""
    prepay: Prepay = WHOLE
    methods: tuple[Method, ...] = METHODS


class Delivery(_Part):
    """`delivery:` where to, for how much and who takes the money for the way."""

    paid: Literal["on_arrival", "now"] = "on_arrival"
    free_from: int | None = Field(default=None, ge=0)
    pickup: bool = False
    posts: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()

    @field_validator("regions")
    @classmethod
    def _one_key_each(cls, value: tuple[Region, ...]) -> tuple[Region, ...]:
        keys = [region.key for region in value]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"the key {key} is given twice")
        return value

    def methods(self, region: Region) -> tuple[Method, ...]:
        """How `region` can be reached: pickup only where the shop offers it at all."""
        return tuple(method for method in region.methods if method != "pickup" or self.pickup)


class OwnCard(_Part):
    """One of `payment.cards`: the number itself stands in the secret settings, in the same order."""

    last4: Last4
    holder: str = ""
    network: str = ""


class Payment(_Part):
    """`payment:` how the shop is paid."""

    methods: tuple[Way, ...] = ("card",)
    cash_on_delivery: bool = False
    cash_at_pickup: bool = False
    card_last4: Last4 = ""
    card_holder: str = ""
    cards: tuple[OwnCard, ...] = ()
    text: Text = Text({})
    installments: Text = Text({})

    @field_validator("methods")
    @classmethod
    def _some_way(cls, value: tuple[Way, ...]) -> tuple[Way, ...]:
        if not value:
            raise ValueError("name at least one of card, payme, click, telegram")
        return tuple(dict.fromkeys(value))

    @model_validator(mode="after")
    def _first_card(self) -> Payment:
        if self.cards and self.card_last4 and self.cards[0].last4 != self.card_last4:
            raise ValueError("card_last4 must be the last4 of the first of cards")
        return self

    def own(self) -> tuple[OwnCard, ...]:
        """The shop's cards, the one shown first."""
        if self.cards or not self.card_last4:
            return self.cards
        return (OwnCard(last4=self.card_last4, holder=self.card_holder),)


class FiscalDelivery(_Part):
    """`fiscal.delivery:` the codes of the way, where it is paid together with the goods."""

    mxik: Mxik = ""
    package_code: Words = Field(default="", pattern=r"^[0-9]{0,20}$")
    vat_percent: int = Field(default=0, ge=0, le=99)


class Fiscal(_Part):
    """`fiscal:` whether each sale gets its fiscal receipt, and what its lines need beside the catalogue's codes."""

    enabled: bool = False
    remind_minutes: int = Field(default=60, gt=0)
    tin: Words = Field(default="", pattern=r"^([0-9]{9}|[0-9]{14})?$")
    vat_percent: int = Field(default=0, ge=0, le=99)
    delivery: FiscalDelivery = FiscalDelivery()


class Prices(_Part):
    """`prices:` whether there is haggling, and what to say about it."""

    bargaining: bool = False
    text: Text = Text({})


class Returns(_Part):
    """`returns:` how many days goods can be brought back or exchanged."""

    days: int = Field(default=10, ge=0, le=365)
    text: Text = Text({})


class Faq(_Part):
    """A question people ask and its answer."""

    id: Words
    q: Text
    a: Text


class OrderRules(_Part):
    """`orders:` how long stock is held for an order that waits for its money."""

    hold_hours: float = Field(default=3, gt=0, le=24 * 14)
    evening_from: time = time(18)
    evening_until: time = time(12)
    remind_minutes: int = Field(default=30, ge=0)
    stock_answer_minutes: int = Field(default=10, gt=0)

    @field_validator("evening_from", "evening_until", mode="before")
    @classmethod
    def _clock(cls, value: Any) -> Any:
        return parse_clock(value)


class Talk(_Part):
    """`talk:` how the agent behaves beside people."""

    human_pause_minutes: int = Field(default=30, gt=0)
    handover_ping_minutes: int = Field(default=15, gt=0)
    facts_while_handed_over: bool = False
    address_as_opa_aka: bool = False


class Comments(_Part):
    """`comments:` what everybody reads under a post: the price, or only that a message was sent."""

    public: Literal["price", "message"] = "price"


class Privacy(_Part):
    """`privacy:` for how many months after a person's last word what they wrote and sent is kept."""

    keep_months: int = Field(default=12, ge=1, le=120)


class Profile(_Part):
    """The whole of `shop.yaml` with what the owner answered in chat laid over it."""

    shop: About
    contacts: Contacts = Contacts()
    hours: Hours = Hours()
    holidays: tuple[date, ...] = ()
    closed_today: date | None = None
    delivery: Delivery = Delivery()
    payment: Payment = Payment()
    fiscal: Fiscal = Fiscal()
    prices: Prices = Prices()
    returns: Returns = Returns()
    size_chart: dict[Words, Words] = {}
    faq: tuple[Faq, ...] = ()
    orders: OrderRules = OrderRules()
    talk: Talk = Talk()
    comments: Comments = Comments()
    privacy: Privacy = Privacy()

    @property
    def name(self) -> str:
        """The shop's name as people say it."""
        return self.shop.name

    @property
    def currency(self) -> str:
        """The currency of delivery prices and of products that name none."""
        return self.shop.currency

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.shop.timezone)

    def region(self, key: str) -> Region | None:
        """The delivery region with this key."""
        return next((region for region in self.delivery.regions if region.key == key), None)

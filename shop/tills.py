"""Where a shop takes money besides its cards: what a link needs, and nothing that is secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.errors import Misconfigured

if TYPE_CHECKING:
    from kit.config import ShopConfig
    from shop.profile import Profile


@dataclass(frozen=True, slots=True)
class Tills:
    """Ids as the providers' cabinets show them; "" where the shop has none. `ways`: of shop.yaml, in its order."""

    ways: tuple[str, ...] = ("card",)
    payme: str = ""
    payme_account: str = "order_id"
    payme_test: bool = False
    click_service: str = ""
    click_merchant: str = ""
    invoices: bool = False

    @property
    def card(self) -> bool:
        """Whether the shop's own card is shown."""
        return "card" in self.ways


def of(shop_id: str, profile: Profile, config: ShopConfig) -> Tills:
    """What `profile` offers, with the ids of `config`. Misconfigured for a way that is offered and has no keys."""
    has = {
        "payme": bool(config.payme.merchant_id and config.payme.key.get_secret_value()),
        "click": bool(config.click.service_id and config.click.merchant_id and config.click.secret.get_secret_value()),
        "telegram": bool(config.telegram.payment_token.get_secret_value()),
    }
    needs = {
        "payme": "payme: set merchant_id and key",
        "click": "click: set service_id, merchant_id and secret",
        "telegram": "telegram.payment_token: set it",
    }
    for way in profile.payment.methods:
        if not has.get(way, True):
            raise Misconfigured(f"shops.{shop_id}.{needs[way]}, or take {way} out of payment.methods in shop.yaml")
    return Tills(
        profile.payment.methods,
        config.payme.merchant_id if "payme" in profile.payment.methods else "",
        config.payme.account,
        config.payme.test,
        config.click.service_id if "click" in profile.payment.methods else "",
        config.click.merchant_id,
        "telegram" in profile.payment.methods,
    )

"""Money through payment providers: Payme and Click behind one seam, and what their word does to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orders.provider.click import Click
from orders.provider.payme import Payme
from orders.provider.seam import Call, PaymentProvider

if TYPE_CHECKING:
    from kit.config import ShopConfig
    from shop.tills import Tills

__all__ = ["Call", "PaymentProvider", "of_shop"]


def of_shop(name: str, tills: Tills, config: ShopConfig) -> PaymentProvider | None:
    """The provider `name` of a shop, None where it has no secret: its door stays shut.

    Its door is open with its keys in place, whether shop.yaml offers it or not: links of yesterday are still paid.
    """
    if name == "payme" and (key := config.payme.key.get_secret_value()):
        return Payme(tills, key)
    if name == "click" and (secret := config.click.secret.get_secret_value()):
        return Click(tills, config.click.service_id, secret)
    return None

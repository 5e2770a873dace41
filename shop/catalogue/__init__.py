"""What the shop sells: products, their variants and how many are left."""

from __future__ import annotations

from shop.catalogue.product import Product

__all__ = ["Product"]

"""Which product is meant: words of three languages with slang and typos against the shop's titles."""

from __future__ import annotations

from shop.search.index import Hit, Search

__all__ = ["Hit", "Search"]

"""The one number that tells every process that a shop must be read again."""

from __future__ import annotations

from kit.db import Tx


async def changed(tx: Tx, shop_id: str) -> None:
    """Says that catalogue, profile or cards changed: whoever keeps the shop in memory reads it again in a second."""
    await tx.execute(
        """INSERT INTO profiles (shop_id) VALUES ($1)
           ON CONFLICT (shop_id) DO UPDATE SET version = profiles.version + 1, changed_at = now()""",
        shop_id,
    )

"""The trail: who did what, when, to what. Lines are only ever added."""

from __future__ import annotations

from kit.db import Tx


async def note(tx: Tx, shop_id: str, actor: str, verb: str, about: str = "", **data: object) -> None:
    """Writes one line: `actor` ("agent", "cron", "shopper:telegram:5", "staff:telegram:7") did `verb` ("order.paid").

    `about` names the thing ("order:12"); `data` must be JSON-ready and hold no card number.
    """
    await tx.execute(
        "INSERT INTO audit (shop_id, actor, verb, about, data) VALUES ($1, $2, $3, $4, $5)",
        shop_id,
        actor,
        verb,
        about,
        data,
    )

"""A card number typed over several messages, a code in the message after its name: hidden once the last piece comes.

Each piece alone is an ordinary number, so the earlier ones are in the database already; all of them are masked in the
transaction that stores the last.
"""

from __future__ import annotations

from kit.db import Tx
from kit.mask import has_loose_digits, mask_many
from kit.message import Incoming

_LATELY = """
SELECT id, payload ->> 'text' AS text, payload ->> 'hidden' AS hidden FROM inbox
WHERE shop_id = $1 AND key = $2 AND received_at > now() - interval '3 minutes'
  AND kind IN ('message', 'edited') AND payload ? 'text' ORDER BY id DESC LIMIT $3
"""
_HIDE = "UPDATE inbox SET payload = payload || $3 WHERE shop_id = $1 AND id = $2"
_MOST = 5  # messages; people split a card into four


async def hide(tx: Tx, incoming: Incoming) -> None:
    """Mask what the words just stored make together with those around them."""
    if not has_loose_digits(incoming.text):
        return
    shop_id = incoming.chat.shop_id
    rows = await tx.fetch(_LATELY, shop_id, incoming.chat.key, _MOST)
    rows.reverse()
    together = mask_many([row["text"] for row in rows], alone=False)
    for row, masked in zip(rows, together, strict=True):
        if masked.text != row["text"]:
            kinds = {*masked.kinds, *filter(None, (row["hidden"] or "").split(","))}
            await tx.execute(_HIDE, shop_id, row["id"], {"text": masked.text, "hidden": ",".join(sorted(kinds))})

"""The last messages of a conversation as a brain may hear them: from inbox and outbox, through the door once more."""

from __future__ import annotations

from datetime import timedelta

from agent.brain import Past
from agent.privacy import clean_all
from agent.turn import Turn

MOST = 12  # messages: an order takes 8 to 12; more only costs tokens
_LONGEST = 500  # characters of one message
_AGE = timedelta(hours=48)  # as long as the session lives: older talk is better begun anew

_LAST = """
SELECT shopper, text FROM (
    (SELECT true AS shopper, payload ->> 'text' AS text, received_at AS at, id FROM inbox
     WHERE shop_id = $1 AND key = $2 AND received_at > now() - $3::interval AND status IN (1, 2)
       AND kind IN ('message', 'edited') AND event_id <> ALL($4) AND payload ->> 'text' <> ''
       AND NOT (payload ? 'post' AND COALESCE(payload ->> 'note', '') = 'forwarded') ORDER BY id DESC LIMIT $5)
    UNION ALL
    (SELECT false, payload ->> 'text', created_at, id FROM outbox
     WHERE shop_id = $1 AND key = $2 AND created_at > now() - $3::interval AND status IN (0, 1, 2)
       AND payload ->> 'text' <> '' ORDER BY id DESC LIMIT $5)
) AS said ORDER BY at DESC, shopper, id DESC LIMIT $5
"""


async def past(turn: Turn) -> tuple[Past, ...]:
    """What was said before this turn, oldest first."""
    now = [one.event_id for one in turn.incoming]
    rows = await turn.db.fetch(_LAST, turn.chat.shop_id, turn.chat.key, _AGE, now, MOST)
    rows.reverse()
    texts = clean_all([row["text"][:_LONGEST] for row in rows])
    return tuple(Past(row["shopper"], text) for row, text in zip(rows, texts, strict=True))

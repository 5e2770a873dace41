"""The inbox: events are accepted once, and each conversation is worked one turn at a time.

`accept(pool, incomings, turn, box=...)` for the doors, `work(app, stop)` for `main.py run` and `main.py worker`.
"""

from bot.inbox.accept import accept
from bot.inbox.turn import work

__all__ = ["accept", "work"]

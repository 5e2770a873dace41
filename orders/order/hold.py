"""How long an order that waits for its money holds the goods, and when the shopper is reminded of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from shop import hours
from shop.profile import Profile


def until(profile: Profile, now: datetime) -> tuple[datetime, datetime | None]:
    """When an order placed `now` expires, and when the shopper is reminded (None: too near to now)."""
    end = hours.hold_until(profile, now)
    remind = end - timedelta(minutes=profile.orders.remind_minutes)
    return end, remind if remind > now else None

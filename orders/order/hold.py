"""How long an order that waits for its money holds the goods, counted in the shop's working hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shop import hours
from shop.profile.model import Profile


def until(profile: Profile, now: datetime) -> tuple[datetime, datetime | None]:
    """When an order placed `now` expires, and when the shopper is reminded (None: too near to now).

    `hold_hours` working hours; in the evening to `evening_until` of the next working day, because a bank app and a
    shop both sleep at night.
    """
    rules = profile.orders
    local = now.astimezone(profile.zone)
    if local.time() >= rules.evening_from:
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), profile.zone)
        opening = hours.next_opening(profile, tomorrow) or tomorrow
        noon = datetime.combine(opening.astimezone(profile.zone).date(), rules.evening_until, profile.zone)
        # a shop that opens after "noon" gives its first customers an hour all the same
        end = max(noon, opening + timedelta(hours=1))
    else:
        end = hours.add_working(profile, now, rules.hold_hours)
    end = end.astimezone(now.tzinfo)
    remind = end - timedelta(minutes=rules.remind_minutes)
    return end, remind if remind > now else None

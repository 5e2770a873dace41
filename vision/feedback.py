"""What people chose among products that were alike to a picture, and what a shop's confidence learns from it.

The weights that ship were fitted on drawn goods. A shop of near twins should be less sure than they are, one of
posters surer: two numbers a shop, fitted to its own choices, move the log-odds. They are held close to "as shipped",
and no number of choices makes the agent careless (`Learned.odds`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kit.db import Reader
    from vision.match import Candidate

NEWEST = 400  # judged candidates of a shop that count: goods change, and a fit of 400 takes 1 ms
# how far from "as shipped" two standard deviations are: slope 1 +- 0.5, shift +- 2
_SLOPE_SD, _SHIFT_SD = 0.25, 1.0
SLOPES, SHIFTS = (0.5, 1.5), (-2.5, 1.0)
LIFT = 1.0  # the floor: nothing that ships below 60 % ever becomes exact (80 %), whatever was chosen


@dataclass(frozen=True, slots=True)
class Learned:
    """What a shop's choices made of the shipped log-odds; the defaults change nothing."""

    slope: float = 1.0
    shift: float = 0.0

    def odds(self, shipped: float) -> float:
        """The shop's log-odds for shipped ones: moved, but never up by more than `LIFT`."""
        return min(self.slope * shipped + self.shift, shipped + LIFT)


AS_SHIPPED = Learned()


@dataclass(frozen=True, slots=True)
class _Shown:
    sku: str
    odds: float


async def store(
    tx: Reader,
    shop_id: str,
    *,
    picture: str,
    model: str,
    shown: Iterable[Candidate | _Shown],
    chosen: str,
    by: Literal["shopper", "staff"],
) -> None:
    """Remember that `chosen` is what `picture` (its sha256) shows, and the others of `shown` are not.

    Another choice for the same picture replaces the first: people correct themselves.
    """
    rows = [(shop_id, picture, model, one.sku, one.odds, one.sku == chosen, by) for one in shown]
    await tx.executemany(
        """INSERT INTO photo_feedback (shop_id, picture, model, sku, odds, chosen, by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (shop_id, picture, model, sku)
           DO UPDATE SET odds = excluded.odds, chosen = excluded.chosen, by = excluded.by, chosen_at = now()""",
        rows,
    )


async def ask(tx: Reader, shop_id: str, *, picture: str, model: str, shown: Iterable[tuple[str, float]]) -> None:
    """Remember what `picture` was weighed as, while staff are asked what it shows."""
    await tx.execute(
        """INSERT INTO photo_asked (shop_id, picture, model, shown) VALUES ($1, $2, $3, $4)
           ON CONFLICT (shop_id, picture) DO UPDATE SET model = excluded.model, shown = excluded.shown""",
        shop_id,
        picture,
        model,
        [list(one) for one in shown],
    )


async def answered(tx: Reader, shop_id: str, picture: str, chosen: str) -> bool:
    """Staff say that the picture whose hash begins with `picture` shows `chosen` ("": nothing of ours).

    Stored as their choice, also over an earlier one; False when nothing was asked about such a picture.
    """
    row = await tx.fetchrow(
        """SELECT picture, model, shown FROM photo_asked WHERE shop_id = $1 AND starts_with(picture, $2)
           ORDER BY asked_at DESC LIMIT 1""",
        shop_id,
        picture,
    )
    if row is None or (chosen and chosen not in [sku for sku, _ in row["shown"]]):
        return False
    shown = [_Shown(sku, odds) for sku, odds in row["shown"]]
    await store(tx, shop_id, picture=row["picture"], model=row["model"], shown=shown, chosen=chosen, by="staff")
    return True


async def learned(reader: Reader, shop_id: str, model: str) -> Learned:
    """What the shop's newest choices teach; `AS_SHIPPED` where there are none."""
    rows = await reader.fetch(
        """SELECT odds, chosen FROM photo_feedback WHERE shop_id = $1 AND model = $2
           ORDER BY chosen_at DESC, picture, sku LIMIT $3""",
        shop_id,
        model,
        NEWEST,
    )
    return refit([(row["odds"], row["chosen"]) for row in rows])


def refit(judged: list[tuple[float, bool]]) -> Learned:
    """Platt's slope and shift for (shipped log-odds, right), by Newton's method, with a prior at "as shipped"."""
    if not judged:
        return AS_SHIPPED
    slope, shift = 1.0, 0.0
    for _ in range(25):
        by_slope, by_shift = (slope - 1.0) / _SLOPE_SD**2, shift / _SHIFT_SD**2
        aa, ab, bb = 1 / _SLOPE_SD**2, 0.0, 1 / _SHIFT_SD**2
        for odds, right in judged:
            p = 1 / (1 + exp(-max(-30.0, min(30.0, slope * odds + shift))))
            miss, curve = p - right, p * (1 - p)
            by_slope, by_shift = by_slope + miss * odds, by_shift + miss
            aa, ab, bb = aa + curve * odds * odds, ab + curve * odds, bb + curve
        size = aa * bb - ab * ab
        step = (bb * by_slope - ab * by_shift) / size, (aa * by_shift - ab * by_slope) / size
        slope, shift = slope - step[0], shift - step[1]
        if abs(step[0]) + abs(step[1]) < 1e-6:
            break
    return Learned(max(SLOPES[0], min(SLOPES[1], slope)), max(SHIFTS[0], min(SHIFTS[1], shift)))

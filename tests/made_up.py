"""Replies as a model might write them, about half of them with a number or a promise that nobody gave."""

# ruff: noqa: E501 - lists of sentences read best as they are

from __future__ import annotations

import random
from dataclasses import dataclass, field

from agent import claims
from agent.claims import Known

_TRUE = (
    "{title} {price} so'm.", "{title} — {price} сум.", "{title} narxi {thousands} ming so'm, rangi qora.", "The {title} is {price} so'm.",
    "{title} {price} so'm, {size} razmer bor.", "Размер {size} есть, {title} стоит {price} сум.", "{left} dona qoldi, {title} {price} so'm.",
    "Yetkazish {delivery} so'm, {days} kun.", "Доставка {delivery} сум, {days} дня.", "Jami {total} so'm bo'ladi.", "{title}: {price} so'm. Olasizmi?",
)  # fmt: skip
_FALSE = (
    "{title} {lie} so'm.", "Цена {lie} сум, {title}.", "{title} sizga {lie} so'mga beraman.", "{title} {thousand_lie} ming so'm.", "{strange} dona qoldi.",
    "{strange} kunda yetkazamiz.", "Доставим за {strange} дней.", "{title} {price} so'm, {strange} % chegirma bilan.", "Itogo {lie} сум.",
    "Total {lie} UZS so'm.", "Yetkazish {lie} so'm.", "{title}: {dear} ","{strange} razmer bor.", "Ertaga yetkazamiz, {title} {price} so'm.",
    "{title} {price} so'm, ustiga sovg'a!", "Buyurtmangiz qabul qilindi, {total} so'm.", "Оплата получена: {total} сум.",
)  # fmt: skip


def _reply(dice: random.Random) -> tuple[str, Known, bool]:
    """A reply, what is known, and whether all of it is."""
    price, delivery = dice.randrange(39, 900) * 1000, dice.randrange(10, 60) * 1000
    size, left, days = dice.randrange(28, 56), dice.randrange(2, 30), dice.randrange(1, 6)
    total = price + delivery
    money = {price, delivery, total}
    numbers = {price, delivery, total, size, left, days}
    lie = dice.choice(
        [one for one in (1, 13_337, 50_000, 777_000, price - 1000, price // 10 + 7, total + 500) if one not in money]
    )
    strange = next(one for one in iter(lambda: dice.randrange(11, 400), None) if one not in numbers | {50})
    title = dice.choice(["Kepka", "Erkaklar jinsisi", "Palto"])
    known = Known(
        numbers=numbers, shopper={lie, 50}, money=money, prices={title: {price}}, percents=set(), currency="UZS", texts=(),
        links=(), done=frozenset(), reduced=False, free=False,
    )  # fmt: skip
    parts = [dice.choice(_TRUE) for _ in range(dice.randint(1, 2))]
    true = dice.random() < 0.4
    if not true:
        parts.insert(dice.randrange(len(parts) + 1), dice.choice(_FALSE))
    text = " ".join(parts).format(
        title=title, price=_written(dice, price), thousands=price // 1000, size=size, left=left, delivery=_written(dice, delivery),
        days=days, total=_written(dice, total), lie=_written(dice, lie), thousand_lie=max(1, lie // 1000) + 2000, strange=strange,
        dear=_written(dice, lie + 2000 if lie < 1000 else lie),
    )  # fmt: skip
    return text, known, true


def _written(dice: random.Random, number: int) -> str:
    joint = dice.choice(["", " ", "\u00a0", ".", ","])
    return f"{number:,}".replace(",", joint)


@dataclass
class Checked:
    """`missed`: false ones that would have been said; `stopped`: true ones that were not."""

    replies: int = 0
    false: int = 0
    missed: list[str] = field(default_factory=list)
    stopped: list[tuple[str, list[str]]] = field(default_factory=list)


def check(dice: random.Random, count: int) -> Checked:
    """`count` replies before the guard."""
    done = Checked(count)
    for _ in range(count):
        text, known, true = _reply(dice)
        faults = claims.faults(text, known)
        done.false += not true
        if not true and not faults:
            done.missed.append(text)
        if true and faults:
            done.stopped.append((text, faults))
    return done

"""Which order a credit pays: never a wrong one. A hundred orders, thirty of one sum, messages of eight forms."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from kit.message import Chat
from orders import bank
from orders import order as verbs
from orders.bank import store
from orders.order import Order
from tests.bank_words import FORMATS, TASHKENT, credit, debit
from tests.orders_shop import CHAT, NOON, STAFF, fill_shop, make_shop, order_of

SHOP = make_shop()
OWN = frozenset({"1234"})
SOON = NOON + timedelta(minutes=40)


@pytest.fixture(name="db")
async def _db(db: Tx) -> Tx:
    await fill_shop(db)
    return db


async def placed(tx: Tx, owed: int, at: datetime = NOON, chat: Chat = CHAT) -> int:
    """An order that owes just that."""
    order = await order_of(tx, SHOP, ("BIR", "70x140/oq", 1), chat=chat, now=at)
    await tx.execute(
        "UPDATE orders SET to_transfer = $2, created_at = $3 WHERE shop_id = 'atir' AND number = $1",
        order.number,
        owed,
        at,
    )
    return order.number


async def receipt(tx: Tx, number: int, amount: int, at: datetime, sender4: str = "") -> None:
    """A screenshot that says so."""
    here = at.astimezone(TASHKENT)
    reading = {"date": here.date().isoformat(), "time": here.strftime("%H:%M"), "sender_last4": sender4 or None}
    await tx.execute(
        """INSERT INTO receipts (shop_id, number, key, sha, media, reading, verdict, amount, currency, created_at)
           VALUES ('atir', $1, 'telegram:55', $2, '', $3, '{fits}', $4, 'UZS', $5)""",
        number,
        f"{number}:{at}:{amount}",
        reading,
        amount,
        at,
    )
    await verbs.claim(tx, "atir", number, actor="shopper:telegram:55", now=at)


async def hear(tx: Tx, text: str, now: datetime = SOON, shop: Any = SHOP) -> list[bank.Told]:
    """A message that a member of staff passes on."""
    found = bank.parse(bank.without_balance(text), bank.Context(OWN, "UZS", TASHKENT, now))
    kept = await bank.keep(tx, shop.id, [one for one in found if one.way == bank.IN], actor=STAFF, now=now)
    return await bank.told(tx, shop, kept, actor=STAFF, now=now)


async def heard(tx: Tx, amount: int, at: datetime = SOON, form: str = "cardxabar", **more: Any) -> bank.Told:
    [told] = await hear(tx, credit(form, amount, at, **more), at + timedelta(minutes=2))
    return told


async def press(tx: Tx, told: bank.Told, number: int) -> Order:
    return await bank.use(tx, SHOP, told.credit.id, number, actor=STAFF, now=SOON)


class TestOne:
    async def test_the_one_order_of_that_sum_and_only_by_a_press(self, db: Tx) -> None:
        number = await placed(db, 150_000)
        await placed(db, 151_000)
        told = await heard(db, 150_000)
        assert told.match.number == number and not told.known
        waiting = await verbs.get(db, "atir", number)
        assert waiting is not None and (waiting.status, waiting.paid) == ("awaiting_payment", 0)
        order = await press(db, told, number)
        assert (order.status, order.paid) == ("paid", 150_000)
        with pytest.raises(Refused, match=r"bank\.used"):
            await press(db, told, await placed(db, 150_000))

    async def test_two_of_that_sum_are_a_persons_to_choose(self, db: Tx) -> None:
        one, two = await placed(db, 150_000), await placed(db, 150_000)
        told = await heard(db, 150_000)
        assert told.match.number is None and set(told.match.numbers) == {one, two}
        assert (await press(db, told, two)).status == "paid"

    @pytest.mark.parametrize("form", FORMATS[::3])
    async def test_the_same_message_twice_is_one_credit(self, db: Tx, form: str) -> None:
        await placed(db, 150_000)
        first, again = await heard(db, 150_000, form=form), await heard(db, 150_000, form=form)
        assert (first.known, again.known, first.credit.id == again.credit.id) == (False, True, True)
        assert await db.fetchval("SELECT count(*) FROM money_seen WHERE shop_id = 'atir'") == 1

    async def test_the_banks_sms_and_cardxabar_tell_of_one_credit(self, db: Tx) -> None:
        first = await heard(db, 150_000, form="sms_ru")
        other = await heard(db, 150_000, SOON + timedelta(minutes=1), form="cardxabar", sender4="4321")
        later = await heard(db, 150_000, SOON + timedelta(minutes=9), form="cardxabar", sender4="4321")
        assert other.known and other.credit.id == first.credit.id and other.credit.sender4 == "4321"
        assert not later.known

    async def test_money_out_is_not_kept(self, db: Tx) -> None:
        await placed(db, 150_000)
        assert await hear(db, debit("sms_uz", 150_000, SOON)) == []
        assert await db.fetchval("SELECT count(*) FROM money_seen WHERE shop_id = 'atir'") == 0

    async def test_another_card_an_earlier_day_another_sum_fit_nothing(self, db: Tx) -> None:
        await placed(db, 150_000)
        assert (await heard(db, 150_000, last4="9999")).match.numbers == ()
        assert (await heard(db, 150_000, NOON - timedelta(hours=5))).match.numbers == ()
        assert (await heard(db, 149_000)).match.numbers == ()

    async def test_a_receipt_of_that_minute_decides_between_equal_sums(self, db: Tx) -> None:
        one, two = await placed(db, 150_000), await placed(db, 150_000)
        await receipt(db, one, 150_000, SOON)
        assert (await heard(db, 150_000)).match.numbers == (one, two)  # the other may have paid without a picture
        await receipt(db, two, 150_000, SOON - timedelta(minutes=30))
        told = await heard(db, 150_000)
        assert told.match.number == one
        await press(db, told, one)
        assert await db.fetchval("SELECT state FROM receipts WHERE shop_id = 'atir' AND number = $1", one) == "seen"

    async def test_a_receipt_that_speaks_against_leaves_it_to_a_person(self, db: Tx) -> None:
        one, two = await placed(db, 150_000), await placed(db, 150_000)
        await receipt(db, one, 150_000, SOON - timedelta(minutes=30))
        told = await heard(db, 150_000)
        assert told.match.number is None and set(told.match.numbers) == {one, two}

    async def test_two_credits_that_one_order_waits_for(self, db: Tx) -> None:
        number = await placed(db, 150_000)
        first = await heard(db, 150_000, SOON)
        second = await heard(db, 150_000, SOON + timedelta(minutes=5))
        assert first.match.number == number and second.match.number is None and second.match.numbers == (number,)

    async def test_the_press_came_before_the_banks_message(self, db: Tx) -> None:
        number = await placed(db, 150_000)
        await verbs.confirm(db, "atir", number, actor=STAFF, now=SOON)
        told = await heard(db, 150_000)
        assert told.settled == number
        paid = await verbs.get(db, "atir", number)
        assert paid is not None and paid.paid == 150_000  # counted once
        other = await placed(db, 150_000)
        again = await heard(db, 150_000, SOON + timedelta(minutes=10))
        assert again.match.number == other

    async def test_the_press_came_before_and_another_waits_for_that_sum(self, db: Tx) -> None:
        one, two = await placed(db, 150_000), await placed(db, 150_000)
        await verbs.confirm(db, "atir", one, actor=STAFF, now=SOON)
        told = await heard(db, 150_000)
        assert told.settled is None and set(told.match.numbers) == {one, two}
        order = await press(db, told, one)
        assert order.paid == 150_000 and told.match.number is None  # noted, not counted again

    async def test_delivery_paid_too_and_the_rest_of_a_part(self, db: Tx) -> None:
        number = await placed(db, 150_000)
        assert (await heard(db, 170_000)).match.number == number
        other = await placed(db, 90_000)
        await verbs.confirm(db, "atir", other, actor=STAFF, now=NOON, amount=50_000)
        assert (await heard(db, 40_000)).match.number == other

    async def test_a_short_sum_fits_by_its_receipt(self, db: Tx) -> None:
        number = await placed(db, 150_000)
        assert (await heard(db, 140_000)).match.numbers == ()
        await receipt(db, number, 140_000, SOON + timedelta(minutes=20))
        told = await heard(db, 140_000, SOON + timedelta(minutes=20))
        assert told.match.number == number
        order = await press(db, told, number)
        assert (order.status, order.owed) == ("claimed", 10_000)

    async def test_another_shops_credit_is_nobodys_here(self, db: Tx) -> None:
        number = await placed(db, 150_000)
        other = make_shop()
        object.__setattr__(other, "id", "boshqa")
        [told] = await hear(db, credit("humo", 150_000, SOON), shop=other)
        assert told.match.numbers == ()
        with pytest.raises(Refused, match=r"bank\.none"):
            await press(db, told, number)


async def test_five_presses_at_once_count_it_once(own_db: Pool) -> None:
    async with transaction(own_db) as tx:
        await fill_shop(tx)
        numbers = [await placed(tx, 150_000) for _ in range(5)]
        told = await heard(tx, 150_000)

    async def one(number: int) -> bool:
        try:
            async with transaction(own_db) as tx:
                await press(tx, told, number)
        except Refused as refused:
            assert refused.key == "bank.used"
            return False
        return True

    assert sum(await asyncio.gather(*(one(number) for number in numbers))) == 1
    assert await own_db.fetchval("SELECT sum(paid) FROM orders WHERE shop_id = 'atir'") == 150_000


async def test_the_same_message_at_once_in_two_chats_is_one_row(own_db: Pool) -> None:
    text = credit("humo", 150_000, SOON)

    async def one() -> bool:
        async with transaction(own_db) as tx:
            return (await hear(tx, text))[0].known

    assert sorted(await asyncio.gather(*(one() for _ in range(4)))) == [False, True, True, True]


# ---- a day of a busy shop --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transfer:
    """What really happened: who paid what, and when. `number` 0: nobody's order."""

    number: int
    amount: int
    at: datetime
    sender4: str
    out: bool = False


async def day_of(tx: Tx, rng: random.Random) -> list[Transfer]:
    """A hundred orders, thirty of one sum; part payments, surpluses, double payments, strangers, money going out."""
    equal = set(rng.sample(range(100), 30))
    taken: set[int] = {150_000, 170_000}
    done: list[Transfer] = []
    for place in range(100):
        at = NOON + timedelta(minutes=3 * place)
        owed = 150_000 if place in equal else rng.randrange(40, 900) * 1000
        number = await placed(tx, owed, at, Chat("atir", "telegram", str(1000 + place)))
        alone = owed not in taken
        taken |= {owed, owed + 20_000}
        if rng.random() < 0.1:
            continue  # never pays
        when, sender = at + timedelta(minutes=rng.randint(2, 90)), f"{rng.randint(1000, 9999)}"
        how = rng.random()
        amount = owed + 20_000 if how < 0.1 and alone else owed - 5_000 if how < 0.15 and alone else owed
        if rng.random() < 0.7 or amount < owed:
            shown = when + timedelta(minutes=rng.choice((-1, 0, 0, 0, 1)))
            await receipt(tx, number, amount, shown, sender if rng.random() < 0.5 else "")
        done.append(Transfer(number, amount, when, sender))
        if how > 0.95 and owed == amount and alone:  # paid twice, ten minutes later
            done.append(Transfer(0, amount, when + timedelta(minutes=10), sender))
    done += [Transfer(0, 77_000 + n, NOON + timedelta(minutes=20 * n), "") for n in range(10)]
    done += [Transfer(0, 150_000, NOON + timedelta(minutes=30 * n), "", out=True) for n in range(10)]
    return done


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
async def test_a_hundred_orders_and_not_one_wrong_match(db: Tx, seed: int) -> None:
    rng = random.Random(seed)
    transfers = await day_of(db, rng)
    now = NOON + timedelta(hours=9)
    told_of: list[tuple[Transfer, str]] = []
    for one in transfers:
        voices = rng.sample(FORMATS, rng.choice((1, 1, 2)))
        outs = ("cardxabar", "humo", "sms_uz", "sms_ru", "failed")
        told_of += [
            (one, debit(rng.choice(outs), one.amount, one.at))
            if one.out
            else (one, credit(voice, one.amount, one.at, sender4=rng.choice(("", one.sender4))))
            for voice in voices
        ]
    told_of += rng.sample(told_of, 15)  # forwarded again
    rng.shuffle(told_of)
    wrong = sure = asked = alone = 0
    counted: dict[int, int] = {}
    truth: dict[int, set[Transfer]] = {}
    for one, text in told_of:
        for told in await hear(db, text, now):
            truth.setdefault(told.credit.id, set()).add(one)
            if told.credit.number is not None or told.settled:
                continue
            number = told.match.number
            if number is not None:
                sure += 1
                wrong += number != one.number and not (one.number == 0 and _twice(transfers, one, number))
                await bank.use(db, SHOP, told.credit.id, number, actor=STAFF, now=now)
                counted[number] = counted.get(number, 0) + 1
            elif told.match.numbers:
                asked += 1
                if one.number in told.match.numbers and rng.random() < 0.5:  # a person knows
                    await bank.use(db, SHOP, told.credit.id, one.number, actor=STAFF, now=now)
            else:
                alone += 1
    assert wrong == 0
    assert sure >= 45 and asked >= 5 and alone >= 10, (sure, asked, alone)
    rows = await db.fetch("SELECT id, number, amount FROM money_seen WHERE shop_id = 'atir'")
    for row in rows:
        assert row["amount"] in {one.amount for one in truth[row["id"]]} and not any(
            one.out for one in truth[row["id"]]
        )
    paid = await db.fetch("SELECT number, paid, to_transfer FROM orders WHERE shop_id = 'atir' AND paid > 0")
    payers = {one.number for one in transfers}
    assert {row["number"] for row in paid} <= payers
    assert (
        len({row["id"] for row in rows}) == len(rows) <= len({(one.amount, one.at) for one in transfers if not one.out})
    )


def _twice(transfers: list[Transfer], one: Transfer, number: int) -> bool:
    """Whether this is the second payment of that very order: the same person's money, either may be counted."""
    return any(other.number == number and other.sender4 == one.sender4 for other in transfers)


def test_what_makes_a_credit_this_credit() -> None:
    context = bank.Context(OWN, "UZS", TASHKENT, SOON)
    [one] = bank.parse(credit("humo", 150_000, SOON, sender4="4321"), context)
    [other] = bank.parse(credit("humo", 150_000, SOON, sender4="4322"), context)
    [later] = bank.parse(credit("humo", 150_000, SOON + timedelta(minutes=1), sender4="4321"), context)
    assert len({store.fingerprint(found) for found in (one, other, later)}) == 3

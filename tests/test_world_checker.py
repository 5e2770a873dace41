"""The checker finds each kind of violation when it is planted: a check that cannot fail proves nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.db import Pool, transaction
from kit.message import Chat, Reply
from kit.outbox import put
from orders.order import cancel, confirm, get, place
from shop.catalogue import Product
from shop.search import Search
from shop.shops import Shop
from tests.orders_shop import make_shop, ready_cart
from tests.world.checker import Evidence, check_all
from tests.world.nemesis import Report
from tests.world.people import Intent, Tally
from tests.world.platforms import Event, Ledger, Said
from tests.world.shops import DELIVERY, WorldShop, card_of, shops_of

HOUSE = "Chilonzor 3-mavze, 3-uy"
CHAT, OWNER = "telegram:55", "telegram:9"
NOW = datetime.now(UTC)


class Scene:
    """A small finished world: one shopper, one order paid by a press, one answer said."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.one, self.two = shops_of(1, ("polling", "polling"))
        self.ledger, self.tally, self.report = Ledger(), Tally(), Report()
        self.evidence = Evidence(pool, (self.one, self.two), self.ledger, self.tally, self.report)
        self.number = 0

    async def furnish(self) -> Scene:
        """Everything as it should be."""
        for shop in (self.one, self.two):
            for goods in shop.goods:
                await self.sql(
                    "INSERT INTO products (shop_id, sku, title_uz, price, currency) VALUES ($1, $2, $3, $4, 'UZS')",
                    shop.id, goods.sku, goods.title, goods.price,
                )  # fmt: skip
                await self.sql(
                    "INSERT INTO stock (shop_id, sku, variant, available) VALUES ($1, $2, '', $3)",
                    shop.id, goods.sku, goods.stock,
                )  # fmt: skip
        self.event("70000:1", acked=True)
        await self.store("70000:1", 1)
        self.tally.intents[f"{self.one.id} {HOUSE}"] = Intent(HOUSE, self.one.id, CHAT, self.goods.sku, 2, placed=True)
        self.number = await self.order()
        self.tally.presses.append((self.one.id, OWNER, f"s:seen:{self.number}"))
        async with transaction(self.pool) as tx:
            await confirm(tx, self.one.id, self.number, actor=f"staff:{OWNER}", now=NOW)
        await self.say("salom", "1", "turn:telegram:55:70000:1:0")
        return self

    @property
    def goods(self) -> Any:
        """What is bought (it has no variants)."""
        return self.one.goods[0]

    def shop(self) -> Shop:
        """The first shop as the verbs want it."""
        products = tuple(Product(goods.sku, goods.title, goods.price, "UZS") for goods in self.one.goods)
        made = make_shop(
            products, delivery={"regions": [{"key": "city", "name": {"uz": "Toshkent shahri"}, "price": DELIVERY}]}
        )
        return Shop(self.one.id, made.profile, made.products, Search(products), 1, ("1234",))

    async def order(self, house: str = HOUSE) -> int:
        """A placed order."""
        shop = self.shop()
        async with transaction(self.pool) as tx:
            cart = ready_cart(shop, (self.goods.sku, "", 2), address=house)
            placed = await place(tx, shop, Chat.of(shop.id, CHAT), cart, actor=f"shopper:{CHAT}", now=NOW)
        return placed.number

    def event(self, event_id: str, *, acked: bool, ordered: bool = True) -> None:
        """A platform brought something."""
        self.ledger.arrived(Event(self.one.id, "telegram", event_id, CHAT, 0, time.time(), acked, ordered))

    async def store(self, event_id: str, seq: int, status: int = 1, error: str | None = None) -> None:
        """A row of the inbox."""
        await self.sql(
            """INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status, last_error, done_at)
               VALUES ($1, 'telegram', $2, $3, $4, 'message', '{}', $5, $6, now())""",
            self.one.id, event_id, CHAT, seq, status, error,
        )  # fmt: skip

    async def say(self, text: str, number: str, idem: str, *, status: int = 1, platform: bool = True) -> None:
        """A row of the outbox, and (`platform`) what the platform took."""
        async with transaction(self.pool) as tx:
            row = await put(tx, Chat.of(self.one.id, CHAT), Reply(text), idem=idem)
            await tx.execute(
                "UPDATE outbox SET status = $3, provider_id = $4 WHERE shop_id = $1 AND id = $2",
                self.one.id, row, status, number,
            )  # fmt: skip
        if platform:
            self.ledger.said.append(Said(self.one.id, CHAT, number, text, time.time()))

    async def sql(self, statement: str, *values: object) -> None:
        """Any statement."""
        await self.pool.execute(statement, *values)


Plant = Callable[[Scene], Awaitable[None]]


async def acked_and_lost(scene: Scene) -> None:
    scene.event("70000:2", acked=True)


async def nobody_brought_it(scene: Scene) -> None:
    await scene.store("70000:77", 9)


async def still_waits(scene: Scene) -> None:
    scene.event("70000:2", acked=True)
    await scene.store("70000:2", 2, status=0)


async def dead_without_reason(scene: Scene) -> None:
    scene.event("70000:2", acked=True)
    await scene.store("70000:2", 2, status=9)


async def took_an_hour(scene: Scene) -> None:
    await scene.sql("UPDATE inbox SET received_at = now() - interval '1 hour' WHERE event_id = '70000:1'")


async def ordered_twice(scene: Scene) -> None:
    await scene.order()


async def nobodys_order(scene: Scene) -> None:
    await scene.order("Sergeli 1-mavze, 1-uy")


async def order_vanished(scene: Scene) -> None:
    scene.tally.intents[f"{scene.one.id} Chilonzor 8-mavze, 8-uy"] = Intent("", scene.one.id, CHAT, "", 1, placed=True)


async def a_piece_too_many(scene: Scene) -> None:
    await scene.sql("UPDATE stock SET available = available + 1 WHERE sku = $1", scene.goods.sku)


async def another_price(scene: Scene) -> None:
    await scene.sql("UPDATE order_items SET price = price - 1000")


async def another_total(scene: Scene) -> None:
    await scene.sql("UPDATE orders SET total = total + 1")


async def money_from_nowhere(scene: Scene) -> None:
    await scene.sql("UPDATE orders SET paid = paid + 5000, to_transfer = to_transfer + 5000")


async def a_leap(scene: Scene) -> None:
    await scene.sql("UPDATE orders SET status = 'delivered'")


async def a_wrong_step(scene: Scene) -> None:
    await scene.sql("UPDATE audit SET data = '{\"was\": \"refunded\"}' WHERE verb = 'order.paid'")


async def expired_early(scene: Scene) -> None:
    number = await scene.order("Chilonzor 4-mavze, 4-uy")
    scene.tally.intents[f"{scene.one.id} Chilonzor 4-mavze, 4-uy"] = Intent("", scene.one.id, CHAT, "", 2)
    async with transaction(scene.pool) as tx:
        await cancel(tx, scene.one.id, number, actor="cron", now=NOW)
    await scene.sql("UPDATE orders SET status = 'expired' WHERE number = $1", number)
    await scene.sql("UPDATE audit SET verb = 'order.expired' WHERE verb = 'order.cancelled'")


async def paid_by_nobody(scene: Scene) -> None:
    scene.tally.presses.clear()


async def one_receipt_two_orders(scene: Scene) -> None:
    for number, sha in ((scene.number, "a"), (scene.number + 1, "b")):
        await scene.sql(
            "INSERT INTO receipts (shop_id, number, key, sha, media, pays) VALUES ($1, $2, $3, $4, 'x', $5)",
            scene.one.id, number, CHAT, sha, [number, number + 1],
        )  # fmt: skip


async def said_nothing(scene: Scene) -> None:
    await scene.say("qalaysiz", "2", "x:1", platform=False)


async def never_said(scene: Scene) -> None:
    await scene.say("qalaysiz", "", "x:1", status=0, platform=False)


async def said_twice(scene: Scene) -> None:
    scene.ledger.said.append(Said(scene.one.id, CHAT, "9", "salom", time.time()))


async def said_twice_by_two_senders(scene: Scene) -> None:
    """The answer was lost, and yet no sender missed it: two said it at once."""
    scene.ledger.said[-1].lost = True
    scene.ledger.said.append(Said(scene.one.id, CHAT, "9", "salom", time.time()))


async def said_twice_out_of_nothing(scene: Scene) -> None:
    await scene.sql("UPDATE outbox SET unsure = 1 WHERE payload ->> 'text' = 'salom'")
    scene.ledger.said.append(Said(scene.one.id, CHAT, "9", "salom", time.time()))


async def said_thrice_for_one_lost(scene: Scene) -> None:
    await scene.sql("UPDATE outbox SET unsure = 1 WHERE payload ->> 'text' = 'salom'")
    scene.ledger.said[-1].lost = True
    for number in ("9", "10"):
        scene.ledger.said.append(Said(scene.one.id, CHAT, number, "salom", time.time()))


async def answered_backwards(scene: Scene) -> None:
    for number in (2, 3):
        scene.event(f"70000:{number}", acked=True)
        await scene.store(f"70000:{number}", number)
    await scene.say("uch", "2", "turn:telegram:55:70000:3:0")
    await scene.say("ikki", "3", "turn:telegram:55:70000:2:0")


async def left_backwards(scene: Scene) -> None:
    await scene.say("bir", "5", "turn:telegram:55:70000:1:1")
    await scene.say("ikki", "4", "turn:telegram:55:70000:1:2")


async def stored_backwards(scene: Scene) -> None:
    for number in (2, 3):
        scene.event(f"70000:{number}", acked=True)
    await scene.store("70000:3", 2)
    await scene.store("70000:2", 3)


async def a_card_in_a_table(scene: Scene) -> None:
    card = card_of(random.Random(4))
    scene.tally.cards.add(card)
    await scene.sql("INSERT INTO audit (shop_id, actor, verb, about) VALUES ('x', 'y', 'z', $1)", f"karta {card}")


async def a_token_in_a_log(scene: Scene) -> None:
    path = Path(scene.evidence.files[0])
    path.write_text(f"GET /bot{scene.one.token}/getMe", encoding="utf-8")


async def told_of_the_neighbour(scene: Scene) -> None:
    await scene.say(f"{scene.two.goods[0].title} bor", "2", "x:1")


async def sold_the_neighbours(scene: Scene) -> None:
    await scene.sql("UPDATE order_items SET sku = $1", scene.two.goods[0].sku)


async def a_stranger_acted(scene: Scene) -> None:
    scene.tally.strangers.append((scene.one.id, OWNER))


PLANTED: list[tuple[str, Plant]] = [
    ("I1", acked_and_lost),
    ("I1", nobody_brought_it),
    ("I2", still_waits),
    ("I2", dead_without_reason),
    ("I2", took_an_hour),
    ("I3", ordered_twice),
    ("I3", nobodys_order),
    ("I3", order_vanished),
    ("I4", a_piece_too_many),
    ("I5", another_price),
    ("I5", another_total),
    ("I5", money_from_nowhere),
    ("I6", a_leap),
    ("I6", a_wrong_step),
    ("I6", expired_early),
    ("I7", paid_by_nobody),
    ("I8", one_receipt_two_orders),
    ("I9", said_nothing),
    ("I9", never_said),
    ("I9", said_twice),
    ("I9", said_twice_by_two_senders),
    ("I9", said_twice_out_of_nothing),
    ("I9", said_thrice_for_one_lost),
    ("I10", answered_backwards),
    ("I10", left_backwards),
    ("I10", stored_backwards),
    ("I11", a_card_in_a_table),
    ("I11", a_token_in_a_log),
    ("I12", told_of_the_neighbour),
    ("I12", sold_the_neighbours),
    ("I12", a_stranger_acted),
]


@pytest.fixture
async def scene(own_db: Pool, tmp_path: Path) -> Scene:
    """A sound little world with a log."""
    made = await Scene(own_db).furnish()
    log = tmp_path / "product.log"
    log.write_text("nothing to see")
    made.evidence.files = [log]
    return made


async def broken(scene: Scene) -> set[str]:
    """The invariants that the checker finds violated."""
    return {name.split()[0] for name, found in (await check_all(scene.evidence)).items() if found}


async def test_a_sound_world_violates_nothing(scene: Scene) -> None:
    assert {name: found for name, found in (await check_all(scene.evidence)).items() if found} == {}
    order = await get(scene.pool, scene.one.id, scene.number)
    assert order is not None and order.status == "paid"
    assert isinstance(scene.one, WorldShop)


@pytest.mark.parametrize("by_plan", [True, False], ids=["lost by the plan", "a stroke between"])
async def test_a_repeat_after_a_lost_answer_is_allowed(scene: Scene, by_plan: bool) -> None:
    await scene.sql("UPDATE outbox SET unsure = 1 WHERE payload ->> 'text' = 'salom'")
    scene.ledger.said[-1].lost = by_plan
    at = scene.ledger.said[-1].at
    if not by_plan:
        scene.evidence.report.windows.append((at + 6, at + 7, "worker"))
    scene.ledger.said.append(Said(scene.one.id, CHAT, "9", "salom", at + 9))
    assert await broken(scene) == set()
    assert scene.evidence.seen["I9 said twice"] == 1


@pytest.mark.parametrize(("invariant", "plant"), PLANTED, ids=[plant.__name__ for _, plant in PLANTED])
async def test_what_is_planted_is_found(scene: Scene, invariant: str, plant: Plant) -> None:
    await plant(scene)
    assert invariant in await broken(scene)

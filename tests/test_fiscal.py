"""Fiscal receipts: lines exact to the tiyin, sent with Payme and Click, noted once, reminded of once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cron import Tick
from bot.cron import fiscal as job
from kit.config import Config
from kit.db import Pool, Tx, transaction
from kit.errors import Misconfigured, Refused
from orders import fiscal
from orders.order import Item, Order, confirm
from orders.provider.payme import _detail
from shop.catalogue import Product
from shop.catalogue.rows import read_rows
from shop.catalogue.store import apply
from shop.shops import Shop
from tests.orders_shop import NOON, PRODUCTS, STAFF, fill_shop, make_shop, notices, order_of, said
from tests.pay_room import SECRET, SERVICE, TILLS, PayRoom, Single, new_id, pay_room
from tests.staff_room import Room

CODES = {"mxik": "06109001001000000", "package_code": "1514296", "unit_code": "796", "vat_percent": 12}
ON: dict[str, Any] = {"enabled": True, "tin": "310618348", "remind_minutes": 60}
LINK = "https://ofd.soliq.uz/check?t=EP000000000025&r=121&c=20261118120501&s=800031554082"


def fiscal_shop(*, codes: dict[str, Any] | None = None, **over: Any) -> Shop:
    """The shop with tax codes on its goods and fiscal receipts turned on."""
    goods = tuple(replace(one, fiscal=CODES if codes is None else codes) for one in PRODUCTS)
    return replace(make_shop(goods, **{"fiscal": ON} | over), tills=TILLS)


@pytest.fixture
async def room(db: Tx, config: Config) -> AsyncIterator[PayRoom]:
    async with pay_room(cast("Pool", Single(db)), config) as made:
        made.shop = made.shops.shop = fiscal_shop()
        yield made


# ---- the lines -------------------------------------------------------------------------------------------------------

_ITEMS = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 3_000_000)), min_size=1, max_size=5)


class TestLines:
    """What is registered is what is paid, to the tiyin."""

    @settings(max_examples=80, deadline=None)
    @given(_ITEMS, st.integers(0, 60_000), st.integers(1, 100), st.sampled_from([0, 12, 15]))
    def test_they_add_up_whatever_is_paid(self, goods: list[tuple[int, int]], way: int, percent: int, vat: int) -> None:
        product = Product("X", "Choynak", 1, "UZS", fiscal=CODES | {"vat_percent": vat})
        delivery = {"mxik": "10107002001000000", "package_code": "1209885"}
        shop = replace(make_shop((product,), fiscal=ON | {"delivery": delivery}), tills=TILLS)
        total = sum(qty * price for qty, price in goods)
        order = order_like(goods, total, way, "X")
        amount = max(1, (total + way) * percent // 100)
        lines = fiscal.lines(shop, order, amount)
        assert lines is not None and sum(line.total for line in lines) == amount * 100
        items = _detail(lines)["items"]
        assert sum(one["price"] * one["count"] for one in items) == amount * 100
        assert all(one["price"] > 0 and len(one["code"]) == 17 for one in items)
        click = [job.item(shop, line) for line in lines]
        assert sum(one["Price"] for one in click) == amount * 100
        assert all(len(one["Name"]) <= 63 and 0 <= one["VAT"] <= one["Price"] for one in click)

    def test_the_whole_sum_is_told_piece_by_piece(self) -> None:
        order = order_like([(2, 150000)], 300000, 0)
        (line,) = fiscal.lines(fiscal_shop(), order, 300000) or []
        assert (line.title, line.qty, line.total, line.vat) == ("Gulli choynak", 2, 30_000_000, 3_214_286)

    def test_without_codes_or_turned_off_there_is_nothing(self) -> None:
        order = order_like([(1, 150000)], 150000, 0)
        assert fiscal.lines(fiscal_shop(fiscal={"enabled": False}), order, 150000) is None
        for codes in ({}, {"mxik": "06109001", "package_code": "1"}, {"mxik": CODES["mxik"]}):
            shop = fiscal_shop(codes=codes)
            assert fiscal.lines(shop, order, 150000) is None and fiscal.lacking(shop, order) == ["Gulli choynak"]
        assert fiscal.lacking(fiscal_shop(), order_like([(1, 150000)], 150000, 20000)) == ["Yetkazib berish"]


def order_like(goods: list[tuple[int, int]], total: int, way: int, sku: str = "GUL") -> Order:
    """An order of the first product at these quantities and prices; the way paid now."""
    items = tuple(Item(sku, "", "Gulli choynak", qty, price) for qty, price in goods)
    values: dict[str, Any] = dict.fromkeys(Order.__dataclass_fields__, "")
    values |= {"shop_id": "atir", "number": 1, "total": total, "currency": "UZS", "items": items}
    return Order(**values | {"delivery": {"price": way, "paid_by": "now"}})


# ---- Payme -----------------------------------------------------------------------------------------------------------


class TestPayme:
    """The goods go with its question; the receipt comes by SetFiscalData."""

    async def test_its_question_is_answered_with_the_goods(self, room: PayRoom) -> None:
        await room.order(("GUL", "", 2))
        found = await room.check(30_000_000)
        assert found["allow"] is True and found["detail"] == {
            "receipt_type": 0,
            "items": [{
                "title": "Gulli choynak", "price": 15_000_000, "count": 2, "code": CODES["mxik"],
                "package_code": "1514296", "vat_percent": 12, "units": 796,
            }],
        }  # fmt: skip

    async def test_a_rest_is_a_prepayment_on_the_receipt(self, room: PayRoom) -> None:
        await room.order()
        await room.verb(confirm, amount=50000)
        (item,) = (await room.check(10_000_000))["detail"]["items"]
        assert (item["price"], item["count"]) == (10_000_000, 1) and "oldindan" in item["title"]

    async def test_the_receipt_is_noted_and_given_once(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        await room.payme("PerformTransaction", id=id_)
        data = {"receipt_id": 121, "status_code": 0, "message": "accepted", "terminal_id": "EP000000000025",
                "fiscal_sign": "800031554082", "qr_code_url": LINK, "date": "20261118120501"}  # fmt: skip
        for _ in range(2):
            assert await room.payme("SetFiscalData", id=id_, type="PERFORM", fiscal_data=data) == {"success": True}
        assert await fiscal.of_order(room.pool, "atir", 1) == [LINK]
        assert len([text for text in await said(room.pool) if LINK in text]) == 1
        refund = data | {"qr_code_url": f"{LINK}9"}
        assert await room.payme("SetFiscalData", id=id_, type="CANCEL", fiscal_data=refund) == {"success": True}
        assert await fiscal.of_order(room.pool, "atir", 1) == [LINK]

    async def test_what_failed_or_is_none_is_not_noted(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        failed = {"status_code": 3, "message": "OFD does not answer"}
        assert await room.payme("SetFiscalData", id=id_, type="PERFORM", fiscal_data=failed) == {"success": True}
        for wrong in (
            {"id": id_, "type": "PERFORM"}, {"id": id_, "type": "X", "fiscal_data": {}}, {"id": 5, "fiscal_data": {}},
            {"id": id_, "fiscal_data": {"qr_code_url": ["x"]}},
            {"id": id_, "fiscal_data": {"qr_code_url": "javascript:1"}},
        ):  # fmt: skip
            assert (await room.payme("SetFiscalData", **wrong))["code"] == -32600
        assert (await room.payme("SetFiscalData", id=new_id(), fiscal_data=failed))["code"] == -31003
        assert await fiscal.of_order(room.pool, "atir", 1) == []
        short = {"receipt_id": 7, "terminal_id": "EP1"}
        await room.payme("SetFiscalData", id=id_, fiscal_data=short)
        assert await fiscal.of_order(room.pool, "atir", 1) == ["EP1-7"]


# ---- Click -----------------------------------------------------------------------------------------------------------


class FakeClick:
    """Click's Merchant API for fiscal receipts; `broken`: how many calls fail first."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.receipts: dict[str, str] = {}
        self.broken = 0
        self.refuses = False

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        user, digest, at = request.headers["Auth"].split(":")
        assert user == "55" and digest == hashlib.sha1(f"{at}{SECRET}".encode()).hexdigest()
        assert request.url.host == "click.test"
        body = json.loads(request.content) if request.method == "POST" else None
        self.calls.append((f"{request.method} {request.url.path}", body))
        if self.broken:
            self.broken -= 1
            return httpx2.Response(502, text="<html>")
        if body is None:
            payment = request.url.path.rpartition("/")[2]
            return httpx2.Response(200, json={"paymentId": payment, "qrCodeURL": self.receipts.get(payment, "")})
        if not self.refuses:
            self.receipts[str(body["payment_id"])] = LINK
        return httpx2.Response(200, json={"error_code": -500 if self.refuses else 0, "error_note": ""})


@pytest.fixture
async def click(room: PayRoom, monkeypatch: pytest.MonkeyPatch) -> FakeClick:
    fake = FakeClick()
    monkeypatch.setattr(job, "make_client", lambda timeout_s: httpx2.AsyncClient(transport=httpx2.MockTransport(fake)))
    shop = room.config.shops["atir"]
    till = shop.click.model_copy(update={"merchant_user_id": "55", "api_url": "https://click.test/v2/merchant"})
    room.app.config = room.config.model_copy(update={"shops": {"atir": shop.model_copy(update={"click": till})}})
    await room.order()
    id_ = (await room.prepare(100200))["merchant_prepare_id"]
    await room.complete(100200, id_)
    return fake


async def look(room: PayRoom, **by: float) -> None:
    """Time passes and the job comes round."""
    await room.later(**by)
    await room.pool.execute(
        "INSERT INTO cron (name, every, epoch) VALUES ('fiscal', '1 min', 1) ON CONFLICT DO NOTHING"
    )
    await job.work(room.app, Tick("fiscal", 1, room.now, room.now))


class TestClick:
    """It is asked for the receipt, given the goods once, and asked again."""

    async def test_goods_are_given_once_and_the_link_is_noted(self, room: PayRoom, click: FakeClick) -> None:
        await look(room)
        assert [call for call, _ in click.calls] == [
            f"GET /v2/merchant/payment/ofd_data/{SERVICE}/100200", "POST /v2/merchant/payment/ofd_data/submit_items"
        ]  # fmt: skip
        assert click.calls[1][1] == {
            "service_id": int(SERVICE), "payment_id": 100200, "received_ecash": 0, "received_cash": 0,
            "received_card": 15_000_000,
            "items": [{
                "Name": "Gulli choynak dona", "SPIC": CODES["mxik"], "PackageCode": "1514296", "Units": 796,
                "Price": 15_000_000, "GoodPrice": 15_000_000, "Amount": 1, "VAT": 1_607_143, "VATPercent": 12,
                "CommissionInfo": {"TIN": "310618348"},
            }],
        }  # fmt: skip
        await look(room, minutes=1)
        assert len(click.calls) == 2  # not due yet
        await look(room, minutes=10)
        await look(room, minutes=300)
        assert len(click.calls) == 3 and await fiscal.of_order(room.pool, "atir", 1) == [LINK]
        assert [one["kind"] for one in await notices(room.pool)].count("fiscal_missing") == 0

    async def test_a_click_that_is_away_is_asked_again_and_then_a_person(self, room: PayRoom, click: FakeClick) -> None:
        click.broken, click.refuses = 2, True
        for _ in range(12):
            await look(room, hours=1)
        assert [call[:4] for call, _ in click.calls].count("POST") == 4 and len(click.calls) == 10
        assert await fiscal.of_order(room.pool, "atir", 1) == []
        assert [one["kind"] for one in await notices(room.pool)].count("fiscal_missing") == 1


# ---- people ----------------------------------------------------------------------------------------------------------


class TestReminder:
    """Once, after its time, and only where it is wanted."""

    async def test_staff_are_reminded_once(self, db: Tx) -> None:
        await fill_shop(db)
        shop = fiscal_shop(codes={})
        await order_of(db, shop)
        await order_of(db, shop)
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert await fiscal.remind(db, shop, NOON + timedelta(minutes=59)) == 0
        assert await fiscal.remind(db, fiscal_shop(fiscal={"enabled": False}), NOON + timedelta(minutes=61)) == 0
        assert await fiscal.remind(db, shop, NOON + timedelta(minutes=61)) == 1
        assert await fiscal.remind(db, shop, NOON + timedelta(minutes=62)) == 0
        told = [one for one in await notices(db) if one["kind"] == "fiscal_missing"]
        assert [(one["about"], one["facts"]) for one in told] == [("order:1", {"lacking": ["Gulli choynak"]})]

    async def test_not_of_what_has_one_or_was_refunded_or_is_long_past(self, db: Tx) -> None:
        await fill_shop(db)
        shop = fiscal_shop()
        for number in (1, 2):
            await order_of(db, shop)
            await confirm(db, "atir", number, actor=STAFF, now=NOON)
        assert await fiscal.record(db, shop, 1, "UZ123-77", actor=STAFF, now=NOON)
        assert await fiscal.remind(db, shop, NOON + timedelta(days=8)) == 0
        assert await fiscal.remind(db, shop, NOON + timedelta(days=1)) == 1


class TestStaff:
    """The command and the card."""

    async def test_a_receipt_is_noted_by_command(self, own_db: Pool, config: Config) -> None:
        room = await Room(own_db, config).furnish()
        room.shops.shop = fiscal_shop()
        async with transaction(own_db) as tx:
            await order_of(tx, room.shops.shop)
        assert "yoʻq" in (await room.say("/fiscal 1"))[-1].text
        assert "/fiscal 12" in (await room.say("/fiscal"))[-1].text
        assert "havolasi" in (await room.say("/fiscal 1 xx"))[-1].text
        assert "№9" in (await room.say(f"/fiscal 9 {LINK}"))[-1].text
        assert "yozib qoʻyildi" in (await room.say(f"/fiscal 1 {LINK}"))[0].text
        assert "avval yozilgan" in (await room.say(f"/fiscal 1 {LINK}"))[0].text
        assert LINK in (await room.say("/fiscal 1"))[-1].text
        assert LINK in (await room.say("/order 1"))[-1].text
        assert [text for text in await room.told() if LINK in text]

    async def test_the_reminder_is_a_card(self, own_db: Pool, config: Config) -> None:
        room = await Room(own_db, config).furnish()
        room.shops.shop = fiscal_shop(codes={})
        async with transaction(own_db) as tx:
            await order_of(tx, room.shops.shop)
            await confirm(tx, "atir", 1, actor=STAFF, now=NOON)
            await fiscal.remind(tx, room.shops.shop, NOON + timedelta(hours=2))
        card = next(one for one in await room.deliver_notices() if "/fiscal 1 " in one.text)
        assert "Gulli choynak" in card.text

    async def test_only_links_and_numbers_are_receipts(self, db: Tx) -> None:
        await fill_shop(db)
        shop = fiscal_shop()
        await order_of(db, shop)
        for wrong in ("", "abc", "http://x", "javascript:alert(1)", "https://", "a" * 400, "x y", "12"):
            with pytest.raises(Refused, match=r"pay\.fiscal_reference"):
                await fiscal.record(db, shop, 1, wrong, actor=STAFF, now=NOON)


# ---- catalog.csv and shop.yaml ---------------------------------------------------------------------------------------


class TestWritten:
    """Codes in the catalogue and in shop.yaml."""

    def read(self, folder: Path, *lines: str) -> Any:
        file = folder / "catalog.csv"
        file.write_text("\n".join(("sku,title_uz,price,mxik,package_code,unit_code,vat_percent", *lines)))
        return read_rows(file)

    def test_a_wrong_code_is_refused_with_its_column(self, tmp_path: Path) -> None:
        rows, refused = self.read(
            tmp_path,
            "A,Nom,1,06109001001000000,1514296,796,12%", "B,Nom,1,6109001001000000,,,", "C,Nom,1,6.10900E+15,,,",
            "D,Nom,1,061090010010000001,,,", "E,Nom,1,,12a,,", "F,Nom,1,,,dona,", "G,Nom,1,,,,twelve",
        )  # fmt: skip
        assert [row.product.fiscal for row in rows] == [
            CODES, {"mxik": "06109001001000000"}
        ]  # fmt: skip
        assert [(one.sku, one.column) for one in refused] == [
            ("C", "mxik"), ("D", "mxik"), ("E", "package_code"), ("F", "unit_code"), ("G", "vat_percent")
        ]  # fmt: skip
        assert "tasnif.soliq.uz" in refused[0].say("uz") and "6.10900E+15" in refused[0].say("ru")

    async def test_a_file_with_one_of_the_codes_leaves_the_others(self, db: Tx, tmp_path: Path) -> None:
        rows, _ = self.read(tmp_path, "A,Nom,1,06109001001000000,1514296,796,12")
        await apply(db, "atir", rows)
        file = tmp_path / "less.csv"
        file.write_text("sku,title_uz,price,vat_percent\nA,Nom,1,15\n")
        await apply(db, "atir", read_rows(file)[0])
        assert await db.fetchval("SELECT fiscal FROM products WHERE shop_id = 'atir'") == CODES | {"vat_percent": 15}

    @pytest.mark.parametrize(("wrong", "key"), [
        ({"tin": "123"}, "fiscal.tin"), ({"vat_percent": 120}, "fiscal.vat_percent"), ({"remind": 5}, "fiscal.remind"),
        ({"delivery": {"mxik": "12"}}, "fiscal.delivery.mxik"), ({"enabled": "maybe"}, "fiscal.enabled"),
    ])  # fmt: skip
    def test_a_wrong_key_is_one_line(self, wrong: dict[str, Any], key: str) -> None:
        with pytest.raises(Misconfigured, match=key) as said_:
            make_shop(fiscal=wrong)
        assert "\n" not in str(said_.value)

"""How a shop asks for money: card, links, bills, or all in one answer; and what staff do with a provider's word."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from cli.doctor import _tills
from kit import money
from kit.config import CardConfig, ClickConfig, Config, HttpConfig, PaymeConfig, ShopConfig, TelegramConfig
from kit.crypto import Box
from kit.db import Pool, Tx, transaction
from kit.errors import Misconfigured
from kit.media import Store
from kit.message import Chat
from orders import card, links, told
from orders.order import confirm
from orders.provider import settle, transactions
from shop import tills
from shop.shops import Shop, Shops
from tests.orders_shop import NOON, STAFF, fill_shop, make_shop, notices, order_of
from tests.pay_room import KEY, SECRET, TILLS, pay_shop
from tests.staff_room import Room, tokens

SHOP = pay_shop()
FOLDER = Path(__file__).parent / "shop"


def shop_of(*ways: str) -> Shop:
    """The shop with these ways alone."""
    payme, service = TILLS.payme if "payme" in ways else "", "41001" if "click" in ways else ""
    return replace(
        SHOP, tills=replace(TILLS, ways=ways, payme=payme, click_service=service, invoices="telegram" in ways)
    )


class TestAsked:
    """One reply with everything in it."""

    async def test_card_and_links_together(self, db: Tx, tmp_path: Path) -> None:
        await fill_shop(db)
        box = Box(tmp_path / "key")
        await card.adopt(db, box, "atir", [CardConfig(number=SecretStr("8600123412341234"))], SHOP.profile)
        order = await order_of(db, SHOP)
        asked, bill = await links.ask(db, SHOP, order, "uz")
        copy, payme, click = asked.buttons[2][0], asked.buttons[0][0], asked.buttons[1][0]
        assert "150\u00a0000" in asked.text and "{CARD:" in asked.text and copy.copy
        filled = await card.fill(db, box, "atir", asked)
        assert filled.buttons[2][0].copy == "8600123412341234" and filled.buttons[0] == asked.buttons[0]
        assert payme.url.startswith("https://checkout.paycom.uz/")
        said = base64.b64decode(payme.url.rpartition("/")[2]).decode()
        assert said == f"m={TILLS.payme};ac.order_id=1;a=15000000;l=uz"
        parts = urlsplit(click.url)
        assert (parts.netloc, parts.path) == ("my.click.uz", "/services/pay")
        assert parse_qs(parts.query) == {
            "service_id": ["41001"], "merchant_id": ["777"], "amount": ["150000.00"], "transaction_param": ["1"]
        }  # fmt: skip
        assert bill.invoice is not None
        assert (bill.invoice.amount, bill.invoice.payload) == (150000, "order:1")

    async def test_only_what_is_still_owed_is_asked_for(self, db: Tx) -> None:
        await fill_shop(db)
        await order_of(db, SHOP)
        part = await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=60000)
        assert base64.b64decode(links.payme(TILLS, part, "ru").rpartition("/")[2]).decode().endswith("a=9000000;l=ru")
        assert "amount=90000.00" in links.click(TILLS, part, "ru")
        paid = await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert links.buttons(SHOP, paid, "uz") == () and links.invoice(SHOP, paid, "uz") is None

    async def test_links_alone_need_no_card_and_staff_are_not_asked_for_one(self, db: Tx) -> None:
        await fill_shop(db)
        shop = shop_of("click")
        order = await order_of(db, shop)
        (asked,) = await links.ask(db, shop, order, "ru")
        assert "чек присылать не нужно" in asked.text and [len(row) for row in asked.buttons] == [1]
        assert "card_missing" not in [one["kind"] for one in await notices(db)]

    async def test_a_card_that_is_not_there_yet_does_not_hold_the_links_back(self, db: Tx) -> None:
        await fill_shop(db)
        order = await order_of(db, SHOP)
        asked, _ = await links.ask(db, SHOP, order, "uz")
        assert "Pastdagi tugmani" in asked.text
        assert "card_missing" in [one["kind"] for one in await notices(db)]

    async def test_a_bill_is_for_its_own_messenger(self, db: Tx) -> None:
        await fill_shop(db)
        shop = shop_of("telegram")
        here = await order_of(db, shop)
        (bill,) = await links.ask(db, shop, here, "uz")
        assert bill.invoice is not None
        there = await order_of(db, shop, chat=Chat("atir", "instagram", "9"))
        (asked,) = await links.ask(db, shop, there, "uz")
        assert asked.invoice is None and "xodim" in asked.text  # the card comes soon: staff were asked for it
        assert [one["about"] for one in await notices(db) if one["kind"] == "card_missing"] == ["order:2"]

    async def test_the_reminder_carries_the_links(self, db: Tx) -> None:
        await fill_shop(db)
        order = await order_of(db, SHOP)
        assert [row[0].label for row in told.reminder(SHOP, order, "en").buttons] == [
            "Pay with Payme", "Pay with Click"
        ]  # fmt: skip

    async def test_another_currency_has_no_links(self, db: Tx) -> None:
        await fill_shop(db)
        order = replace(await order_of(db, SHOP), currency="USD")
        assert links.payme(TILLS, order, "uz") == links.click(TILLS, order, "uz") == ""


@pytest.mark.parametrize(("amount", "currency", "total"), [
    (150000, "UZS", 15_000_000), (1999, "USD", 1999), (5000, "KRW", 5000), (700, "KZT", 70_000),
])  # fmt: skip
def test_sums_as_providers_count_them(amount: int, currency: str, total: int) -> None:
    assert money.to_minor(amount, currency) == total and money.from_minor(total, currency) == amount
    assert currency in ("USD", "KRW") or money.from_minor(total + 1, currency) is None


class TestConfigured:
    """What shop.yaml offers must have its keys."""

    def test_a_way_without_keys_is_one_line_with_the_mend(self) -> None:
        bare = ShopConfig(folder=FOLDER)
        for way, wanted in (
            ("payme", "merchant_id and key"), ("click", "service_id, merchant_id and secret"), ("telegram", "token")
        ):  # fmt: skip
            profile = make_shop(payment={"methods": ["card", way]}).profile
            with pytest.raises(Misconfigured, match=rf"^shops\.atir\.{way}.*{wanted}.*take {way} out of") as wrong:
                tills.of("atir", profile, bare)
            assert "\n" not in str(wrong.value)

    def test_an_unknown_way_names_the_key(self) -> None:
        with pytest.raises(Misconfigured, match=r"payment\.methods\[1\].*'payme'.*uzum"):
            make_shop(payment={"methods": ["card", "uzum"]})
        with pytest.raises(Misconfigured, match=r"payment\.methods: name at least one"):
            make_shop(payment={"methods": []})

    def test_keys_come_from_the_environment_and_are_never_shown(self, tmp_path: Path) -> None:
        (tmp_path / "config.yaml").write_text(f"shops: {{lola: {{folder: {FOLDER}}}}}")
        (tmp_path / "key").write_text(f"{KEY}\n")
        environ = {
            "SOTUV_SHOPS__LOLA__PAYME__KEY_FILE": str(tmp_path / "key"),
            "SOTUV_SHOPS__LOLA__PAYME__MERCHANT_ID": "abc1",
            "SOTUV_SHOPS__LOLA__CLICK__SERVICE_ID": "123",
            "SOTUV_SHOPS__LOLA__CLICK__SECRET": SECRET,
            "SOTUV_SHOPS__LOLA__TELEGRAM__PAYMENT_TOKEN": "1:TEST:2",
        }
        config = Config.load(tmp_path / "config.yaml", environ)
        shop = config.shops["lola"]
        assert shop.payme.key.get_secret_value() == KEY and shop.click.secret.get_secret_value() == SECRET
        assert KEY not in repr(config) and SECRET not in repr(config) and "1:TEST:2" not in repr(config)

    async def test_keys_given_to_a_running_product_open_the_way(self, own_db: Pool, tmp_path: Path) -> None:
        folder = tmp_path / "shop"
        folder.mkdir()
        (folder / "shop.yaml").write_text('shop: {name: "A"}\npayment: {methods: [card, click]}\n')
        keys = ClickConfig(service_id="5", merchant_id="6", secret=SecretStr("s"))
        bare = Config(data_dir=tmp_path, shops={"atir": ShopConfig(folder=folder)})
        full = bare.model_copy(update={"shops": {"atir": ShopConfig(folder=folder, click=keys)}})
        shops = Shops(own_db, bare, Store(tmp_path / "media"))
        with pytest.raises(Misconfigured, match="click: set service_id"):
            await shops.get("atir")
        shops.configure(full)
        assert (await shops.get("atir")).tills.click_service == "5"
        shops.configure(bare)
        assert (await shops.get("atir")).tills.click_service == "5"  # the last good one goes on

    def test_doctor_names_the_address_or_what_is_missing(self, config: Config) -> None:
        shop = ShopConfig(
            folder=FOLDER,
            payme=PaymeConfig(merchant_id="m1", key=SecretStr("k")),
            click=ClickConfig(service_id="5", merchant_id="6", secret=SecretStr("s")),
            telegram=TelegramConfig(payment_token=SecretStr("1:TEST:2")),
        )
        bare = config.model_copy(update={"shops": {"lola": shop}})
        assert [(check.check, check.ok) for check in _tills(bare, "lola")] == [
            ("payme lola", False), ("click lola", False), ("bills lola", None)
        ]  # fmt: skip
        open_ = bare.model_copy(update={"http": HttpConfig(public_url="https://lola.example")})
        assert "https://lola.example/pay/lola/payme" in next(iter(_tills(open_, "lola"))).says

    def test_only_what_is_offered_gets_a_link(self) -> None:
        full = ShopConfig(
            folder=FOLDER,
            payme=PaymeConfig(merchant_id="m1", key=SecretStr("k"), test=True),
            click=ClickConfig(service_id=5, merchant_id=6, secret=SecretStr("s")),  # type: ignore[arg-type]
            telegram=TelegramConfig(payment_token=SecretStr("1:TEST:2")),
        )
        found = tills.of("atir", make_shop(payment={"methods": ["payme"]}).profile, full)
        assert (found.payme, found.payme_test, found.click_service, found.invoices, found.card) == (
            "m1", True, "", False, False
        )  # fmt: skip


class TestStaff:
    """Cards and presses."""

    @pytest.fixture
    async def room(self, own_db: Pool, config: Config) -> Room:
        made = await Room(own_db, config).furnish()
        made.shops.shop = SHOP
        async with transaction(own_db) as tx:
            await order_of(tx, SHOP)
        await made.deliver_notices()
        return made

    async def paid(self, room: Room, provider: str = "payme") -> transactions.Transaction:
        async with transaction(room.pool) as tx:
            order = await settle.lock(tx, "atir", 1)
            it = await transactions.record(tx, order, provider, "x1", 150000, NOON)
            assert it is not None
            await settle.came_anyway(tx, SHOP, it, NOON)
        return it

    async def test_a_payment_comes_as_the_orders_next_card_and_renews_the_old_ones(self, room: Room) -> None:
        old = await room.card_id("order:1")
        await self.paid(room)
        cards = await room.deliver_notices()
        new = next(one for one in cards if not one.edit)
        assert "Payme" in new.text and "150\u00a0000" in new.text and "s:ship:1" in tokens(new)
        edited = next(one for one in cards if one.edit == old)
        assert "s:seen:1" not in tokens(edited) and "s:ship:1" in tokens(edited)

    @pytest.mark.parametrize(("press", "status"), [("pcount", "paid"), ("pback", "cancelled")])
    async def test_unplaced_money_has_two_ways_out(self, room: Room, press: str, status: str) -> None:
        await room.press("s:cancel2:1")
        it = await self.paid(room, "click")
        stray = next(one for one in await room.deliver_notices() if "s:pcount" in str(tokens(one)))
        assert "Click" in stray.text and tokens(stray) == [f"s:pcount:{it.id}", f"s:pback:{it.id}"]
        await room.press(f"s:{press}:{it.id}")
        assert await room.pool.fetchval("SELECT status FROM orders WHERE shop_id = 'atir' AND number = 1") == status
        again = await room.press(f"s:pcount:{it.id}")
        assert "qaror qilingan" in again[-1].toast
        assert "eskirgan" in (await room.press("s:pcount:x"))[-1].toast

    async def test_a_refund_says_in_whose_cabinet(self, room: Room) -> None:
        await self.paid(room)
        await room.press("s:cancel2:1")
        due = next(one for one in await room.deliver_notices() if "s:askcard:1" in tokens(one))
        assert "Payme kabinetidan" in due.text

"""A shop that takes money through Payme, Click and invoices: its doors in an app of its own, and how providers call."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
from pydantic import SecretStr

from bot import web
from kit.config import ClickConfig, Config, PaymeConfig, ShopConfig, TelegramConfig
from kit.db import Pool, Tx, transaction
from kit.message import Chat
from orders.order import Order, get
from shop.shops import Shop
from shop.tills import Tills
from tests.orders_shop import CHAT, NOON, OneShop, fill_shop, make_shop, order_of
from tests.queueing import app_of

KEY, SECRET = "payme-key-7Qx", "click-secret-9Zt"
SERVICE = "41001"
TILLS = Tills(
    ("card", "payme", "click", "telegram"), "5e730e8e0b852a417aa49ceb", "order_id", False, SERVICE, "777", True
)
HOUR_MS = 3_600_000
METHODS = (
    *("CheckPerformTransaction", "CreateTransaction", "PerformTransaction", "CancelTransaction", "CheckTransaction"),
    *("GetStatement", "SetFiscalData", "ChangePassword"),
)
_ids = itertools.count(1)


def pay_shop(**over: Any) -> Shop:
    """The shop of `tests.orders_shop`, with tills."""
    return replace(make_shop(**over), tills=TILLS)


class _AnyShop(OneShop):
    """The same shop under every id: which doors are open is the settings' to say."""

    async def get(self, shop_id: str) -> Shop:
        return self.shop


class Single:
    """One connection that stands for a pool, so that a test's writes are rolled back: 5 ms instead of 100."""

    def __init__(self, connection: Tx) -> None:
        self.connection = connection
        self.free = asyncio.Lock()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Tx]:
        async with self.free:
            yield self.connection

    def __getattr__(self, name: str) -> Any:
        async def run(*args: Any) -> Any:
            async with self.free:
                return await getattr(self.connection, name)(*args)

        return run


def ms(moment: datetime) -> int:
    """A time as Payme writes it."""
    return int(moment.timestamp() * 1000)


def new_id() -> str:
    """A transaction of Payme's."""
    return f"{next(_ids):024x}"


class PayRoom:
    """`payme` and `click` call the doors as the vendors do; `now` is the time of the product."""

    def __init__(self, pool: Pool, config: Config, shop: Shop) -> None:
        self.pool, self.shop, self.now = pool, shop, NOON
        folder = next(iter(config.shops.values())).folder
        settings = ShopConfig(
            folder=folder,
            payme=PaymeConfig(merchant_id=TILLS.payme, key=SecretStr(KEY)),
            click=ClickConfig(service_id=SERVICE, merchant_id="777", secret=SecretStr(SECRET)),
            telegram=TelegramConfig(token=SecretStr("111:abcdef"), payment_token=SecretStr("398:TEST:1")),
        )
        others = {"atir": settings, "bare": ShopConfig(folder=folder)}
        self.config = config.model_copy(update={"shops": others})
        self.shops = _AnyShop(shop)
        self.app = app_of(pool, self.config, shops=self.shops)
        self.app.clock = lambda: self.now
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(web.create(self.app)), base_url="http://door")

    # ---- orders ----

    async def order(self, *goods: tuple[str, str, int], chat: Chat = CHAT) -> Order:
        """A placed order; 150 000 so'm without `goods`."""
        async with transaction(self.pool) as tx:
            return await order_of(tx, self.shop, *goods, chat=chat, now=self.now)

    async def get(self, number: int = 1) -> Order:
        """The order as it is."""
        found = await get(self.pool, "atir", number)
        assert found is not None
        return found

    async def verb(self, verb: Any, number: int = 1, **over: Any) -> Order:
        """A verb of `orders.order`, by staff."""
        async with transaction(self.pool) as tx:
            done: Order = await verb(tx, "atir", number, **{"actor": "staff:telegram:7", "now": self.now} | over)
            return done

    async def payments(self, number: int = 1) -> list[int]:
        """The sums that were counted for an order."""
        rows = await self.pool.fetch(
            "SELECT amount FROM payments WHERE shop_id = 'atir' AND number = $1 ORDER BY id", number
        )
        return [row["amount"] for row in rows]

    async def later(self, **by: float) -> None:
        """Time passes."""
        self.now += timedelta(**by)

    # ---- Payme ----

    async def rpc(
        self, method: str, params: Any, *, key: str = KEY, id_: Any = 7, shop: str = "atir"
    ) -> dict[str, Any]:
        """A call of Payme's: the whole answer."""
        word = base64.b64encode(f"Paycom:{key}".encode()).decode()
        answer = await self.http.post(
            f"/pay/{shop}/payme",
            json={"jsonrpc": "2.0", "id": id_, "method": method, "params": params},
            headers={"Authorization": f"Basic {word}"},
        )
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        assert body["id"] == id_
        return body

    async def payme(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a call, or `{"code": n, ...}` of its error."""
        if method == "GetStatement":
            params = {"from": params["since"], "to": params["until"]}
        body = await self.rpc(method, params)
        assert ("result" in body) != ("error" in body)
        found: dict[str, Any] = body.get("result") or body["error"]
        if "error" in body:
            assert set(found["message"]) == {"ru", "uz", "en"} and all(found["message"].values())
        return found

    async def create(self, id_: str, amount: int = 15_000_000, number: Any = 1, **over: Any) -> dict[str, Any]:
        """CreateTransaction of `amount` tiyin."""
        params = {"id": id_, "time": ms(self.now), "amount": amount, "account": {"order_id": str(number)}} | over
        return await self.payme("CreateTransaction", **params)

    async def check(self, amount: Any = 15_000_000, number: Any = 1) -> dict[str, Any]:
        """CheckPerformTransaction."""
        return await self.payme("CheckPerformTransaction", amount=amount, account={"order_id": number})

    # ---- Click ----

    async def form(self, fields: dict[str, Any], *, shop: str = "atir") -> dict[str, Any]:
        """A call of Click's as it stands."""
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.http.post(f"/pay/{shop}/click", content=urlencode(fields), headers=head)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def signed(self, action: int, trans: int, *, secret: str = SECRET, **over: Any) -> dict[str, Any]:
        """The fields of a Prepare (0) or a Complete (1), signed."""
        fields: dict[str, Any] = {
            "click_trans_id": trans,
            "service_id": SERVICE,
            "click_paydoc_id": trans + 1,
            "merchant_trans_id": "1",
            "amount": "150000.00",
            "action": action,
            "error": 0,
            "error_note": "Success",
            "sign_time": "2026-11-18 12:00:00",
        } | over
        prepared = str(fields.get("merchant_prepare_id", "")) if action == 1 else ""
        text = f"{trans}{fields['service_id']}{secret}{fields['merchant_trans_id']}{prepared}"
        text += f"{fields['amount']}{action}{fields['sign_time']}"
        return fields | {"sign_string": hashlib.md5(text.encode()).hexdigest()}

    async def prepare(self, trans: int, **over: Any) -> dict[str, Any]:
        """Prepare."""
        return await self.form(self.signed(0, trans, **over))

    async def complete(self, trans: int, prepare_id: Any, **over: Any) -> dict[str, Any]:
        """Complete."""
        return await self.form(self.signed(1, trans, merchant_prepare_id=prepare_id, **over))


@asynccontextmanager
async def pay_room(pool: Pool, config: Config, **over: Any) -> AsyncIterator[PayRoom]:
    """The shop with its goods. `pool`: `Single(db)`, or `own_db` where calls race."""
    await fill_shop(pool)
    room = PayRoom(pool, config, pay_shop(**over))
    async with room.http:
        yield room

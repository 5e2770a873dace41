"""An import changes what the file says, once, beside orders that hold pieces."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit import db
from kit.errors import Refused
from kit.media import Store
from shop import catalogue
from shop.catalogue import ImportResult, apply, availability, read_rows, set_stock, sold_out
from shop.catalogue.photos import keep

SHOP = Path(__file__).parent / "shop" / "catalog.csv"


async def load(tx: db.Tx, path: Path, text: str | None = None, shop_id: str = "lola") -> ImportResult:
    if text is not None:
        path = path / "c.csv"
        path.write_text("sku,title_uz,price,sizes,colors,stock\n" + text)
    rows, _ = read_rows(path)
    return await apply(tx, shop_id, rows)


async def order(tx: db.Tx, number: int, sku: str, variant: str, qty: int, status: str, holds: bool = True) -> None:
    await tx.execute(
        """INSERT INTO orders (shop_id, number, status, key, channel, shopper, total, currency, holds_stock)
           VALUES ('lola', $1, $2, 'telegram:5', 'telegram', '5', 1, 'UZS', $3)""",
        number,
        status,
        holds,
    )
    await tx.execute(
        """INSERT INTO order_items (shop_id, number, line, sku, variant, title, qty, price)
           VALUES ('lola', $1, 1, $2, $3, 'x', $4, 1)""",
        number,
        sku,
        variant,
        qty,
    )


async def version(tx: db.Tx) -> int | None:
    return await tx.fetchval("SELECT version FROM profiles WHERE shop_id = 'lola'")


async def test_the_same_file_again_changes_nothing(db: db.Tx) -> None:
    first = await load(db, SHOP)
    assert (len(first.added), first.updated, first.unchanged) == (62, [], 0)
    before = await version(db)
    again = await load(db, SHOP)
    assert (again.added, again.updated, again.unchanged, again.to_index) == ([], [], 62, [])
    assert await version(db) == before
    left = await availability(db, "lola", "LS-101")
    assert left["S/oq"] == 5 and left["XXL/oq"] == 0 and len(left) == 15


async def test_products_missing_from_the_file_stay_and_columns_missing_keep_their_values(
    db: db.Tx, tmp_path: Path
) -> None:
    await load(db, tmp_path, "A,Bir,100,S;M,qora,S=1;M=2\nB,Ikki,200,,,5\n")
    before = await version(db)
    (tmp_path / "prices.csv").write_text("sku,title_uz,price\nA,Bir,150\n")
    result = await load(db, tmp_path / "prices.csv")
    assert (result.updated, result.added) == (["A"], [])
    products = await catalogue.load(db, "lola")
    assert (products["A"].price, products["A"].sizes, products["B"].price) == (150, ("S", "M"), 200)
    assert await availability(db, "lola", "A") == {"S/qora": 1, "M/qora": 2}
    assert await version(db) == (before or 0) + 1


async def test_stock_is_the_shelf_less_what_orders_hold(db: db.Tx, tmp_path: Path) -> None:
    text = "A,Bir,100,S;M,,S=5;M=5\nP,Hovuz,100,S;M,,10\n"
    await load(db, tmp_path, text)
    held = ("awaiting_payment", "claimed", "payment_problem", "confirmed", "paid", "packed")
    for number, status in enumerate(held, 1):
        await order(db, number, "P", "S" if number % 2 else "M", 1, status)
    for number, status in enumerate(("shipped", "delivered", "cancelled", "expired"), 10):
        await order(db, number, "P", "S", 1, status)
    await order(db, 20, "A", "S", 3, "paid")
    await order(db, 21, "A", "M", 9, "confirmed")
    await order(db, 22, "A", "S", 1, "paid", holds=False)
    await load(db, tmp_path, text)
    assert await availability(db, "lola", "A") == {"S": 2, "M": 0}
    assert await availability(db, "lola", "P") == {"S": 4, "M": 4}
    again = await load(db, tmp_path, text)
    assert again.updated == []


async def test_what_is_promised_stays_promised_when_a_colour_is_spelled_anew(db: db.Tx, tmp_path: Path) -> None:
    await load(db, tmp_path, "A,Bir,100,S;M,ko'k,S/ko'k=5;M/ko'k=5\n")
    await order(db, 1, "A", "S/ko'k", 3, "paid")
    await load(db, tmp_path, "A,Bir,100,S;M,koʻk,S/ko'k=5;M/koʼk=5\n")  # any apostrophe names the same variant
    assert await availability(db, "lola", "A") == {"S/koʻk": 2, "M/koʻk": 5}


async def test_every_form_of_stock_reads_back(db: db.Tx, tmp_path: Path) -> None:
    await load(
        db, tmp_path, "N,Son,1,,,7\nI,Bor,1,,qora;oq,bor\nO,Yoq,1,,,out\nU,Nomalum,1,S,,\nV,Qisman,1,S;M,,S=bor\n"
    )
    kinds = {sku: await availability(db, "lola", sku) for sku in "NIOUV"}
    assert (kinds["N"], kinds["N"].unknown) == ({"": 7}, frozenset())
    assert (kinds["I"], kinds["I"].unknown) == ({"qora": None, "oq": None}, frozenset())
    assert kinds["O"] == {"": 0}
    assert (kinds["U"], kinds["U"].unknown) == ({"S": None}, {"S"})
    assert kinds["V"] == {"S": None, "M": 0}
    assert kinds["I"].enough("oq", 99) is True
    assert kinds["U"].enough("S") is None
    assert kinds["N"].enough("", 8) is False
    assert await availability(db, "lola", "none") == {}


async def test_a_file_without_a_stock_column_leaves_new_products_uncounted(db: db.Tx, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sku,title_uz,price\nA,Bir,150\n")
    await load(db, tmp_path / "c.csv")
    assert (await availability(db, "lola", "A")).unknown == {""}


async def test_pool_and_variants_turn_into_each_other(db: db.Tx, tmp_path: Path) -> None:
    await load(db, tmp_path, "A,Bir,1,S;M,,6\n")
    await set_stock(db, "lola", "A", "S", 2)
    assert await availability(db, "lola", "A") == {"S": 2, "M": 6}
    await load(db, tmp_path, "A,Bir,1,S;M,,6\n")
    assert await db.fetchval("SELECT count(*) FROM stock WHERE shop_id = 'lola'") == 1
    await sold_out(db, "lola", "A")
    assert await availability(db, "lola", "A") == {"S": 0, "M": 0}
    await set_stock(db, "lola", "A", None, "in")
    await order(db, 1, "A", "M", 2, "paid")
    await set_stock(db, "lola", "A", "M", 5)
    assert await availability(db, "lola", "A") == {"S": None, "M": 3}
    for sku, variant, value in (("Z", None, 1), ("A", "XL", 1), ("A", None, -1), ("A", None, "perhaps")):
        with pytest.raises(Refused):
            await set_stock(db, "lola", sku, variant, value)


async def test_shops_do_not_see_each_other(db: db.Tx, tmp_path: Path) -> None:
    await load(db, tmp_path, "A,Bir,1,,,6\n")
    await load(db, tmp_path, "A,Boshqa,2,,,9\n", shop_id="other")
    assert (await catalogue.load(db, "lola"))["A"].title("uz") == "Bir"
    assert await availability(db, "lola", "A") == {"": 6}


async def test_an_import_beside_orders_never_promises_a_piece_twice(own_db: db.Pool, tmp_path: Path) -> None:
    """20 shoppers take one piece each while the owner imports the file over and over: 10 on the shelf, 10 orders."""
    async with db.transaction(own_db) as tx:
        await load(tx, tmp_path, "A,Bir,1,,,10\n")

    async def buy(number: int) -> bool:
        async with db.transaction(own_db) as tx:
            took = await tx.execute(
                "UPDATE stock SET available = available - 1 WHERE shop_id = 'lola' AND sku = 'A' AND available >= 1"
            )
            if took == "UPDATE 1":
                await order(tx, number, "A", "", 1, "awaiting_payment")
            return took == "UPDATE 1"

    async def restock() -> bool:
        async with db.transaction(own_db) as tx:
            rows, _ = read_rows(tmp_path / "c.csv")
            await apply(tx, "lola", rows)
        return False

    jobs = [buy(number) if number % 4 else restock() for number in range(1, 27)]
    assert sum(await asyncio.gather(*jobs)) == 10
    async with db.transaction(own_db) as tx:
        assert await availability(tx, "lola", "A") == {"": 0}


async def test_pictures_lose_everything_but_pixels_and_a_missing_one_is_a_warning(db: db.Tx, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (folder / "photos").mkdir(parents=True)
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "photos" / "a.jpg", exif=exif)
    Image.fromarray(255 - pixels).save(folder / "b.png")
    (folder / "photos" / "bad.jpg").write_bytes(b"no picture")
    (tmp_path / "secret.jpg").write_bytes(b"outside")
    (folder / "catalog.csv").write_text(
        "sku,title_uz,price,photo\nA,Bir,1,a.jpg;b.png\nB,Ikki,1,yoq.jpg\nC,Uch,1,bad.jpg\nD,T,1,../secret.jpg\n"
    )
    rows, _ = read_rows(folder / "catalog.csv")
    store = Store(tmp_path / "media")
    pictures = keep(store, folder, rows)
    assert [(miss.sku, miss.key) for miss in pictures.missing] == [
        ("B", "shop.photo_missing"),
        ("C", "picture.not_a_picture"),
        ("D", "shop.photo_missing"),
    ]
    assert all(miss.say("ru") for miss in pictures.missing)
    assert len(pictures.stored["A"]) == 2
    assert all(b"SECRETPHONE" not in store.read(name) for name in pictures.stored["A"])
    result = await apply(db, "lola", rows, photos=pictures.stored)
    assert result.to_index == [("A", name) for name in pictures.stored["A"]]
    again = await apply(db, "lola", rows, photos=keep(store, folder, rows).stored)
    assert (again.to_index, again.unchanged) == ([], 4)
    shutil.rmtree(folder / "photos")
    kept = await apply(db, "lola", rows, photos=keep(store, folder, rows).stored)
    assert kept.to_index == []
    assert len((await catalogue.load(db, "lola"))["A"].photos) == 1  # b.png is still there


async def test_a_hidden_product_stays_hidden(db: db.Tx, tmp_path: Path) -> None:
    await load(db, tmp_path, "A,Bir,1,,,6\n")
    await db.execute("UPDATE products SET active = false WHERE shop_id = 'lola'")
    await load(db, tmp_path, "A,Bir,2,,,6\n")
    assert await catalogue.load(db, "lola") == {}
    hidden = await catalogue.get(db, "lola", "A")
    assert hidden is not None and hidden.price == 2


@pytest.mark.slow
async def test_a_large_catalogue_imports_in_seconds(own_db: db.Pool, tmp_path: Path) -> None:
    lines = "".join(f"N-{n},Mahsulot {n},{1000 + n},S;M;L,qora;oq,S/qora=1;M/oq=2;L/oq=3\n" for n in range(5000))
    async with db.transaction(own_db) as tx:
        result = await load(tx, tmp_path, lines)
    assert len(result.added) == 5000
    async with db.transaction(own_db) as tx:
        again = await load(tx, tmp_path, lines)
    assert again.unchanged == 5000

"""A shop of very many photos is searched through an index of its own, and answers as an exact scan does."""

from __future__ import annotations

from typing import cast

import asyncpg
import numpy as np
import pytest

from kit.db import Pool
from vision import index_large
from vision.index import BUILTIN, Entry, Found, PgVector

DIM, COUNT = 16, 60


@pytest.fixture
async def index(own_db: Pool) -> PgVector:
    made, rs = PgVector(own_db), np.random.RandomState(1)
    for shop_id in ("lola", "other"):
        vectors = rs.standard_normal((COUNT, DIM)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        await own_db.executemany(
            """INSERT INTO products (shop_id, sku, title_uz, price, currency, photos)
               VALUES ($1, $2, 'x', 1, 'UZS', $3)""",
            [(shop_id, f"{i}", [f"{i}.jpg"]) for i in range(COUNT)],
        )
        entries = [Entry(f"{i}", f"{i}.jpg", one, b"f") for i, one in enumerate(vectors)]
        await made.put(shop_id, BUILTIN, entries)
        await made.put(shop_id, BUILTIN, [Entry("damaged", "x.jpg", np.zeros(1, np.float32), None)])
    return made


async def asked(index: PgVector, shop_id: str = "lola") -> list[Found]:
    question = np.ones(DIM, np.float32) / DIM**0.5
    return await index.search(shop_id, BUILTIN, [question], 5)


@pytest.fixture
def forty_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of its own from forty photos on, and until thirty."""
    monkeypatch.setattr(index_large, "LARGE", 40)
    monkeypatch.setattr(index_large, "SMALL", 30)


async def test_a_small_shop_has_no_index(index: PgVector, own_db: Pool) -> None:
    assert await index.settle("lola", BUILTIN) and not await index_large.ready(own_db, "lola", BUILTIN)


async def test_a_large_shop_gets_an_index_and_a_shrunken_one_loses_it(
    index: PgVector, own_db: Pool, forty_are_many: None
) -> None:
    scanned = await asked(index)
    for _ in range(2):
        assert await index.settle("lola", BUILTIN)
        assert await index_large.ready(own_db, "lola", BUILTIN)
    assert not await index_large.ready(own_db, "other", BUILTIN)
    walked = await asked(index)
    assert [one.sku for one in walked] == [one.sku for one in scanned]
    assert np.allclose([one.alike for one in walked], [one.alike for one in scanned], atol=1e-3)
    await own_db.execute("UPDATE products SET active = false WHERE shop_id = 'lola' AND sku = $1", walked[0].sku)
    assert [one.sku for one in await asked(index)][:4] == [one.sku for one in walked][1:]
    await own_db.execute("DELETE FROM photo_vectors WHERE shop_id = 'lola' AND sku > '3'")
    assert await index.settle("lola", BUILTIN) and not await index_large.ready(own_db, "lola", BUILTIN)
    assert await asked(index)


async def test_an_index_whose_building_broke_off_is_built_again(
    index: PgVector, own_db: Pool, forty_are_many: None
) -> None:
    name = index_large._name("lola", BUILTIN)
    with pytest.raises(asyncpg.UniqueViolationError):  # what is left behind then is an index that is not valid
        await own_db.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON photo_vectors (shop_id)")
    assert not await index_large.ready(own_db, "lola", BUILTIN) and await asked(index)
    await index.settle("lola", BUILTIN)
    assert await index_large.ready(own_db, "lola", BUILTIN)


async def test_one_that_somebody_else_just_built_is_left_alone(
    index: PgVector, own_db: Pool, forty_are_many: None
) -> None:
    name = index_large._name("lola", BUILTIN)
    built: list[int] = []

    class Late:
        """The pool, where between the first look and the lock another process is through."""

        def __getattr__(self, verb: str) -> object:
            return getattr(own_db, verb)

        async def acquire(self) -> object:
            await index.settle("lola", BUILTIN)
            built.append(await own_db.fetchval("SELECT to_regclass($1)::oid", name))
            return await own_db.acquire()

    await index_large.settle(cast("Pool", Late()), "lola", BUILTIN)
    assert built == [await own_db.fetchval("SELECT to_regclass($1)::oid", name)]

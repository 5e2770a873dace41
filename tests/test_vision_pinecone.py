"""A copy of the vectors in Pinecone: asked first, never believed alone, and missed by nobody while it is down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import numpy as np
import pytest
from pydantic import SecretStr

from cli.doctor_photos import look
from cli.finding import Finding
from kit.config import PineconeConfig, VisionConfig
from kit.db import Pool
from tests.fakes.pinecone import KEY, FakePinecone
from vision import index_pinecone
from vision.index import BUILTIN, Entry, PgVector
from vision.index_pinecone import PineconeIndex, copy_id

DIM = 8
SKUS = [f"юбка {i}" for i in range(6)]  # an id there may only hold ASCII


def vector(i: int) -> np.ndarray:
    """Vectors whose likeness to `vector(0)` falls with `i`."""
    made = np.zeros(DIM, np.float32)
    made[0], made[1 + i % (DIM - 1)] = 1.0 - 0.1 * i, 0.2
    return made / np.linalg.norm(made)


def settings(url: str, **other: str) -> VisionConfig:
    return VisionConfig(index="pinecone", pinecone=PineconeConfig(host=url, api_key=SecretStr(KEY)), **other)  # type: ignore[arg-type]


@pytest.fixture
async def pinecone() -> AsyncIterator[FakePinecone]:
    async with FakePinecone(DIM) as server:
        yield server


@pytest.fixture
async def index(own_db: Pool, pinecone: FakePinecone) -> AsyncIterator[PineconeIndex]:
    for sku in SKUS:
        await own_db.execute(
            """INSERT INTO products (shop_id, sku, title_uz, price, currency, photos)
               VALUES ('lola', $1, 'x', 1, 'UZS', $2)""",
            sku,
            [f"{sku}.jpg"],
        )
    made = PineconeIndex(PgVector(own_db), settings(pinecone.url))
    await made.put("lola", BUILTIN, [Entry(sku, f"{sku}.jpg", vector(i), b"f") for i, sku in enumerate(SKUS)])
    yield made
    await made.close()


async def named(index: PineconeIndex, limit: int = 3) -> list[str]:
    return [one.sku for one in await index.search("lola", BUILTIN, [vector(0)], limit)]


async def test_what_is_sent_is_found_there_in_the_shops_own_namespace(
    index: PineconeIndex, pinecone: FakePinecone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_pinecone, "BATCH", 4)
    assert await index.settle("lola", BUILTIN)
    assert list(pinecone.spaces) == ["lola"] and len(pinecone.spaces["lola"]) == len(SKUS)
    assert [len(call.fields["vectors"]) for call in pinecone.made("upsert")] == [4, 2]
    assert (
        await named(index) == SKUS[:3] == [one.sku for one in await index.own.search("lola", BUILTIN, [vector(0)], 3)]
    )
    (asked,) = pinecone.made("query")
    assert asked.fields["namespace"] == "lola" and asked.fields["filter"] == {"model": {"$eq": BUILTIN}}
    assert await index.settle("lola", BUILTIN) and len(pinecone.made("upsert")) == 2  # nothing is sent twice


async def test_it_is_not_believed_about_what_is_off_sale_or_taken_down(
    index: PineconeIndex, pinecone: FakePinecone, own_db: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_pinecone, "SEND_S", 0.3)
    assert await index.settle("lola", BUILTIN)
    await own_db.execute("UPDATE products SET active = false WHERE shop_id = 'lola' AND sku = $1", SKUS[0])
    await own_db.execute("UPDATE products SET photos = '{}' WHERE shop_id = 'lola' AND sku = $1", SKUS[1])
    assert await index.tidy("lola", [BUILTIN]) == 1
    assert await named(index) == SKUS[2:5]  # though the copies are still there
    pinecone.fail("refuse", "delete", status=503, times=9)
    index._rests_until = 0.0
    assert not await index.settle("lola", BUILTIN)
    pinecone.faults.clear()
    index._rests_until = 0.0
    assert await index.settle("lola", BUILTIN)
    (deleted,) = pinecone.made("delete")
    assert deleted.fields["ids"] == [copy_id(BUILTIN, SKUS[1], f"{SKUS[1]}.jpg")]


async def test_what_is_not_seen_there_yet_is_found_here(index: PineconeIndex, pinecone: FakePinecone) -> None:
    pinecone.lag_s = 0.3
    assert not await index.settle("lola", BUILTIN)
    assert await named(index) == SKUS[:3] and pinecone.made("query")
    await asyncio.sleep(0.35)
    assert await index.settle("lola", BUILTIN) and await named(index) == SKUS[:3]


@pytest.mark.parametrize("fault", [{"kind": "refuse", "status": 429}, {"kind": "page", "status": 502}, {"kind": "cut"}])
async def test_a_failure_is_answered_from_here_and_it_is_left_alone_for_a_while(
    index: PineconeIndex, pinecone: FakePinecone, fault: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_pinecone, "ASK_S", 0.2)
    assert await index.settle("lola", BUILTIN)
    pinecone.fail(str(fault["kind"]), "query", times=99, **{name: one for name, one in fault.items() if name != "kind"})
    assert await named(index) == SKUS[:3]
    tried = len(pinecone.calls)
    assert await named(index) == SKUS[:3] and len(pinecone.calls) == tried
    pinecone.faults.clear()
    index._rests_until = 0.0
    assert await named(index) == SKUS[:3] and len(pinecone.made("query")) == 1


async def test_one_that_hangs_costs_a_shopper_two_seconds_once(
    index: PineconeIndex, pinecone: FakePinecone, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index_pinecone.ASK_S == 2.0
    monkeypatch.setattr(index_pinecone, "ASK_S", 0.2)
    assert await index.settle("lola", BUILTIN)
    pinecone.fail("hang", "query", times=9, seconds=2)
    started = time.monotonic()
    assert await named(index) == SKUS[:3] and await named(index) == SKUS[:3]
    assert time.monotonic() - started < 2


async def test_sending_is_taken_up_where_it_failed(
    index: PineconeIndex, pinecone: FakePinecone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_pinecone, "BATCH", 2)
    monkeypatch.setattr(index_pinecone, "SEND_S", 0.3)
    pinecone.fail("refuse", "upsert", after=1, times=99, status=500)
    assert not await index.settle("lola", BUILTIN)
    assert len(pinecone.spaces["lola"]) == 2 and await named(index) == SKUS[:3]
    pinecone.faults.clear()
    assert not await index.settle("lola", BUILTIN)  # it rests
    index._rests_until = 0.0
    assert await index.settle("lola", BUILTIN) and len(pinecone.spaces["lola"]) == len(SKUS)


async def test_copies_of_a_namespace_that_is_not_there_are_gone(
    index: PineconeIndex, pinecone: FakePinecone, own_db: Pool
) -> None:
    assert await index.settle("lola", BUILTIN)
    await own_db.execute("UPDATE products SET photos = '{}' WHERE shop_id = 'lola' AND sku = $1", SKUS[1])
    assert await index.tidy("lola", [BUILTIN]) == 1
    pinecone.spaces.clear()  # the index was made anew under its old address, or another one is named
    assert await index.settle("lola", BUILTIN)
    assert not await own_db.fetchval("SELECT count(*) FROM mirror_gone WHERE shop_id = 'lola'")


async def test_another_host_gets_everything_anew(index: PineconeIndex, own_db: Pool) -> None:
    assert await index.settle("lola", BUILTIN)
    async with FakePinecone(DIM) as other:
        moved = PineconeIndex(PgVector(own_db), settings(other.url))
        assert await named(moved) == SKUS[:3]  # before anything was sent
        assert await moved.settle("lola", BUILTIN) and len(other.spaces["lola"]) == len(SKUS)
        await moved.close()


async def test_a_wrong_key_or_length_is_a_failure_like_others(own_db: Pool, index: PineconeIndex) -> None:
    async with FakePinecone(DIM + 1) as other:
        wrong = PineconeIndex(PgVector(own_db), settings(other.url))
        assert not await wrong.settle("lola", BUILTIN) and await named(wrong) == SKUS[:3]
        await wrong.close()


async def test_doctor_says_whether_pinecone_answers_and_fits(pinecone: FakePinecone) -> None:
    async def found(config: VisionConfig) -> list[Finding]:
        return [one async for one in look(config)]

    [(_, ok, _, mend)] = await found(settings(pinecone.url))
    assert ok is False and "629" in mend  # vectors of 8
    pinecone.dim = 629
    [(_, ok, says, _)] = await found(settings(pinecone.url))
    assert ok and "629" in says
    pinecone.metric = "cosine"
    for embedder in ("builtin", "clip"):
        (_, ok, says, mend) = (await found(settings(pinecone.url, embedder=embedder)))[-1]
        assert ok is False and "cosine" in says and "dotproduct" in mend
    pinecone.metric = "dotproduct"
    pinecone.fail("refuse", "stats", status=401, times=9)
    [(_, ok, says, _)] = await found(settings(pinecone.url))
    assert ok is False and KEY not in says
    assert await found(VisionConfig()) == []


async def test_with_a_learned_model_the_built_in_vectors_stay_here(
    own_db: Pool, pinecone: FakePinecone, index: PineconeIndex
) -> None:
    both = PineconeIndex(PgVector(own_db), settings(pinecone.url, embedder="clip"))
    await both.put("lola", "some/model@1", [Entry(SKUS[0], f"{SKUS[0]}.jpg", vector(3), b"")])
    assert await both.settle("lola", BUILTIN) and not pinecone.calls
    assert await both.settle("lola", "some/model@1") and len(pinecone.spaces["lola"]) == 1
    assert [one.sku for one in await both.search("lola", "some/model@1", [vector(3)], 5)] == SKUS[:1]
    assert await named(both) == SKUS[:3] and len(pinecone.made("query")) == 1
    await both.close()

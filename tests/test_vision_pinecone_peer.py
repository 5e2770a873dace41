"""What we send to Pinecone against its own OpenAPI description, checked by Prism from npm (`make peers`, Node 20).

Prism refuses a request that the description does not allow and answers others with made-up data; what similarity does
is tried on the fake in tests/test_vision_pinecone.py.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest

from kit.db import Pool
from tests.test_vision_pinecone import settings
from vision.index import BUILTIN, Entry, PgVector
from vision.index_pinecone import PineconeIndex

PRISM = Path(__file__).parents[1] / ".venv/peers/node_modules/@stoplight/prism-cli/dist/index.js"
DESCRIPTION = Path(__file__).parent / "peers/pinecone_data_2026-04.oas.yaml"
WHY = "" if shutil.which("node") and PRISM.exists() else "Prism is not installed: make peers (needs Node.js 20)"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(WHY), reason=WHY)]


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(PRISM), "mock", str(DESCRIPTION), "--port", str(port), "--errors", "--host", "127.0.0.1"]
    said = (tmp_path_factory.mktemp("prism") / "prism.log").open("w")
    running = subprocess.Popen(command, stdout=said, stderr=said)
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert running.poll() is None, "it ended"
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait(10)
    said.close()


async def test_it_refuses_what_the_description_does_not_allow(prism: str) -> None:
    async with httpx2.AsyncClient(headers={"Api-Key": "x", "X-Pinecone-Api-Version": "2026-04"}) as client:
        right = await client.post(f"{prism}/query", json={"topK": 3, "vector": [0.1, 0.2], "namespace": "lola"})
        wrong = await client.post(f"{prism}/query", json={"topK": "three", "vector": 1})
    assert right.status_code == 200 and wrong.status_code >= 400


async def test_every_request_of_ours_is_one_that_pinecone_describes(prism: str, own_db: Pool) -> None:
    await own_db.execute(
        """INSERT INTO products (shop_id, sku, title_uz, price, currency, photos)
           VALUES ('lola', 'юбка', 'x', 1, 'UZS', '{one.jpg}')"""
    )
    index = PineconeIndex(PgVector(own_db), settings(prism))
    await index.put("lola", BUILTIN, [Entry("юбка", "one.jpg", np.full(629, 0.04, np.float32), b"f")])
    await own_db.execute("INSERT INTO mirror_gone (shop_id, id) VALUES ('lola', 'a'), ('lola', 'b')")
    await index.settle("lola", BUILTIN)  # deletes, upserts, fetches
    assert index._rests_until == 0.0
    assert await own_db.fetchval("SELECT count(*) FROM mirror_gone WHERE shop_id = 'lola'") == 0
    assert (await own_db.fetchval("SELECT mirror FROM photo_vectors WHERE shop_id = 'lola'")).startswith("sent ")
    found = await index.search("lola", BUILTIN, [np.full(629, 0.04, np.float32)], 3)
    assert index._rests_until == 0.0 and [one.sku for one in found] == ["юбка"]
    await index.close()

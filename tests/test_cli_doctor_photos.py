"""What `doctor` says of a learned model's vectors: whether the tables can hold them, and those that lie there fit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.doctor_photos import stored
from cli.finding import Finding
from kit.config import VisionConfig
from kit.db import Pool
from vision.embed_clip import dimension
from vision.index import BUILTIN, Entry, PgVector


def model(folder: Path, **settings: Any) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(settings))
    return str(folder)


async def said(pool: Pool, name: str, **more: Any) -> list[Finding]:
    config = VisionConfig(embedder="clip", model=name, **more)
    return [one async for one in stored(config, pool)]


async def put(pool: Pool, name: str, dim: int, photos: int = 1) -> None:
    entries = [Entry(f"S{at}", f"{dim}-{at}.jpg", np.ones(dim, np.float32), b"") for at in range(photos)]
    await PgVector(pool).put("lola", name, entries)


@pytest.mark.parametrize(
    ("settings", "dim"),
    [
        ({"model_type": "siglip", "vision_config": {"hidden_size": 1152}, "projection_dim": 5}, 1152),
        ({"model_type": "siglip", "vision_config": {"model_type": "siglip_vision_model"}}, 768),
        ({"model_type": "siglip2"}, 768),
        ({"model_type": "clip", "projection_dim": 512, "vision_config": {"hidden_size": 768}}, 512),
        ({"model_type": "clip", "vision_config": {"hidden_size": 1024}, "projection_dim": 768}, 768),
        ({"model_type": "dinov2", "hidden_size": 384}, 384),
        ({"model_type": "of the future"}, None),
        ({"vision_config": "odd", "hidden_size": "odd"}, None),
    ],
)
def test_a_models_settings_tell_how_long_its_vectors_are(
    tmp_path: Path, settings: dict[str, Any], dim: int | None
) -> None:
    name = model(tmp_path / "model", **settings)
    assert dimension(name) == dim
    (tmp_path / "model" / "1_Pooling").mkdir()
    (tmp_path / "model" / "1_Pooling" / "config.json").write_text('{"word_embedding_dimension": 96}')
    assert dimension(name) == 96


@pytest.mark.parametrize("text", ["", "[1]", "{", "\udcff"])
def test_settings_that_cannot_be_read_tell_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert dimension(str(tmp_path)) is None and dimension("no/such model here") is None


def test_no_model_is_loaded_for_that(tmp_path: Path) -> None:
    name = model(tmp_path / "model", model_type="siglip2")
    code = (
        "import sys; from vision.embed_clip import dimension; assert dimension(sys.argv[1]) == 768;"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, name], check=True, cwd=Path(__file__).parents[1])


async def test_doctor_says_whether_a_models_vectors_fit(own_db: Pool, tmp_path: Path) -> None:
    name = model(tmp_path / "my_model", model_type="siglip", vision_config={"hidden_size": 16})
    assert [one async for one in stored(VisionConfig(), own_db)] == []
    await put(own_db, BUILTIN, 629)
    await put(own_db, "another/model@1", 7)
    await put(own_db, f"{tmp_path}/my-model@1", 7)  # "_" is no letter of any kind here
    [(_, ok, says, _)] = await said(own_db, name)
    assert ok and "16" in says and "0 stored" in says
    await put(own_db, f"{name}@abc", 16, photos=3)
    damaged = Entry("S9", "damaged.jpg", np.zeros(1, np.float32), None)
    await PgVector(own_db).put("lola", f"{name}@abc", [damaged])
    [(_, ok, says, _)] = await said(own_db, name)
    assert ok and "3 stored" in says


async def test_doctor_tells_old_vectors_from_such_that_never_leave(own_db: Pool, tmp_path: Path) -> None:
    name = model(tmp_path / "model", model_type="siglip", vision_config={"hidden_size": 16})
    await put(own_db, f"{name}@abc", 12, photos=2)
    [(_, ok, says, mend)] = await said(own_db, name)
    assert ok is None and "2 of 12" in says and "anew" in mend
    await put(own_db, f"{name}@unknown", 12)
    [(_, ok, says, mend)] = await said(own_db, name)
    assert ok is False and "12" in says and "16" in says and "vision.revision" in mend


async def test_doctor_names_what_no_table_holds(own_db: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = model(tmp_path / "model", model_type="siglip", vision_config={"hidden_size": 20_000})
    [(_, ok, says, mend)] = await said(own_db, name)
    assert ok is False and "16000" in says and "vision.model" in mend
    name = model(tmp_path / "model", model_type="siglip", vision_config={"hidden_size": 4_096})
    await put(own_db, f"{name}@abc", 4_096, photos=3)
    monkeypatch.setattr("vision.index_large.LARGE", 2)
    [(_, ok, says, _)] = await said(own_db, name)
    assert ok is None and "4000" in says
    [(_, ok, says, _)] = await said(own_db, "nobody/has-this")
    assert ok is None and "loaded" in says

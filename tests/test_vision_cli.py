"""`main.py find-photo` prints the contract's lines, beside nothing else on stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drawing import opened
from tests.pictures import as_messenger_sends, product_png, unrelated_png

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
HEAD = "sku,title_uz,title_ru,description,category,price,currency,sizes,colors,stock,photo\n"
SHOP = (ROOT / "tests/shop/shop.yaml").read_text


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of three products with photos, imported as a host would."""
    folder = tmp_path_factory.mktemp("find")
    shop = folder / "shop"
    (shop / "photos").mkdir(parents=True)
    (shop / "shop.yaml").write_text(SHOP())
    rows = ""
    for seed in (1, 2, 8):
        opened(product_png(seed)).save(shop / "photos" / f"p{seed}.jpg", quality=90)
        rows += f"P-{seed},Mahsulot {seed},Товар {seed},,kiyim,{seed}0000,UZS,,,5,p{seed}.jpg\n"
    (shop / "catalog.csv").write_text(HEAD + rows)
    path = folder / "config.yaml"
    path.write_text(f"data_dir: {folder / 'data'}\nshops:\n  lola:\n    folder: {shop}\n")
    done = main("import", str(shop / "catalog.csv"), "--shop", "lola", "--config", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    return path


def main(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_line_for_each_picture(config: Path) -> None:
    folder = config.parent
    (folder / "own.jpg").write_bytes(as_messenger_sends(product_png(2)))
    (folder / "other.jpg").write_bytes(as_messenger_sends(unrelated_png(1)))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    names = ["own.jpg", "other.jpg", "broken.jpg", "missing.jpg"]
    paths = [str(folder / name) for name in names]
    done = main("find-photo", *paths, "--shop", "lola", "--json", "--config", str(config))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["path"] for line in lines] == paths
    assert lines[0]["verdict"] == "exact" and lines[0]["candidates"][0]["sku"] == "P-2"
    assert 0.5 < lines[0]["candidates"][0]["confidence"] <= 1
    assert (lines[1]["verdict"], lines[1]["candidates"]) == ("none", [])
    assert lines[2]["error"] == "picture.broken" and "damaged" in lines[2]["why"]
    assert lines[3]["error"] == "unreadable" and done.returncode == 1
    plain = main("find-photo", paths[0], "--config", str(config))
    assert "exact P-2" in plain.stdout and plain.returncode == 0

"""The drawn shop that the photo search is measured on: the same for the same seed, with a truth that fits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.photo_set import TYPES, catalogue, draw, questions
from bench.photos import Heard, calibration_error, figures
from vision.image import open_safe
from vision.weigh import Candidate, Match


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    draw(folder, 7, products=4, asked=2)
    return folder


def test_a_set_has_its_types_and_every_file_opens(drawn: Path) -> None:
    asked = questions(drawn)
    assert {one.type for one in asked} <= set(TYPES) and len(catalogue(drawn)) == 4
    assert all((one.right >= 0) == (one.type not in ("unrelated", "lookalike")) for one in asked)
    assert all(min(open_safe(one.path.read_bytes()).array.shape[:2]) >= 100 for one in asked)


def test_a_seed_draws_the_same_again(drawn: Path, tmp_path: Path) -> None:
    draw(tmp_path, 7, products=4, asked=2)
    for path in drawn.rglob("*.*"):
        assert path.read_bytes() == (tmp_path / path.relative_to(drawn)).read_bytes(), path.name


def test_a_set_of_another_maker_is_read(tmp_path: Path) -> None:
    meta = {
        "specs": [{"print": "plain"}, {"print": "dots"}],
        "queries": [
            {"type": "c", "gt": 0, "file": "x.jpg"},
            {"type": "c", "gt": 1, "file": "y.jpg"},
            {"type": "d2", "gt": -1, "file": "z.jpg"},
        ],
    }
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    assert [one.type for one in questions(tmp_path)] == ["own_plain", "own", "lookalike"]


def test_figures_count_what_shoppers_hear(drawn: Path) -> None:
    (shot, *_) = [one for one in questions(drawn) if one.type == "screenshot"]
    right, wrong = Candidate(f"{shot.right:04d}", 0.9), Candidate("none of them", 0.9)
    heard = [Heard(shot, Match("exact", (right,))), Heard(shot, Match("exact", (wrong, right)))]
    row = figures(heard)["screenshot"]
    assert (row["r1"], row["r5"], row["accepted_correct"], row["accepted_wrong"]) == (50, 100, 50, 50)
    assert calibration_error(heard) == 0.4

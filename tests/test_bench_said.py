"""Order sentences made for the goods of invented shops: what is made is fair, and the rules understand most of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import said_back
from bench.said import aside, play
from bench.said_talks import LANGUAGES, Maker, Told
from bench.said_things import names
from kit import db as database
from shop.catalogue import read_rows
from tests import script, talk

SHOPS = ("libos", "kofe", "chiroq")


def made(shop: str, count: int = 90, only: str = "") -> list[Told]:
    return list(Maker(script.FOLDER / shop, 1).talks(count, only))


async def test_a_title_an_article_and_an_option_said_back_are_that_thing(db_url: str) -> None:
    count, wrong = await said_back.play_shop(db_url, "chiroq")
    assert count > 90 and wrong == []


def test_a_seed_makes_the_same_talks_again_in_every_language() -> None:
    assert made("libos") == made("libos") and {one.language for one in made("libos")} == set(LANGUAGES)


def test_what_is_ordered_is_there_and_no_count_is_a_number_of_the_name() -> None:
    for shop in SHOPS:
        rows = {row.product.sku: row for row in read_rows(script.FOLDER / shop / "catalog.csv")[0]}
        for told in made(shop):
            for sku, variant, qty in told.cart:
                left = [cell.count for cell in rows[sku].stock or () if cell.variant in (variant, "*")]
                assert variant in rows[sku].product.variants() and qty <= max(left), told


@pytest.mark.parametrize(("sku", "language", "name"), [("MD-25", "uz", "babochka"), ("MD-35", "ru", "кошелёк кожаный")])
def test_a_name_is_the_shortest_that_is_of_no_other_thing(sku: str, language: str, name: str) -> None:
    goods = [row.product for row in read_rows(script.FOLDER / "libos" / "catalog.csv")[0]]
    one = next(one for one in goods if one.sku == sku)
    found = [said for said, _ in names(one, [other for other in goods if other is not one], language, frozenset())]
    assert name in found or not found


def test_a_third_of_the_shops_is_kept_aside() -> None:
    shops = [one.parent.name for one in script.FOLDER.glob("*/catalog.csv")]
    assert 0.2 < sum(map(aside, shops)) / len(shops) < 0.5


async def test_most_talks_are_understood(db: database.Tx, tmp_path: Path) -> None:
    stage = await talk.open_stage(db, script.FOLDER / "libos", tmp_path)
    judged = [await play(stage, told) for told in made("libos", 40)]
    wrong = [(one.how, one.told.said) for one in judged if one.how not in ("right", "asked")]
    assert len(wrong) <= len(judged) // 10, wrong

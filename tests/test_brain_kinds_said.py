"""Options in other words or another language than the catalogue's: danaksiz is pitted, yotiq горизонтальный."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.instead import counted
from agent.brain_rules.kinds import same_kind
from kit import db as database
from shop.fold import fold_word
from tests.talking import cart_of, said_in

# ---- what is chosen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "left"),
    [
        ("muz", ["do you sell croissants?", "the cheese ones, two packs"], ("MZ-32", "pishloqli", 2)),
        ("bozor", ["can I get 4 bottles of lemonade, pear"], ("BZ-56", "nok", 4)),
        ("bozor", ["need olives, green, pitted, two jars"], ("BZ-45", "danaksiz/yashil", 2)),
        ("bozor", ["фасоль красную в томате 4 банки дайте"], ("BZ-46", "tomatda/qizil", 4)),
        ("kimyo", ["wet wipes, unscented, 5 packs"], ("KM-38", "hidsiz", 5)),
        ("kimyo", ["washing powder 3 kg for whites, three bags of it"], ("KM-01", "oq kiyim", 3)),
        ("kofe", ["туркча кофе кардамонли 200 г, иккита"], ("KF-07", "hilli", 2)),
        ("pazanda", ["belgian chocolate 1 kg, milk chocolate, 2 of them please"], ("PZ-27", "sutli", 2)),
        ("oboi", ["do you have wood varnish 0.8 kg?", "glossy, a couple of cans"], ("OB-23", "yaltiroq", 2)),
        ("oboi", ["self-adhesive film with wood look, 3 rolls"], ("OB-10", "yog'och", 3)),
        ("bozor", ["do you have processed cheese?", "smoked one, 3 please"], ("BZ-38", "dudlangan", 3)),
        ("santex", ["toilet Surxon with a straight outlet", "one please"], ("ST-11", "to'g'ri", 1)),
        ("mato", ["do you have staple fabric?", "the floral one, 5 metres"], ("MT-18", "gulli", 5)),
        ("asal", ["мағизли асал 300 грамм бодомли", "учта оламан"], ("AS-13", "bodom", 3)),
    ],
)
async def test_an_option_in_another_language(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], left: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == [left]


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("seedless", "danaksiz"),
        ("копчёную", "dudlangan"),
        ("brass", "latun"),
        ("берёзовая", "qayin"),
        ("zip", "molniyali"),
        ("beans", "donli"),
        ("beans", "loviya"),
        ("жемчужные", "marvaridli"),
    ],
)
def test_words_of_one_kind(said: str, own: str) -> None:
    assert same_kind(fold_word(said), fold_word(own))


@pytest.mark.parametrize(("said", "own"), [("xil", "hilli"), ("от", "otli"), ("fine", "ingichka"), ("hot", "issiq")])
def test_words_of_talk_are_no_kind(said: str, own: str) -> None:
    assert not same_kind(fold_word(said), fold_word(own))


# ---- so many ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("handmade soap, rose, half a dozen", "handmade soap, rose, 6 pcs"),
        ("half a dozen mugs", "six mugs"),
        ("two dozen eggs", "24 eggs"),
        ("a dozen of the warm white", "twelve warm white"),
        ("can I have a couple?", "can I have two?"),
        ("in a couple of days", "in a couple of days"),
        ("dozens of people", "dozens of people"),
    ],
)
def test_dozens_and_couples(said: str, meant: str) -> None:
    assert counted(said) == meant


@pytest.mark.parametrize(
    ("shop", "said", "left"),
    [
        ("shirin", ["do you have halva?", "sunflower, 2 kilos"], ("SH-14", "kungaboqarli", 2)),
        ("suv", ["gazli suv 1.5 litr bormi", "3 blok olaman"], ("SU-05", "gazli", 3)),
        ("choy", ["крем-мёд какой есть?", "с имбирём, парочку"], ("CY-24", "zanjabil", 2)),
        ("sovga", ["handmade soap, rose, half a dozen"], ("SV-12", "atirgul", 6)),
        ("chiroq", ["LED bulb 9W E27, a dozen of warm white"], ("YG-01", "iliq", 12)),
    ],
)
async def test_so_many_of_it(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], left: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == [left]


async def test_an_adjective_of_a_loan_word_is_that_option(db: database.Tx, tmp_path: Path) -> None:
    _, held = await said_in(
        db, tmp_path, "charm", "портмоне классическое двойное сколько стоит?", "коньячное одно, беру"
    )
    assert [line[1] for line in held] == ["konyak"]

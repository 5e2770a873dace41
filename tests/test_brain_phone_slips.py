"""A phone that is typed again or corrected by its end: the last one said is called, and the excuse is no address."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.phones import corrected, phones
from kit import db as database
from tests.talking import shopper_of


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("90 034 45 56\noy adawdim 90 034 45 65", ["+998900344565"]),
        ("90 034 45 56 вот же опечатка 90 034 45 57", ["+998900344557"]),
        ("90 034 45 56\n90 034 45 65", ["+998900344565"]),
        ("90 034 45 56 damn, typo: 90 034 46 57", ["+998900344657"]),
        ("90 034 45 56, рақамни хато ёзибман 90 034 45 65", ["+998900344565"]),
        ("90 034 45 56 и жены 90 034 45 57", ["+998900344556", "+998900344557"]),
        ("90 034 45 56, typo: 93 111 22 33", ["+998900344556", "+998931112233"]),
    ],
)
def test_the_number_typed_again_is_kept(said: str, kept: list[str]) -> None:
    assert [one.e164 for one in phones(said) if not one.taken_back] == kept


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("typo! it ends in 51", "51"),
        ("nomerim oxiri 51", "51"),
        ("опечатка, в конце 51", "51"),
        ("рақамим охири 4421 экан", "4421"),
        ("wrong digits, it ends with 07", "07"),
    ],
)
def test_only_the_right_end_is_told(said: str, right: str) -> None:
    found = corrected(said)
    assert found is not None and found[:2] == ("", right)


@pytest.mark.parametrize(
    "said",
    [
        "oxiri 45 bo'ladimi",
        "karta oxiri 6804 xato emasmi",
        "oxiri 120 ming beraman, xato ketmasin",
        "в конце 15 страниц",
    ],
)
def test_the_end_of_another_number_is_no_phone(said: str) -> None:
    assert corrected(said) is None


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("dala", ("ketmon bitta olaman", "Qarshi, Nasaf 7-uy, 90 083 14 67", "voy xato yozibman oxiri 76")),
        ("dala", ("ketmon bitta olaman", "nomerim 90 083 14 67", "Qarshi, Nasaf 7-uy", "опечатка, номер в конце 76")),
        ("dala", ("ketmon bitta olaman", "Qarshi, Nasaf 7-uy, 90 083 14 67 typo! it ends in 76")),
        ("dala", ("ketmon bitta olaman", "nomerim 90 083 14 67 oy adawdm 90 083 14 76", "Qarshi, Nasaf 7-uy")),
        (
            "libos",
            ("jinsi ko'ylak ko'k M dan bitta olaman", "90 083 14 67\nой, ошиблась\n90 083 14 76", "Qarshi Nasaf 7-uy"),
        ),
    ],
)
async def test_the_right_number_is_kept_beside_the_address(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    for one in said:
        await me.say(*one.split("\n"))
    cart = await me.play.cart()
    assert cart.phone == "+998900831476"
    assert "Nasaf" in cart.address and not any(word in cart.address for word in ("adaw", "ошиб", "xato", "typo"))

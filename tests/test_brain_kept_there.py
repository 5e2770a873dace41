"""A change of one thing in the cart: what stays is neither added nor listed nor raised, a kind means what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of

_DISHES = "Lagan Rishton 32 sm ko'k 2 ta va Shisha choynak elakli 1 l bitta olaman"
_RICE = "Guruch lazer 1 kg 10 ta va Yasmiq 800 g qizil 2 ta olaman"
_ROSES = "Golland atirguli 80 sm qizil 15 ta, Moychechak guldastasi 1 ta olaman"
_CAMERAS = "IP kamera silindr 4 MP 2.8 mm oq 2 ta va HDD 1 TB 1 ta olaman"
_TOOLS = "Akkumulyatorli shurupovyort 20V 1 ta, Ruletka 5 m 2 ta olaman"


@pytest.mark.parametrize(
    ("shop", "order", "said", "left"),
    [
        (
            "idish",
            _DISHES,
            "more guests are coming, make it 5 platters. the teapot stays as it is",
            {"ID-07": 5, "ID-06": 1},
        ),
        ("idish", _DISHES, "чайник оставляем, лаганов сделайте 4", {"ID-07": 4, "ID-06": 1}),
        ("bozor", _RICE, "10 kg of rice is too much, make it 6 kg. The lentils are fine", {"BZ-01": 6, "BZ-23": 2}),
        ("bozor", _RICE, "10 кг риса много, сделайте 7. чечевица как была", {"BZ-01": 7, "BZ-23": 2}),
        ("gul", _ROSES, "atirgulni 21 ta qiling, moychechak o'zgarmaydi", {"GL-02": 21, "GL-10": 1}),
        ("gul", _ROSES, "атиргулни 17 та қилинг, мойчечак ўша-ўша", {"GL-02": 17, "GL-10": 1}),
        ("kamera", _CAMERAS, "камер сделайте 4, соседу тоже надо. диск не меняем", {"KR-05": 4, "KR-14": 1}),
        ("usta", _TOOLS, "shurupovyort 2 ta bo'lsin, ruletka как было", {"UM-04": 2, "UM-10": 2}),
        ("usta", _TOOLS, "make it 4 tape measures please, the cordless screwdriver is fine", {"UM-04": 1, "UM-10": 4}),
    ],
)
async def test_one_thing_changes_and_the_other_stays(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, left: dict[str, int]
) -> None:
    cart = await cart_of(db, tmp_path, shop, order, said)
    assert {sku: qty for sku, _, qty in cart} == left

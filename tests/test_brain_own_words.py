"""What the shop has answered is told in its words: how long, as much as is needed, what is sent to no other town."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("arqon", ["arqonni qancha kerak bo'lsa shuncha kesib berasizlarmi"], "kesamiz"),
        ("arqon", ["arqonni necha metr desam o'shancha kesib berasizlarm"], "kesamiz"),
        ("dala", ["шланг отрежете сколько скажу?"], "отрежем"),
        ("nonvoy", ["ёғли патир олсам неча кун юмшоқ туради", "раҳмат"], "Арзимайди"),
        ("nonvoy", ["ёғли патир олсам неча кун юмшоқ туради"], "5 кун"),
        ("gul", ["гелий шар олсам неча кун туради"], "12–20"),
        ("muz", ["muzlagan mantini bug'da nechchi minut pishirish kerak"], "45 daqiqa"),
        ("konserva", ["литровую банку с помидорами сколько минут стерилизовать"], "15 минут"),
        ("konserva", ["3 литрлик оддий банкага неча миллилик қопқоқ тушади?"], "82"),
        ("konserva", ["3 литрлик оддий банкага неча миллилик қопқоқ тушади?", "ҳа бўпти, раҳмат сизга"], ""),
        ("konditer", ["maskarpon 2 ta kerekdi Popga yetkazib berasizlarm"], "buziladi"),
        ("tovuq", ["Can you deliver 40 day-old broiler chicks to Tashkent?"], "No, "),
        ("tovuq", ["40 ta bir kunlik broyler jo'ja kerak, Samarqandga yuborasizlarmi?"], "faqat doʻkondan"),
        ("tovuq", ["суточных бройлерных цыплят 30 штук в Бухару отправите?"], "не доставляем"),
    ],
)
async def test_what_the_shop_has_answered_lays_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    text = ""
    for one in said:
        text = await answer(me, one)
    assert told in text, text
    assert await in_cart(me) == []


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("nonvoy", "патир Тошкентга неча кунда боради?", "1-2 кун"),
        ("konserva", "банки в Бухару сколько дней идут?", "дн"),
    ],
)
async def test_how_long_the_way_takes_is_no_other_time(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert told in (text := await answer(me, said)), text

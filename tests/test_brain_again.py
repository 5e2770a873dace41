"""Numbers that belong to a name, one more in place of what goes out, what another sentence asks, the same in pink."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.tools.faq import asked_in
from kit import db as database
from tests.talking import answer, in_cart, shopper_of, to_summary
from tests.test_brain_everyday import wants


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        ("qarshi", "smart soat Vaqt 8 qora olaman", ("QG-18", "qora", 1)),
        ("qarshi", "беру смарт часы вахт 8 розовые", ("QG-18", "pushti", 1)),
        ("qarshi", "smart soat Vaqt 8 qora 2 ta olaman", ("QG-18", "qora", 2)),
        ("komp", "возьму наушники HyperX Stinger 2 чёрные", ("KM-24", "qora", 1)),
    ],
)
async def test_a_number_of_the_name_counts_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: tuple[str, str, int]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, said)
    assert await in_cart(me) == [held]


@pytest.mark.parametrize(
    "said",
    [
        "fleshka kerakmas ekan, o'rniga yana bitta kulrang sichqoncha bering",
        "флешку уберите, вместо неё ещё одну серую мышь",
    ],
)
async def test_one_more_in_place_of_what_goes_out(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "simsiz sichqoncha qora bitta, fleshka 32 gb bitta olaman")
    await answer(me, said)
    assert await in_cart(me) == [("QG-25", "qora", 1), ("QG-25", "kulrang", 1)]


@pytest.mark.parametrize(
    "said",
    [
        "Хочу смарт-часы Vaqt 8 чёрные. Силиконовый ремешок в комплекте или отдельно брать?",
        "I'd like the Vaqt 8 smart watch, black. Is a selfie stick included or is it sold separately?",
        "Vaqt 8 smart soat kerak edi qorasi. Selfi tayoq-shtativ ham ichidami yoki alohida sotiladimi?",
    ],
)
async def test_what_another_sentence_asks_of_is_not_ordered(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, said)
    assert await in_cart(me) == [("QG-18", "qora", 1)]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("make it 2, and a selfie stick", [("QG-25", "qora", 2), ("QG-21", "", 1)]),
        ("сделайте 3, и ещё флешку 32 гб", [("QG-25", "qora", 3), ("QG-13", "", 1)]),
        ("make it 3, and the 32 gb usb stick", [("QG-25", "qora", 3), ("QG-13", "", 1)]),
    ],
)
async def test_one_thing_more_beside_a_change(
    db: database.Tx, tmp_path: Path, said: str, held: list[tuple[str, str, int]]
) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "one black wireless mouse please")
    await answer(me, said)
    assert await in_cart(me) == held


@pytest.mark.parametrize(
    "said", ["sorry, it ends with 16, so 90 123 45 16", "adashdim, oxiri 16, 90 123 45 16", "в конце 16: 90 123 45 16"]
)
async def test_the_end_of_a_phone_counts_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "fleshka kerak")
    await answer(me, said)
    await answer(me, "64 gb fleshka")
    assert await in_cart(me) == [("QG-14", "", 1)]


@pytest.mark.parametrize("said", ["are you open on sunday, till what time?", "do you work on saturdays"])
async def test_days_name_no_goods(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    told = await answer(me, said)
    assert "09:00" in told and "soʻm" not in told


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ("можно поговорить с мастером", "person"),
        ("usta bilan gaplashsam bo'ladimi", "person"),
        ("can I talk to the master", "person"),
        ("o'n marta tel qildim ko'tarmaysizlar", "complaint"),
        ("вчера звонила, трубку не берёте", "complaint"),
        ("велосипедим юрмаяпти", "complaint"),
    ],
)
def test_who_wants_a_person(said: str, want: str) -> None:
    assert want in wants(said)


@pytest.mark.parametrize(
    "said", ["what if it stops working", "а если через месяц сломается", "buzilib qolsa nima bo'ladi"]
)
def test_what_if_it_breaks_asks_for_the_warranty(said: str) -> None:
    assert "warranty" in asked_in(said).topics


@pytest.mark.parametrize("said", ["yakshanba ham ochiqmisizlar", "в воскресенье тоже работаете?"])
async def test_hours_asked_too_beside_a_list(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "fleshka bormi")
    assert "Fleshka" not in await answer(me, said)


@pytest.mark.parametrize("said", ["tabiiysidan bormi", "а из натуральной есть что-нибудь?"])
async def test_of_what_else_it_is_made(db: database.Tx, tmp_path: Path, said: str) -> None:
    uz = said.startswith("tabiiy")
    me = await shopper_of(db, tmp_path, "oyoq/first.jsonl" if uz else "forma/first.jsonl")
    await answer(me, "7 sm poshnali ayollar tuflisi bormi" if uz else "туфли лаковые на девочку есть?")
    assert ("410 000" if uz else "295 000") in await answer(me, said)


@pytest.mark.parametrize(
    ("said", "color"),
    [
        ("yana menman, endi kulrangidan bitta kerak", "kulrang"),
        ("это снова я, теперь нужна серая", "kulrang"),
        ("hi again, now I need a black one", "qora"),
    ],
)
async def test_what_was_bought_last_in_another_color(db: database.Tx, tmp_path: Path, said: str, color: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await to_summary(me, "simsiz sichqoncha qora bitta olaman")
    await answer(me, "ha")
    await db.execute("UPDATE orders SET status = 'delivered'")
    await answer(me, said)
    assert await in_cart(me) == [("QG-25", color, 1)]


@pytest.mark.parametrize("said", ["мужские носки чёрные 42-44 нужны", "black mens socks 42-44 please"])
async def test_what_comes_in_the_size_and_the_color(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "pijama/first.jsonl")
    await answer(me, said)
    assert await in_cart(me) == [("PJ-25", "42-44/qora", 1)]


@pytest.mark.parametrize("said", ["come on, 9k a pair", "давайте по 9 тыс за пару"])
async def test_a_price_for_a_pair_is_bargained_for(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "pijama/first.jsonl")
    await answer(me, "мужские носки чёрные 42-44, 10 пар, сколько")
    told = await answer(me, said)
    assert any(one in told for one in ("qatʼiy", "фиксир"))


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("forma", "maktab emblemasini tikib berasizlarmi, necha pul turadi", "15 000"),
        ("bayram", "надпись на шаре делаете? и сколько стоит сделать надпись на шаре", "10 000"),
        ("komp", "kartrij qancha, to'ldirib ham berasizlarmi", "Canon 725"),
    ],
)
async def test_the_price_of_a_service(db: database.Tx, tmp_path: Path, shop: str, said: str, told: str) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert told in await answer(me, said)

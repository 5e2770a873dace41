"""A thing that broke is a complaint, whether it will break is a question; and a living person is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("shop", "said", "person"),
    [
        ("sumka", "olgan soyabonim shamolda sinib ketdi", True),
        ("sumka", "катта ҳасса соябон неча пул, шамолда синиб кетмайдими", False),
        ("sumka", "katta hassa soyabon sinib qolmaydimi", False),
        ("eshik", "laminat suvdan shishib ketmaydimi", False),
        ("eshik", "сиздан олган эшигимни пасти шишиб қопти! Шуям сифатми", True),
        ("eshik", "купил у вас дверь, снизу вздулась и плёнка отходит", True),
        ("eshik", "ламинат от воды не вздуется?", False),
        ("eshik", "the door I bought from you is swollen at the bottom", True),
        ("eshik", "тут есть кто живой? боту не объясню", True),
        ("eshik", "алё, есть кто живой??", False),
        ("sumka", "is there a live person here? my case is odd", True),
    ],
)
async def test_what_a_person_is_called_for(db: database.Tx, tmp_path: Path, shop: str, said: str, person: bool) -> None:
    text, _ = await said_in(db, tmp_path, shop, said)
    assert any(told in text for told in ("uzatdim", "узатдим", "Передали разговор", "I passed this")) is person

"""What the database itself says of its tables: every key begins with the shop, so that they can be distributed by it.

Citus needs the distribution column in every primary key, unique index and foreign key; `REFERENCE` tables are copied to
every node instead. A new table or index that forgets it fails here, not in the week somebody needs a second machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kit import db as database

ROOT = Path(__file__).parents[1]
# few rows or no shop's: who works, what is due, what was migrated, hashes of receipts seen in any shop
REFERENCE = {"schema_migrations", "cron", "workers", "receipt_seen"}

_TABLES = """
SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
"""
_UNIQUE = """
SELECT t.relname AS of_table, i.relname AS name, a.attname AS leads, x.indisprimary AS is_key
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
WHERE n.nspname = 'public' AND (x.indisunique OR x.indisexclusion)
"""


async def tables(tx: database.Tx) -> set[str]:
    return {row["name"] for row in await tx.fetch(_TABLES)}


async def test_every_unique_index_is_led_by_the_shop(db: database.Tx) -> None:
    rows = await db.fetch(_UNIQUE)
    wrong = [row["name"] for row in rows if row["of_table"] not in REFERENCE and row["leads"] != "shop_id"]
    assert wrong == []
    assert len([row for row in rows if row["is_key"]]) >= 20


async def test_every_table_has_a_key_and_the_shop_in_it(db: database.Tx) -> None:
    keyed = {row["of_table"] for row in await db.fetch(_UNIQUE) if row["is_key"]}
    assert await tables(db) - keyed == set()
    shops = await db.fetch(
        "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'shop_id' AND is_nullable = 'NO' AND data_type = 'text'"
    )
    assert await tables(db) - REFERENCE <= {row["name"] for row in shops}


async def test_threads_of_comments_are_a_shops_own(db: database.Tx) -> None:
    assert {"posts", "post_threads"} <= await tables(db) - REFERENCE


async def test_the_reference_tables_are_those_the_design_names(db: database.Tx) -> None:
    assert await tables(db) >= REFERENCE


async def test_nothing_reaches_from_shop_to_shop(db: database.Tx) -> None:
    """A foreign key without the shop, a trigger or a view over shops would not survive the distribution."""
    keys = await db.fetch(
        "SELECT conname, pg_get_constraintdef(oid) AS says FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    assert [row["conname"] for row in keys if "FOREIGN KEY (shop_id" not in row["says"]] == []
    odd = await db.fetch(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('v', 'm', 'f')"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    )
    triggers = await db.fetch("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    assert odd == [] and triggers == []


# ---- servers from PostgreSQL 15 on -----------------------------------------------------------------------------------

_NEWER = {
    "RETURNING old/new (18)": r"RETURNING\s+(?:WITH\s*\(|[^;\"]*\b(?:old|new)\.\w)",
    "MERGE ... RETURNING (17)": r"\bMERGE\s+INTO\b",
    "JSON_TABLE and its like (17)": r"\bJSON_(?:TABLE|QUERY|VALUE|EXISTS|SERIALIZE|SCALAR)\b",
    "IS JSON, JSON_ARRAYAGG (16)": r"\bIS\s+JSON\b|\bJSON_(?:ARRAYAGG|OBJECTAGG|ARRAY|OBJECT)\s*\(",
    "any_value, array_shuffle (16)": r"\b(?:any_value|array_shuffle|array_sample|random_normal)\s*\(",
    "uuidv7, casefold, array_sort (18)": r"\b(?:uuidv7|uuidv4|casefold|array_sort|array_reverse|crc32c?)\s*\(",
    "virtual columns, temporal keys (18)": r"\bVIRTUAL\b|\bWITHOUT\s+OVERLAPS\b",
    "transaction_timeout (17)": r"\btransaction_timeout\b",
    "numbers like 1_000 or 0xff (16)": r"[(=,\s](?:\d+_\d+|0x[0-9a-f]+)[),;\s]",
}
_SQL = re.compile(r"^\s*(?:--.*\n\s*)*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER)\b")


def test_the_statements_are_of_postgresql_15() -> None:
    """One form serves every server we promise; the suite runs on a 15 by SOTUV_TEST_DATABASE_URL."""
    texts = [(path.name, path.read_text()) for path in (ROOT / "migrations").glob("*.sql")]
    for room in ("kit", "vision", "shop", "orders", "agent", "bot", "cli"):
        for path in (ROOT / room).rglob("*.py"):
            quoted = re.findall(r'"""(.*?)"""|"((?:[^"\\\n]|\\.)*)"', path.read_text(), re.DOTALL)
            texts += [(path.name, one or other) for one, other in quoted if _SQL.match(one or other)]
    assert len(texts) > 200
    wrong = [
        f"{name}: {what}"
        for name, text in texts
        for what, pattern in _NEWER.items()
        if re.search(pattern, text, re.IGNORECASE if "old" not in what else 0)
    ]
    wrong += [
        f"{name}: a subquery in FROM without a name (16): {rest}" for name, text in texts for rest in _nameless(text)
    ]
    assert wrong == []


def _nameless(text: str) -> Iterator[str]:
    """What follows a subquery in FROM that has no alias."""
    for begin in re.finditer(r"\b(?:FROM|JOIN)\s+(?:LATERAL\s+)?\((?=\s*(?:SELECT|VALUES)\b)", text):
        depth, place = 1, begin.end()
        while depth and place < len(text):
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            place += 1
        rest = text[place : place + 30].lstrip()
        if not re.match(r"(?:AS\s+)?[a-z]", rest):
            yield rest


def test_a_subquery_without_a_name_is_found() -> None:
    assert [*_nameless("SELECT 1 FROM (SELECT (2)) WHERE true")] == ["WHERE true"]
    assert [*_nameless("SELECT 1 FROM (SELECT (2)) AS two JOIN LATERAL (VALUES (1)) three ON true")] == []

"""`import PATH`: a catalogue file and the pictures beside it into a shop, with what was refused and why."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli import table
from cli.stores import open_stores
from cli.vision import index_with_bar
from kit import db, words
from kit.config import Config
from kit.errors import Refused
from kit.media import Store
from shop import catalogue, profile
from shop.catalogue import ImportResult, RefusedRow, Row, photos

_LANGUAGE = "en"  # the terminal is the host's


def run(config: Config, shop_id: str, path: Path) -> int:
    """Read `path` into the shop; 0 also when rows were refused, 1 when nothing could be read."""
    known = profile.read(config.shops[shop_id].folder / "shop.yaml")
    try:
        rows, refused = catalogue.read_rows(path, known.currency)
    except Refused as no:
        print(words.say(_LANGUAGE, no.key, None, **no.facts))
        return 1
    pictures = _pictures(config, path, rows)
    result = asyncio.run(_write(config, shop_id, rows, pictures)) if rows else ImportResult()
    result.refused = refused
    _report(result, pictures.missing)
    return 0 if rows or not refused else 1


def _pictures(config: Config, path: Path, rows: Sequence[Row]) -> photos.Pictures:
    """Brings the pictures into the store, with a bar on stderr."""
    store = Store(config.data_dir / "media")
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*bar, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("pictures", total=len(rows))
        return photos.keep(store, path.parent, rows, lambda: progress.advance(task))


async def _write(config: Config, shop_id: str, rows: Sequence[Row], pictures: photos.Pictures) -> ImportResult:
    from vision.embed_clip import open_clip  # numpy: after the file has proved readable
    from vision.index import open_index

    eye = open_clip(config.vision)
    async with open_stores(config, 2) as stores:
        async with db.transaction(stores.pool) as tx:
            result = await catalogue.apply(tx, shop_id, rows, photos=pictures.stored)
        where = open_index(config.vision, stores.pool)
        try:
            await index_with_bar(config, stores, shop_id, where, eye)
        finally:
            await where.close()
    return result


def _report(result: ImportResult, missing: Sequence[photos.MissingPhoto]) -> None:
    """What was refused, what was missing, and one line of figures."""
    if result.refused:
        _print_refused(result.refused)
    for miss in missing:
        print(f"warning: line {miss.line}, {miss.sku}: {miss.name}: {miss.say(_LANGUAGE)}")
    print(
        f"{result.rows} rows in: {len(result.added)} added, {len(result.updated)} updated, "
        f"{result.unchanged} unchanged; {len(result.refused)} refused"
    )


def _print_refused(refused: Sequence[RefusedRow]) -> None:
    rows = [(str(row.line), row.sku, row.column, row.say(_LANGUAGE)) for row in refused]
    table.show(("line", "sku", "column", "why"), rows, title="refused rows (they changed nothing)")

"""`main.py find-photo`: which products of a shop pictures show. Photos not looked at yet are indexed first."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.stores import Stores, open_stores
from kit import words
from kit.config import Config
from kit.errors import Refused
from kit.media import Store

_LANGUAGE = "en"  # the terminal is the host's


def find_photo(config: Config, shop_id: str, paths: list[Path], as_json: bool) -> int:
    """Prints a line for each picture; 0, or 1 when one could not be opened."""
    lines = asyncio.run(_all(config, shop_id, paths))
    for line in lines:
        print(json.dumps(line, ensure_ascii=False) if as_json else _plain(line))
    return int(any("error" in line for line in lines))


async def _all(config: Config, shop_id: str, paths: list[Path]) -> list[dict[str, Any]]:
    from vision import feedback, index  # numpy costs 0.1 s: not for --help
    from vision.embed_clip import open_clip

    eye = open_clip(config.vision)
    async with open_stores(config, 2) as stores:
        where = index.open_index(config.vision, stores.pool)
        try:
            await index_with_bar(config, stores, shop_id, where, eye)
            learned = await feedback.learned(stores.pool, shop_id, index.BUILTIN)
            return [await _one(where, shop_id, path, learned, eye) for path in paths]
        finally:
            await where.close()


async def index_with_bar(config: Config, stores: Stores, shop_id: str, where: Any, eye: Any) -> None:
    """Makes the shop's photos findable, with a bar on stderr for each model."""
    from vision.shelve import index_photos

    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bar, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        tasks: list[Any] = []

        def told(done: int, of: int) -> None:
            if not tasks or progress.tasks[-1].finished:
                tasks.append(progress.add_task("looking at new photos", total=of))
            progress.update(tasks[-1], completed=done)

        media = Store(config.data_dir / "media")
        await index_photos(stores.pool, media, shop_id, where, eye=eye, told=told)


async def _one(where: Any, shop_id: str, path: Path, learned: Any, eye: Any) -> dict[str, Any]:
    from vision import image, match, work

    line: dict[str, Any] = {"path": str(path)}
    try:
        picture = await work.run(image.open_safe, await work.run(path.read_bytes))
    except Refused as no:
        return line | {
            "verdict": "none",
            "candidates": [],
            "error": no.key,
            "why": words.say(_LANGUAGE, no.key, None, **no.facts),
        }
    except OSError as no:
        return line | {
            "verdict": "none",
            "candidates": [],
            "error": "unreadable",
            "why": no.strerror or "cannot be read",
        }
    found = await match.find(where, shop_id, picture, learned, eye)
    candidates = [{"sku": one.sku, "confidence": one.confidence} for one in found.candidates]
    return line | {"verdict": found.verdict, "candidates": candidates}


def _plain(line: dict[str, Any]) -> str:
    if "error" in line:
        return f"{line['path']}: {line['why']}"
    shown = ", ".join(f"{one['sku']} ({one['confidence']:.0%})" for one in line["candidates"])
    return f"{line['path']}: {line['verdict']}{' ' if shown else ''}{shown}"

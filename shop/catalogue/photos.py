"""Pictures that lie beside a catalogue, brought into the media store clean of everything but pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import words
from kit.errors import Refused
from kit.media import Store
from shop.catalogue.rows import Row

_MOST = 10  # pictures of one product
_LARGEST = 20_000_000  # bytes, as `vision.image` takes


@dataclass(frozen=True, slots=True)
class MissingPhoto:
    """A picture that a good row names and that could not be used; the row itself counts."""

    line: int
    sku: str
    name: str
    key: str  # the sentence: shop.photo_missing, or why it cannot be opened
    facts: Mapping[str, Any] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """Why, as a sentence."""
        return words.say(language, self.key, **self.facts)


@dataclass(slots=True)
class Pictures:
    """Stored names by sku, and the pictures that are missing."""

    stored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: list[MissingPhoto] = field(default_factory=list)


def keep(store: Store, folder: Path, rows: Iterable[Row], progress: Callable[[], None] | None = None) -> Pictures:
    """Brings the pictures of `rows` from `folder/photos` (or `folder` itself) into `store`.

    `progress` is called after each row. Blocks about 20 ms a picture.
    """
    found = Pictures()
    for row in rows:
        names: list[str] = []
        for name in row.pictures[:_MOST]:
            try:
                names.append(_stored(store, folder, name))
            except Refused as no:
                found.missing.append(MissingPhoto(row.line, row.product.sku, name[:100], no.key, no.facts))
        if names:
            found.stored[row.product.sku] = tuple(names)
        if progress:
            progress()
    return found


def _stored(store: Store, folder: Path, name: str) -> str:
    from vision import image  # numpy and Pillow: not for a catalogue without pictures

    for place in (folder / "photos" / name, folder / name):
        if place.is_file():
            if place.stat().st_size > _LARGEST:
                raise Refused("picture.too_heavy", megabytes=_LARGEST // 1_000_000)
            return store.put(image.strip(image.open_safe(place.read_bytes())), "jpg")
    raise Refused("shop.photo_missing")

"""`shop.yaml` from disk: a wrong file is one line that names the key and the mend."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from kit.errors import Misconfigured
from shop.profile.model import Profile

_WHOLE = ("hours",)  # new hours are the whole week: a day that the file names in another way must not shine through
DEMO = "demo"  # `shop.id` of the demo's file
_INVENTED = ("contacts", "faq", "size_chart", "prices")
_INVENTED_PARTS = {
    "shop": ("about",),
    "delivery": ("pickup", "posts"),
    "payment": ("card_last4", "card_holder", "cards"),
    "returns": ("text",),
}
_LARGEST = 1_000_000  # bytes; a real shop.yaml has 5 000


def read_file(path: Path) -> dict[str, Any]:
    """The file as data; Misconfigured when it is missing, too large or not YAML."""
    try:
        if path.stat().st_size > _LARGEST:
            raise Misconfigured(f"{path}: larger than 1 MB, this is no shop.yaml")
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise Misconfigured(
            f"{path}: cannot be read ({wrong.strerror}); a shop is a folder with shop.yaml in it"
        ) from wrong
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise Misconfigured(f"{path}: not readable as YAML{where}; check the indents and quotes there") from wrong
    if not isinstance(data, dict):
        raise Misconfigured(f"{path}: shop: is missing; see docs/shop.md for the keys")
    return data


def lay_over(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """`base` with `patch` laid over it: mappings are joined key by key, hours and all else replaced."""
    joined = dict(base)
    for key, value in patch.items():
        old = None if key in _WHOLE else joined.get(key)
        joined[key] = lay_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return joined


def parse(data: dict[str, Any], where: str) -> Profile:
    """The checked profile; Misconfigured with one line that begins with `where` and names the key."""
    try:
        return Profile.model_validate(data)
    except ValidationError as wrong:
        raise Misconfigured(f"{where}: {_one_line(wrong)}") from wrong


def read(path: Path, overlay: dict[str, Any] | None = None) -> Profile:
    """The profile in `path` with `overlay` (the owner's answers) laid over it."""
    return parse(with_answers(read_file(path), overlay or {}), str(path))


def with_answers(data: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """The file's data with the owner's answers; `own` is a mark beside them ("this is no demo any more")."""
    if overlay.get("own") and data.get("shop", {}).get("id") == DEMO:
        data = _without_inventions(data)
    return lay_over(data, {key: value for key, value in overlay.items() if key != "own"})


def _without_inventions(data: dict[str, Any]) -> dict[str, Any]:
    """The demo's file without what is said of a shop that does not exist: nobody's real shoppers are to hear it.

    What the owner is asked about, and what is the same for every shop, stays.
    """
    kept = {key: value for key, value in data.items() if key not in _INVENTED}
    for part, names in _INVENTED_PARTS.items():
        if isinstance(kept.get(part), dict):
            kept[part] = {name: value for name, value in kept[part].items() if name not in names}
    way = kept.get("delivery")
    if isinstance(way, dict) and isinstance(way.get("regions"), list):
        way["regions"] = [{**region, "days": ""} for region in way["regions"] if isinstance(region, dict)]
    return kept


def _one_line(wrong: ValidationError) -> str:
    """The first error as `delivery.regions[2].price: ...`."""
    error = wrong.errors(include_url=False)[0]
    key = ""
    for part in error["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
    if error["type"] == "extra_forbidden":
        return f"{key}: no such key{_meant(error['loc'])}"
    if error["type"] == "missing":
        return f"{key}: is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" + ("" if isinstance(error["input"], dict | list) else f" (it says {error['input']!r})")


def _meant(loc: tuple[int | str, ...]) -> str:
    """`; did you mean X?` when a neighbour of the unknown key is spelled nearly so."""
    model: Any = Profile
    for part in loc[:-1]:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(part)
            model = field.annotation if field else None
            model = next((arg for arg in getattr(model, "__args__", ()) if isinstance(arg, type)), model)
    known = list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
    near = get_close_matches(str(loc[-1]), known, 1)
    return f"; did you mean {near[0]}?" if near else "; see docs/shop.md for the keys"

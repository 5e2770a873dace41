"""Rows of a catalogue file checked one by one: what a row says, or in one sentence why it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import words
from kit.errors import Refused
from kit.money import EXPONENT
from shop import colors
from shop.catalogue.product import Product
from shop.catalogue.stock import StockCell, parse_stock
from shop.catalogue.table import Line, read_table
from shop.fold import fold

# heads of columns as owners write them, besides our own names; compared folded
_HEADS = {
    "sku": "sku, артикул, artikul, код, kod, код товара, article, id",
    "title_uz": "title_uz, nomi, nom, nomi uz, mahsulot, mahsulot nomi, tovar nomi, title, name, название uz",
    "title_ru": "title_ru, название, наименование, товар, название ru, nomi ru",
    "description": "description, tavsif, tavsifi, izoh, описание, описание товара",
    "category": "category, kategoriya, turkum, bo'lim, категория, раздел, группа",
    "price": "price, narx, narxi, цена, стоимость",
    "currency": "currency, valyuta, валюта",
    "sizes": "sizes, size, razmer, razmerlar, o'lcham, o'lchamlar, размер, размеры",
    "colors": "colors, color, colour, colours, rang, ranglar, rangi, цвет, цвета",
    "stock": "stock, qoldiq, soni, miqdor, miqdori, остаток, остатки, количество, кол-во, наличие",
    "photo": "photo, photos, rasm, rasmi, rasmlar, foto, surat, фото, картинка, изображение",
    "old_price": "old_price, eski narx, старая цена",
    "min_price": "min_price, eng past narx, минимальная цена",
    "qty_price": "qty_price, ulgurji narx, цена от количества, оптовая цена",
    "mxik": "mxik, икпу, ikpu",
    "package_code": "package_code, qadoq kodi, код упаковки",
    "unit_code": "unit_code, birlik kodi, код единицы",
    "vat_percent": "vat_percent, qqs, ндс",
}
_COLUMN_OF = {fold(head): column for column, heads in _HEADS.items() for head in (column, *heads.split(", "))}
_FISCAL = ("mxik", "package_code", "unit_code", "vat_percent")
_LONGEST = {"sku": 40, "title_uz": 200, "title_ru": 200, "category": 100, "description": 4000}
_VARIANTS = 1000
_LARGEST_PRICE = 10**12


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that changes nothing, and why: `key` and `facts` make the sentence."""

    line: int
    sku: str
    column: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """The reason, as a sentence."""
        return words.say(language, self.key, **self.facts)


@dataclass(frozen=True, slots=True)
class Row:
    """A good row: the product, its stock (None: the file has no such column) and the names of its pictures.

    `given`: the columns that the file has; what it does not have stays as it is in the shop.
    """

    line: int
    product: Product
    stock: tuple[StockCell, ...] | None
    pictures: tuple[str, ...]
    given: frozenset[str]


class _Bad(Exception):
    """One cell is wrong."""

    def __init__(self, column: str, key: str, **facts: object) -> None:
        super().__init__(key)
        self.column, self.key, self.facts = column, key, facts


def read_rows(path: Path, currency: str = "UZS") -> tuple[list[Row], list[RefusedRow]]:
    """Good and refused rows of the file. `currency` is that of rows which name none.

    Refused("shop.file_...") when the file as a whole cannot be used: no table, too large, no column of prices.
    """
    header, lines = read_table(path)
    columns = _columns(path, header)
    good: list[Row] = []
    refused: list[RefusedRow] = []
    first: dict[str, int] = {}
    for line in lines:
        cells = {column: line.cells[at] if at < len(line.cells) else "" for column, at in columns.items()}
        try:
            row = _row(line, cells, currency)
            if row.product.sku in first:
                raise _Bad("sku", "shop.row_twice", line=first[row.product.sku])
            first[row.product.sku] = line.number
            good.append(row)
        except _Bad as bad:
            refused.append(RefusedRow(line.number, cells["sku"][:40], bad.column, bad.key, bad.facts))
    return good, refused


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    """Where each column we know stands; the first of two with one meaning counts."""
    columns: dict[str, int] = {}
    for at, head in enumerate(header):
        column = _COLUMN_OF.get(fold(head.replace("_", " ")))
        if column:
            columns.setdefault(column, at)
    for needed in ("sku", "price"):
        if needed not in columns:
            raise Refused("shop.file_no_column", name=path.name, column=needed)
    if "title_uz" not in columns and "title_ru" not in columns:
        raise Refused("shop.file_no_column", name=path.name, column="title_uz")
    return columns


def _row(line: Line, cells: dict[str, str], currency: str) -> Row:
    for column, text in cells.items():
        if len(text) > _LONGEST.get(column, 10_000):
            raise _Bad(column, "shop.row_long", most=_LONGEST.get(column, 10_000))
    sku = " ".join(cells["sku"].split())
    if not sku or len(sku.encode()) > _LONGEST["sku"]:
        raise _Bad("sku", "shop.row_long" if sku else "shop.row_empty", **({"most": _LONGEST["sku"]} if sku else {}))
    title_uz = _line_of(cells.get("title_uz", "")) or _line_of(cells.get("title_ru", ""))
    if not title_uz:
        raise _Bad("title_uz", "shop.row_empty")
    money = cells.get("currency", "").upper() or currency
    if money not in EXPONENT:
        raise _Bad("currency", "shop.row_currency", value=money[:10], known=", ".join(EXPONENT))
    sizes, tints = _parts(cells.get("sizes", ""), "sizes"), _parts(cells.get("colors", ""), "colors")
    if sizes and not tints and all(_is_color(size) for size in sizes):  # a shop that has one column for both
        sizes, tints = (), sizes
    product = Product(
        sku=sku,
        title_uz=title_uz,
        title_ru=_line_of(cells.get("title_ru", "")),
        description=cells.get("description", ""),
        category=_line_of(cells.get("category", "")),
        price=_price(cells["price"], "price", money),
        currency=money,
        sizes=sizes,
        colors=tints,
        old_price=_optional_price(cells, "old_price", money),
        min_price=_optional_price(cells, "min_price", money),
        qty_price=_qty_price(cells.get("qty_price", ""), money),
        fiscal=_fiscal(cells),
        photo=cells.get("photo", ""),
    )
    return Row(line.number, product, _stock(cells, product), _pictures(product.photo), frozenset(cells))


def _is_color(text: str) -> bool:
    """Whether a cell names a colour and nothing else."""
    found = colors.named(text)
    return len(found) == 1 and found[0].start == 0 and found[0].end == len(text)


def _line_of(text: str) -> str:
    return " ".join(text.split())


def _price(text: str, column: str, currency: str) -> int:
    """A price in the smallest unit in use. Groups of three digits are thousands whatever parts them."""
    plain = re.sub(r"[\s\u00a0\u202f'’]|so'?m|soʻm|сум|сўм|uzs|\$|€", "", text.lower())
    exponent = EXPONENT[currency]
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?", plain)
    if not found:
        raise _Bad(column, "shop.row_price" if text else "shop.row_empty", **({"value": text[:30]} if text else {}))
    whole: int = int(re.sub(r"\D", "", found[1]))
    cents = int((found[2] or "0").ljust(2, "0"))
    amount: int = whole * 10**exponent + (cents if exponent == 2 else 0)
    if not 0 < amount <= _LARGEST_PRICE or (cents and not exponent):
        raise _Bad(column, "shop.row_price", value=text[:30])
    return amount


def _optional_price(cells: dict[str, str], column: str, currency: str) -> int | None:
    return _price(cells[column], column, currency) if cells.get(column) else None


def _parts(text: str, column: str) -> tuple[str, ...]:
    """`S;M;L`, also `S, M, L`; a comma between digits (3,5) parts nothing."""
    parts = [_line_of(part) for part in re.split(r"[;\n]|,(?!\d)|(?<!\d),", text)]
    kept = tuple(dict.fromkeys(part for part in parts if part))
    if len(kept) > _VARIANTS or any(len(part) > 60 for part in kept):
        raise _Bad(column, "shop.row_long", most=60)
    return kept


def _qty_price(text: str, currency: str) -> tuple[tuple[int, int], ...]:
    """`3=58000;10=54000`: from 3 pieces 58 000 each."""
    steps: dict[int, int] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        least, _, price = part.partition("=")
        if not least.strip().isdigit() or not 1 < int(least) <= 100_000:
            raise _Bad("qty_price", "shop.row_qty_price", value=part[:30])
        steps[int(least)] = _price(price.strip(), "qty_price", currency)
    return tuple(sorted(steps.items()))


def _fiscal(cells: dict[str, str]) -> dict[str, Any]:
    """Codes as digits; a code of 16 has lost its leading zero to a spreadsheet that took it for a number."""
    fiscal: dict[str, Any] = {name: re.sub(r"\s", "", cells[name]) for name in _FISCAL if cells.get(name)}
    for name, most in (("mxik", 17), ("package_code", 20), ("unit_code", 20)):
        if name in fiscal and not re.fullmatch(rf"[0-9]{{1,{most}}}", fiscal[name]):
            raise _Bad(name, f"shop.row_{'mxik' if name == 'mxik' else 'code'}", value=fiscal[name][:30], most=most)
    if len(fiscal.get("mxik", "")) == 16:
        fiscal["mxik"] = "0" + fiscal["mxik"]
    vat = fiscal.get("vat_percent")
    if vat is not None:
        if not re.fullmatch(r"[0-9]{1,2}%?", vat):
            raise _Bad("vat_percent", "shop.row_number", value=vat[:30])
        fiscal["vat_percent"] = int(vat.rstrip("%"))
    return fiscal


def _stock(cells: dict[str, str], product: Product) -> tuple[StockCell, ...] | None:
    if "stock" not in cells:
        return None
    if len(product.sizes or "1") * len(product.colors or "1") > _VARIANTS:
        raise _Bad("sizes", "shop.row_variants", most=_VARIANTS)
    try:
        return parse_stock(cells["stock"], product)
    except Refused as no:
        raise _Bad("stock", no.key, **no.facts) from no


def _pictures(text: str) -> tuple[str, ...]:
    """Names of picture files: `a.jpg;b.jpg`. Folders in a name are dropped: pictures lie beside the catalogue."""
    names = (re.split(r"[/\\]", part.strip())[-1] for part in text.split(";"))
    return tuple(dict.fromkeys(name for name in names if name and name not in (".", "..")))

"""A product out of a photo's caption: "ko'ylak 250 ming, S M L, qora" has a title, a price, sizes and colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.db import Tx
from kit.errors import Refused
from shop.audit import note
from shop.catalogue import Product, save, set_stock
from shop.changes import changed
from shop.colors import named
from shop.prices import Amount, amounts

_LETTER_SIZE = r"(?:[2-9]?x{1,4}[ls]|xs|s|m|l|[2-9]xl)"
_NUMBER_SIZE = r"(?:\d{2,3}(?:\s?[-/]\s?\d{2,3})?)"
_SIZE_WORD = r"(?:razmer\w*|o[\u02bb'\u2018\u2019`]?lcham\w*|размер\w*|ўлчам\w*|sizes?)"
# a run of sizes: letters, or two numbers and more (a number alone is a model, a volume), or one after the word size
_SIZES = re.compile(
    rf"(?<![\w\u02bb'\u2018\u2019`])(?:{_SIZE_WORD}\s*:?\s*)?(?P<run>{_LETTER_SIZE}(?:[\s,;/-]+{_LETTER_SIZE})*"
    rf"|{_NUMBER_SIZE}(?:[\s,;]+{_NUMBER_SIZE})+)(?!\w)|(?<!\w){_SIZE_WORD}\s*:?\s*(?P<one>{_NUMBER_SIZE})(?!\w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<!\w)(\d{2})\s?(?:-|–|dan|от|from)\s?(\d{2})(?:\s?(?:gacha|до|to))?(?!\w)", re.IGNORECASE)
_NOISE = re.compile(
    r"(?<!\w)(?:narxi?|цена|price|rangi?|rang(?:lar)?i?|цвет\w*|colou?rs?|va|и|and)(?!\w)|[:;,|/•—–]+", re.IGNORECASE
)
_LARGEST_SIZE = 188  # children's height in cm ends there; larger numbers are prices


@dataclass(frozen=True, slots=True)
class Draft:
    """What a caption says about a new product; shown to the owner before it is added."""

    title: str
    price: int
    currency: str
    sizes: Sequence[str] = ()
    colors: Sequence[str] = ()


def parse_caption(text: str, currency: str = "UZS") -> Draft | None:
    """The product in a caption; None when there is no price, or nothing left for a title."""
    sure = amounts(text, currency=currency)
    if sure:
        sizes, rest = _sizes(_without(text, sure[0]))
        price = sure[0]
    else:  # "futbolka 79, S M L": what is left after the sizes and can be a price is one
        sizes, rest = _sizes(text)
        likely = amounts(rest, currency=currency, expected=True)
        if not likely:
            return None
        price, rest = likely[0], _without(rest, likely[0])
    colors: list[str] = []
    for one in reversed(named(rest)):
        if _listed(rest, one.start):
            colors.insert(0, one.color)
            rest = rest[: one.start] + "|" + rest[one.end :]
    title = " ".join(_NOISE.sub(" ", rest).split()).strip(" .!-+")
    if not re.search(r"[^\W\d_]{2}", title):
        return None
    known = title[0].upper() + title[1:] if title.split()[0].islower() else title
    return Draft(known[:200], price.value, price.currency, sizes, tuple(dict.fromkeys(colors)))


def _without(text: str, amount: Amount) -> str:
    return f"{text[: amount.span[0]]}|{text[amount.span[1] :]}"


def _sizes(text: str) -> tuple[tuple[str, ...], str]:
    """The sizes, and the text without them. Numbers that can only be sums stay where they are."""
    sizes, text = _between(text)
    if not sizes:
        sizes, text = _runs(text)
    return tuple(dict.fromkeys(sizes)), re.sub(rf"(?<!\w){_SIZE_WORD}(?!\w)", "|", text, flags=re.IGNORECASE)


def _between(text: str) -> tuple[list[str], str]:
    """`42-50`, `36 dan 44 gacha`: clothes come in even numbers, shoes in all."""
    found = _BETWEEN.search(text)
    if not found or not 16 <= int(found[1]) < int(found[2]) <= 64 or int(found[2]) - int(found[1]) > 14:
        return [], text
    first, last = int(found[1]), int(found[2])
    step = 2 if first >= 40 and first % 2 == 0 and last % 2 == 0 and last > 46 else 1
    return [str(size) for size in range(first, last + 1, step)], f"{text[: found.start()]}|{text[found.end() :]}"


def _runs(text: str) -> tuple[list[str], str]:
    """`S M L`, `40 41 42`, `razmer 42`."""
    sizes: list[str] = []
    for found in reversed(list(_SIZES.finditer(text))):
        run = re.findall(rf"{_NUMBER_SIZE}|{_LETTER_SIZE}", found["run"] or found["one"], re.IGNORECASE)
        numbers = [int(part) for part in run if part.isdigit()]
        # "350 40 41 42": the price stands before the sizes and is none of them
        while numbers and (numbers[0] > _LARGEST_SIZE or (len(numbers) > 2 and numbers[0] > 2 * numbers[1])):
            run, numbers = run[1:], numbers[1:]
        if not run or (found["run"] and run[0].isdigit() and len(run) < 2):
            continue
        start = text.index(run[0], found.start())
        sizes = [part.upper().replace(" ", "") for part in run] + sizes
        text = f"{text[:start]}|{text[found.end() :]}"
    return sizes, text


def _listed(text: str, start: int) -> bool:
    """Whether a colour stands in the list after the title, not in the title itself ("Qora dengiz" paintings)."""
    return bool(re.search(r"[|,;\n:]|rang|цвет|colou?r", text[:start], re.IGNORECASE))


async def add(tx: Tx, shop_id: str, draft: Draft, *, photos: tuple[str, ...], actor: str) -> Product:
    """Adds the product with the next free article; nobody has counted it yet, so staff are asked before it is sold.

    Refused("shop.caption_no_price") for a price that is not positive.
    """
    if draft.price <= 0:
        raise Refused("shop.caption_no_price")
    product = Product(
        sku=await _next_sku(tx, shop_id),
        title_uz=draft.title,
        price=draft.price,
        currency=draft.currency,
        sizes=tuple(draft.sizes),
        colors=tuple(draft.colors),
        photos=photos,
    )
    await save(tx, shop_id, product)
    await set_stock(tx, shop_id, product.sku, None, "unknown")
    await note(tx, shop_id, actor, "product.added", f"product:{product.sku}", price=product.price)
    return product


async def _next_sku(tx: Tx, shop_id: str) -> str:
    """The next article of those given here: P-1, P-2 ... A lock, so that two photos at once get two numbers."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"sku:{shop_id}")
    last = await tx.fetchval(
        "SELECT max(substr(sku, 3)::int) FROM products WHERE shop_id = $1 AND sku ~ '^P-[0-9]{1,8}$'", shop_id
    )
    return f"P-{(last or 0) + 1}"


async def set_price(tx: Tx, shop_id: str, product: Product, price: int, *, actor: str) -> None:
    """Staff change a price; orders placed before keep theirs."""
    if price <= 0:
        raise Refused("shop.caption_no_price")
    await tx.execute(
        "UPDATE products SET price = $3, changed_at = now() WHERE shop_id = $1 AND sku = $2",
        shop_id,
        product.sku,
        price,
    )
    await changed(tx, shop_id)
    await note(tx, shop_id, actor, "product.price", f"product:{product.sku}", was=product.price, price=price)


async def hide(tx: Tx, shop_id: str, sku: str, *, actor: str) -> None:
    """Takes a product off sale; orders that have it keep it."""
    await tx.execute(
        "UPDATE products SET active = false, changed_at = now() WHERE shop_id = $1 AND sku = $2", shop_id, sku
    )
    await changed(tx, shop_id)
    await note(tx, shop_id, actor, "product.hidden", f"product:{sku}")

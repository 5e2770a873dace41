"""Pictures that are no receipts: an animal's photo, goods, talk with sums and cards in it, a shop's own page."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.goods import assortment, shop_photo
from bench.receipt_screen import Pen, families
from tests.drawing import jpeg

_TALK = (
    "Assalomu alaykum|Va alaykum assalom! Qanday yordam bera olaman?|bu koʻylak bormi|Bor, {price} soʻm. Qaysi rang?"
    "|qora|Yetkazish {small} soʻm, Toshkentda 1 kun|rahmat oʻylab koʻraman",
    "Здравствуйте, сколько стоит?|Здравствуйте! {price} сум, доставка {small}|а скидка будет?|При покупке двух 5 %"
    "|а куда переводить|Карта {card}, Нодира С.|хорошо, завтра переведу",
    "Салом, нархи қанча?|{price} сўм, етказиб бериш {small} сўм|эртага олиб кетаман|Ишлаймиз 9:00 дан 19:00 гача"
    "|раҳмат|Телефон: {phone}|хўп",
    "hi, is this still available?|Yes, {price} UZS, sizes S to L|can you hold it till 21.11.2026?|Sure, call {phone}"
    "|I will pay {small} for delivery|Ok|thanks",
    "Buyurtma: gulli choynak, 1 dona|Jami: {price} soʻm|Yetkazish: {small} soʻm|Karta: {card}"
    "|Pul oʻtkazgach, chek skrinshotini yuboring|xoʻp hozir|Kutamiz",
)


def animal(r: random.Random) -> bytes:
    """A furry thing on a cloth, as a phone takes it."""
    width, height = r.choice(((900, 1200), (1200, 900)))
    rs = np.random.RandomState(r.randint(0, 2**31 - 1))
    ground = np.array([r.randint(60, 200) for _ in range(3)], np.float32)
    grain = rs.randn(height, width, 1) * r.uniform(6, 20)
    cloth = rs.randn(height // 40, width // 40, 3).repeat(40, 0).repeat(40, 1)[:height, :width] * r.uniform(4, 14)
    full = np.zeros((height, width, 3), np.float32)
    full[: cloth.shape[0], : cloth.shape[1]] = cloth
    image = Image.fromarray(np.clip(ground + full + grain, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    fur = tuple(r.randint(30, 220) for _ in range(3))
    x, y, big = width * r.uniform(0.35, 0.6), height * r.uniform(0.4, 0.6), min(width, height) * r.uniform(0.18, 0.28)
    draw.ellipse((x - 1.5 * big, y, x + 1.5 * big, y + 2.2 * big), fill=fur)
    draw.ellipse((x - big, y - big, x + big, y + big), fill=fur)
    for side in (-1, 1):
        draw.polygon(
            (
                (x + side * 0.9 * big, y - 0.4 * big),
                (x + side * 0.3 * big, y - 0.9 * big),
                (x + side * 0.8 * big, y - 1.5 * big),
            ),
            fill=fur,
        )
        draw.ellipse((x + side * 0.45 * big - 18, y - 30, x + side * 0.45 * big + 18, y + 10), fill=(120, 170, 60))
        for i in range(3):
            draw.line(
                (x + side * 0.2 * big, y + 0.3 * big, x + side * 1.3 * big, y + (0.1 + 0.2 * i) * big),
                fill=(250, 250, 250),
                width=2,
            )
    hairs = np.asarray(image.filter(ImageFilter.GaussianBlur(2)), np.float32) + rs.randn(height, width, 1) * 14
    return jpeg(Image.fromarray(np.clip(hairs, 0, 255).astype(np.uint8)), r.randint(50, 85))


def goods(r: random.Random) -> bytes:
    """A shop's photo of a garment."""
    one = assortment(60, r.randint(0, 10**6))[r.randint(0, 59)]
    return jpeg(Image.fromarray(np.asarray(shop_photo(one, r.randint(0, 10**6)))), r.randint(45, 85))


def talk(r: random.Random) -> bytes:
    """A screenshot of a conversation about a sale: sums, a card, a phone, times."""
    dark = r.random() < 0.4
    pen = Pen(
        720,
        1440,
        1.0,
        r.choice(families()),
        (14, 22, 33) if dark else (214, 224, 200),
        (235, 235, 240) if dark else (20, 22, 28),
    )
    pen.draw.rectangle((0, 0, 720, 110), fill=(30, 44, 60) if dark else (80, 130, 180))
    pen.text(
        110, 58, r.choice(("Lola butik", "Atir doʻkoni", "Nodira", "Sardor aka")), 30, bold=True, fill=(255, 255, 255)
    )
    facts = {
        "price": f"{r.randint(40, 900)} 000",
        "small": f"{r.randint(1, 5)}0 000",
        "card": f"{r.choice(('8600', '9860'))} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(1000, 9999)}",
        "phone": f"+998 9{r.randint(0, 9)} {r.randint(100, 999)} {r.randint(10, 99)} {r.randint(10, 99)}",
    }
    y = 170.0
    for i, line in enumerate(r.choice(_TALK).format(**facts).split("|")):
        mine = i % 2 == 0
        wide = min(600.0, pen.draw.textlength(line, font=pen.font(26)) + 120)
        left = 700 - wide if mine else 20
        colour = ((43, 82, 120) if mine else (28, 40, 54)) if dark else ((230, 255, 205) if mine else (255, 255, 255))
        pen.draw.rounded_rectangle((left, y, left + wide, y + 76), 18, fill=colour)
        pen.text(left + 20, y + 34, line, 26)
        pen.text(
            left + wide - 14, y + 60, f"{r.randint(9, 21)}:{r.randint(10, 59)}", 16, anchor="rm", fill=(130, 140, 150)
        )
        y += 76 + r.randint(14, 60)
    return jpeg(pen.image, r.randint(50, 85))


def page(r: random.Random) -> bytes:
    """A page of goods for sale: a picture, prices, a button to buy."""
    pen = Pen(720, 1400, 1.0, r.choice(families()), (255, 255, 255), (20, 22, 28))
    pen.image.paste(
        Image.fromarray(np.asarray(shop_photo(assortment(30, 3)[r.randint(0, 29)], 1))).resize((720, 620)), (0, 90)
    )
    pen.text(30, 780, f"{r.randint(50, 900)} 000 {r.choice(('soʻm', 'сум', 'UZS'))}", 46, bold=True)
    pen.text(30, 850, f"{r.randint(10, 99)} 000 x 12 {r.choice(('oy', 'мес'))}", 26, fill=(120, 124, 132))
    pen.text(30, 930, r.choice(("Koʻylak, paxta, 42–50", "Платье хлопок, 42–50", "Dress, cotton")), 30)
    pen.text(
        30,
        1000,
        f"4.{r.randint(1, 9)} ({r.randint(10, 2000)})  {r.randint(100, 9000)} {r.choice(('ta buyurtma', 'заказов'))}",
        24,
    )
    pen.draw.rounded_rectangle((30, 1240, 690, 1340), 20, fill=(112, 0, 235))
    pen.text(360, 1290, r.choice(("Savatga", "В корзину", "Buy now")), 32, bold=True, anchor="mm", fill=(255, 255, 255))
    return jpeg(pen.image, r.randint(50, 85))


NOT: dict[str, Callable[[random.Random], bytes]] = {"animal": animal, "goods": goods, "talk": talk, "page": page}

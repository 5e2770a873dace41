"""Screens of made-up payment apps, a PDF receipt, and a camera's photo of a screen."""

from __future__ import annotations

import math
import random
from datetime import datetime
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.drawing import font, jpeg, png

_LABELS = ("success", "failed", "pending", "amount", "fee", "card", "sender", "name", "date", "id", "unit")
_LANGUAGES = {
    "uz": "Toʻlov muvaffaqiyatli amalga oshirildi|Toʻlov amalga oshmadi|Toʻlov kutilmoqda|Summa|Komissiya"
    "|Qabul qiluvchi karta|Yuboruvchi karta|Qabul qiluvchi|Sana|Tranzaksiya ID|soʻm",
    "uz_Cyrl": "Тўлов муваффақиятли амалга оширилди|Тўлов амалга ошмади|Тўлов кутилмоқда|Сумма|Комиссия"
    "|Қабул қилувчи карта|Юборувчи карта|Қабул қилувчи|Сана|Транзакция рақами|сўм",
    "ru": "Платёж успешно выполнен|Платёж не выполнен|Платёж в обработке|Сумма|Комиссия"
    "|Карта получателя|Карта отправителя|Получатель|Дата и время|Номер транзакции|сум",
    "en": "Payment successful|Payment failed|Payment is pending|Amount|Fee"
    "|Receiver card|Sender card|Recipient|Date|Transaction ID|UZS",
}
_RECEIPT = {language: dict(zip(_LABELS, words.split("|"), strict=True)) for language, words in _LANGUAGES.items()}
_LIGHT = ((245, 246, 250), (255, 255, 255), (22, 24, 30), (110, 115, 125))
_DARK = ((18, 20, 26), (32, 35, 44), (238, 238, 242), (150, 155, 165))
_BRAND = {"Click": (0, 115, 255), "Payme": (51, 204, 204), "Uzum Bank": (112, 0, 255), "Paynet": (0, 160, 70)}


def receipt_image(
    amount: int,
    last4: str,
    *,
    status: str = "success",
    app: str = "Payme",
    language: str = "uz",
    date: datetime | None = None,
    transaction_id: str = "4821907365",
    sender_last4: str = "7702",
    unit: str = "",
    dark: bool = False,
    width: int = 720,
) -> Image.Image:
    """A payment app's screen. `last4` "" draws no receiving card; `date` None no date; `unit` as it is written."""
    words = _RECEIPT[language]
    paper, card, ink, pale = _DARK if dark else _LIGHT
    k = width / 720
    image = Image.new("RGB", (width, int(1280 * k)), paper)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 60 * k, width, 160 * k), fill=_BRAND.get(app, (90, 90, 110)))
    draw.text((width / 2, 110 * k), app, font=font(int(44 * k), True), fill="white", anchor="mm")
    colour = {"success": (30, 180, 90), "failed": (225, 50, 60), "pending": (240, 160, 20)}[status]
    draw.ellipse((width / 2 - 50 * k, 200 * k, width / 2 + 50 * k, 300 * k), fill=colour)
    draw.text((width / 2, 345 * k), words[status], font=font(int(27 * k), True), fill=ink, anchor="mm")
    money = f"{amount:,}".replace(",", " ") + " " + (unit or words["unit"])
    draw.text((width / 2, 420 * k), money, font=font(int(54 * k), True), fill=ink, anchor="mm")
    rows = [(words["amount"], money), (words["fee"], "0 " + (unit or words["unit"]))]
    rows += [(words["card"], f"8600 **** **** {last4}")] if last4 else []
    rows += [(words["sender"], f"9860 **** **** {sender_last4}")] if sender_last4 else []
    rows += [(words["date"], f"{date:%d.%m.%Y %H:%M}")] if date else []
    rows += [(words["id"], transaction_id)] if transaction_id else []
    draw.rounded_rectangle((24 * k, 480 * k, width - 24 * k, (504 + 70 * len(rows)) * k), 20 * k, fill=card)
    for i, (label, value) in enumerate(rows):
        y = (527 + 70 * i) * k
        draw.text((48 * k, y), label, font=font(int(23 * k)), fill=pale, anchor="lm")
        draw.text((width - 48 * k, y), value, font=font(int(25 * k), True), fill=ink, anchor="rm")
    return image


def receipt_png(amount: int, last4: str, **how: Any) -> bytes:
    """`receipt_image` as PNG bytes."""
    return png(receipt_image(amount, last4, **how))


def receipt_pdf(
    amount: int, last4: str, *, status: str = "Payment successful", date: str = "21.11.2026 14:05"
) -> bytes:
    """A PDF receipt with a text layer, written by hand (one page, Helvetica)."""
    lines = [
        "Payment receipt",
        status,
        f"Amount: {amount:,}.00 UZS".replace(",", " "),
        f"Receiver card: 8600 **** **** {last4}",
        f"Date: {date}",
        "Transaction ID: 5530018842",
    ]
    text = "BT /F1 16 Tf 60 760 Td 26 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(parts) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer << /Size {count} /Root 1 0 R >>\n" + (
        f"startxref\n{len(out)}\n%%EOF\n"
    )
    return out.encode()


def photo_of_screen(image: Image.Image, seed: int = 0) -> bytes:
    """A camera's photo of a phone that shows the picture: tilted, glare, grain."""
    r = random.Random(f"screen {seed}")
    width, height = 1000, 1400
    scale = min(0.82 * width / image.width, 0.88 * height / image.height)
    small = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.LANCZOS)
    room = Image.new("RGB", (width, height), (r.randint(40, 150),) * 3)
    room.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    room = room.rotate(r.uniform(-4, 4), Image.Resampling.BICUBIC, fillcolor=(90, 90, 90))
    pixels = np.asarray(room).astype(np.float32)
    gx, gy = np.meshgrid(np.arange(width), np.arange(height))
    pixels *= (1 + 0.04 * np.sin((gx * math.cos(1.1) + gy * math.sin(1.1)) * 0.4))[..., None]
    pixels += np.random.RandomState(seed).randn(height, width, 1) * 5
    return jpeg(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8)), 72)

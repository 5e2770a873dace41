"""Uzbek Latin sentences written out in Cyrillic, for readers of Cyrillic when the shop wrote only Latin.

For whole Uzbek sentences only (answers, addresses, hours): brands, mixed-case names, quoted names, numbers, links and
words with letters that Uzbek does not have stay as they are. Titles of products are never put through it.
"""

from __future__ import annotations

import re

_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼ‘’`´'"), "ʼ")
_PAIRS = {"oʼ": "ў", "gʼ": "ғ", "sh": "ш", "ch": "ч", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е"}
_SINGLE = dict(zip("abdefghijklmnopqrstuvxyzʼ", "абдефгҳижклмнопқрстувхйзъ", strict=True))
_VOWELS = set("aeiou")
# services and brands that stand in Latin in Cyrillic texts too
_KEPT = frozenset(
    {"click", "payme", "uzum", "humo", "uzcard", "visa", "mastercard", "telegram", "instagram", "whatsapp", "facebook"}
    | {"paynet", "apelsin", "anorbank", "bts", "emu", "uzpost", "fargo", "iphone", "samsung", "xiaomi", "google", "sms"}
)
_TOKEN = re.compile(r"https?://\S+|[@#]\w+|[\w.+-]+@[\w.-]+|«[^»]*»|\"[^\"]*\"|[^\W\d_]+(?:ʼ[^\W\d_]*)*|.", re.DOTALL)
_SIZE = re.compile(r"[SML]|X{1,4}[LS]|[IVX]{2,}")  # sizes and Roman numbers


def _foreign(word: str) -> bool:
    """Whether `word` is not an Uzbek word: a brand, a name in mixed case, letters Uzbek does not use."""
    lower = word.lower()
    return (
        lower in _KEPT
        or "w" in lower
        or re.search(r"c(?!h)", lower) is not None
        or re.search(r"[a-z][A-Z]", word) is not None
        or not lower.replace("ʼ", "").isascii()
        or _SIZE.fullmatch(word) is not None
    )


def _word(word: str) -> str:
    """One Uzbek word in Cyrillic, capitals kept."""
    lower, out, at = word.lower(), [], 0
    while at < len(lower):
        pair = lower[at : at + 2]
        if pair == "sʼ" and lower[at + 2 : at + 3] == "h":  # Isʼhoq: s and h apart
            letter, step = "с", 2
        elif pair == "ts" and at == 0:  # only loans begin with it; inside a word it is mostly t + s (ketsa, aytsin)
            letter, step = "ц", 2
        elif pair in _PAIRS and lower[at : at + 3] != "yoʼ":  # yoʼl is йўл
            letter, step = _PAIRS[pair], 2
        elif lower[at] == "e" and (at == 0 or lower[at - 1] in _VOWELS):
            letter, step = "э", 1
        else:
            letter, step = _SINGLE.get(lower[at], lower[at]), 1
        out.append(letter.upper() if word[at].isupper() else letter)
        at += step
    return "".join(out)


def to_cyrillic(text: str) -> str:
    """`text` (Uzbek, Latin) in Cyrillic; what is not Uzbek in it stays."""
    parts: list[str] = []
    for token in _TOKEN.findall(text.translate(_APOSTROPHES)):
        plain = token.replace("ʼ", "").isalpha() and not _foreign(token)
        parts.append(_word(token) if plain else token)
    return "".join(parts)

"""How alike two typed words are: as written, without endings, as they sound."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from shop.fold import sound, stem

SHORTEST = 4  # letters of a stem: a typo in three letters is another word


def similarity(one: str, other: str) -> float:
    """How alike two keys are, 0..1: as written, without endings, or as they sound."""
    a, b = stem(one), stem(other)
    if a == b:
        return 0.97
    heard_a, heard_b = sound(a), sound(b)
    if sound(one) == sound(other) or (heard_a == heard_b and min(len(a), len(b)) > SHORTEST):
        return 0.95
    written = max(OSA.normalized_similarity(a, b), OSA.normalized_similarity(one, other))
    return float(max(written, 0.9 * OSA.normalized_similarity(heard_a, heard_b)))

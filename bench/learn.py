"""Learns the dialogue acts from agent/lexicon/sayings: `python -m bench.learn` writes their weights anew.

A multinomial logistic regression, learned by Adagrad (Duchi, Hazan, Singer, 2011) over hashed features (Weinberger et
al., 2009). It is told how well sayings that were kept aside are recognised; the order of learning is fixed, so that
the same sayings give the same weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.brain_rules.dialogue_acts import FOLDER, ROWS, WEIGHTS, rows_of, shares
from agent.brain_rules.text import tokens

_EPOCHS, _BATCH, _RATE = 6, 32, 0.5
_FOLDS = 5
_SURE = 0.7  # from here on an act is mostly believed


def sayings() -> list[tuple[str, str]]:
    """(act, saying) of every line of every file, in order; lines that begin with # are notes."""
    files = sorted(FOLDER.glob("*.txt"))
    lines = [(file.stem, line.strip()) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [(act, said) for act, said in lines if said and not said.startswith("#")]


def digest(known: Sequence[tuple[str, str]]) -> str:
    """What tells whether the weights were learned from these sayings."""
    return hashlib.sha256("\n".join(f"{act}\t{said}" for act, said in known).encode()).hexdigest()


def fit(rows: Sequence[NDArray[np.int64]], acts: NDArray[np.int64], number: int) -> NDArray[np.float32]:
    """Weights of shape (ROWS, number) for sayings given by their rows and the number of their act."""
    weights = np.zeros((ROWS, number), np.float32)
    seen = np.full((ROWS, number), 1e-6, np.float32)
    order = np.random.RandomState(7)  # its stream is frozen by numpy: the same weights on every machine
    for _ in range(_EPOCHS):
        for batch in np.array_split(order.permutation(len(rows)), max(1, len(rows) // _BATCH)):
            said = [rows[int(one)] for one in batch]
            sizes = [len(one) for one in said]
            at = np.concatenate(said)
            of = np.repeat(np.arange(len(batch)), sizes)
            part = np.repeat(1 / np.sqrt(np.array(sizes, np.float32)), sizes)[:, None]
            heard = np.zeros((len(batch), number), np.float32)
            np.add.at(heard, of, weights[at] * part)
            odds = np.exp(heard - heard.max(axis=1, keepdims=True))
            wrong = odds / odds.sum(axis=1, keepdims=True)
            wrong[np.arange(len(batch)), acts[batch]] -= 1
            touched, where = np.unique(at, return_inverse=True)
            slope = np.zeros((len(touched), number), np.float32)
            np.add.at(slope, where, wrong[of] * part)
            seen[touched] += slope * slope
            weights[touched] -= _RATE * slope / np.sqrt(seen[touched])
    return weights


def kept_aside(rows: Sequence[NDArray[np.int64]], acts: NDArray[np.int64], number: int) -> tuple[float, float, float]:
    """Of sayings kept aside: the share recognised; the share heard surely, and of these the share recognised."""
    right, sure, surely_right = 0, 0, 0
    fold = np.arange(len(rows)) % _FOLDS
    for aside in range(_FOLDS):
        learned = np.flatnonzero(fold != aside)
        weights = fit([rows[int(one)] for one in learned], acts[learned], number)
        for one in map(int, np.flatnonzero(fold == aside)):
            share = shares(weights, rows[one])
            right += bool(share.argmax() == acts[one])
            sure += bool(share.max() >= _SURE)
            surely_right += bool(share.max() >= _SURE and share.argmax() == acts[one])
    return right / len(rows), sure / len(rows), surely_right / max(1, sure)


def learn(file: Path = WEIGHTS, *, measure: bool = True) -> None:
    """Writes the weights of all sayings, each as a whole number from -127 to 127, and their digest."""
    known = sayings()
    names = sorted({act for act, _ in known})
    rows = [rows_of(tokens(said)) for _, said in known]
    acts = np.array([names.index(act) for act, _ in known])
    if measure:
        right, sure, surely = kept_aside(rows, acts, len(names))
        print(f"{len(known)} sayings of {len(names)} acts; kept aside: {right:.1%} recognised,")
        print(f"{sure:.1%} heard surely (from {_SURE}), of these {surely:.1%} recognised")
    weights = fit(rows, acts, len(names))
    scale = float(np.abs(weights).max()) / 127
    whole = np.round(weights / scale).astype(np.int8)
    np.savez_compressed(file, acts=names, weights=whole, scale=scale, digest=digest(known))


if __name__ == "__main__":
    learn()

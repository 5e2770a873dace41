"""What a run found out, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.world.world import Result

_EVIDENCE = 10  # violations of one invariant that are shown in full


def show(result: Result) -> None:
    """Print it."""
    for line in lines(result):
        print(line)


def lines(result: Result) -> Iterator[str]:
    """Invariants with what was looked at, figures, and the peer when one ran beside."""
    yield f"{'invariant':24}{'violations':>11}  looked at"
    for name, found in result.violations.items():
        head = name.split()[0] + " "
        looked = [
            f"{count:,} {what.removeprefix(head)}" for what, count in result.seen.items() if what.startswith(head)
        ]
        yield f"{name:24}{len(found):>11}  {', '.join(looked)}"
        yield from (f"    {line}" for line in found[:_EVIDENCE])
    yield ""
    for name, value in result.figures.items():
        yield from _figure(name.replace("_", " "), value)
    if result.beside:
        yield ""
        yield from _compared(result)


def _figure(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from (
                _figure(f"{name}, {key}", part) if isinstance(part, Mapping) else [f"{name + ', ' + key:44}{part}"]
            )
    elif isinstance(value, list):
        yield f"{name:44}{len(value)}"
        yield from (f"    {one}" for one in value[:_EVIDENCE])
    else:
        yield f"{name:44}{value}"


def _compared(result: Result) -> Iterator[str]:
    """Ours beside aiogram's own polling: the same messages, the same strokes."""
    peer, figures = result.beside, result.figures
    lost = len(result.violations["I1 acked once"]) + len(result.violations["I2 all ended"])
    rows = [
        ("messages", figures["messages"], peer["messages"]),
        ("times a process of it was killed", figures["process_kills"], peer["kills"]),
        ("messages lost", lost, peer["unanswered"]),
        ("  of them refused by the platform, not lost by a kill", 0, peer["refused"]),
        ("said again", result.seen["I9 said twice"], peer["again"]),
    ]
    yield f"{'':56}{'Sotuv':>8}{'aiogram polling':>18}"
    for name, ours, theirs in rows:
        yield f"{name:56}{ours:>8}{theirs:>18}"

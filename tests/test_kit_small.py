"""Tasks, the clock and the media store."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from kit import clock, tasks
from kit.media import Store


async def test_a_crash_in_the_background_is_logged() -> None:
    async def crash() -> None:
        raise ZeroDivisionError

    with structlog.testing.capture_logs() as logs:
        task = tasks.start(crash(), "crashing")
        await asyncio.wait([task])
        await asyncio.sleep(0)
    assert [(line["event"], line["task"]) for line in logs] == [("task_crashed", "crashing")]


async def test_stopping_waits_for_the_end_of_each_task() -> None:
    ended = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(1)

    async with tasks.Nursery() as nursery:
        nursery.start(work(), "one")
        nursery.start(work(), "two")
        await asyncio.sleep(0)
    assert ended == [1, 1]


async def test_a_task_that_does_not_end_is_named() -> None:
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    nursery = tasks.Nursery()
    task = nursery.start(stubborn(), "stubborn")
    await asyncio.sleep(0)
    try:
        with structlog.testing.capture_logs() as logs:
            assert not await nursery.stop(0.05)
        assert "stubborn" in [one.get("task") for one in logs]
    finally:  # a task that is never released would hold up the end of all tests
        release.set()
        await task


def test_the_clock_is_utc_and_can_be_shifted() -> None:
    assert clock.now().tzinfo is UTC
    clock.shift(timedelta(hours=3))
    try:
        assert timedelta(hours=2) < clock.now() - datetime.now(UTC) < timedelta(hours=4)
    finally:
        clock.shift(timedelta())


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "media")
    name = store.put(b"picture", ".JPG")
    assert name == store.put(b"picture", "jpg") and name.endswith(".jpg") and len(name) == 68
    assert store.read(name) == b"picture"
    assert [file.name for file in (tmp_path / "media").rglob("*") if file.is_file()] == [name]
    assert store.path(name).stat().st_mode & 0o777 == 0o600
    store.drop(name)
    store.drop(name)
    with pytest.raises(FileNotFoundError):
        store.read(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.jpg", "", f"{'a' * 64}.jpg/../x", f"{'A' * 64}.jpg"])
def test_a_name_that_is_not_ours_opens_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        Store(tmp_path).read(name)


@pytest.mark.parametrize("suffix", ["../x", "", "j/pg", "toolong"])
def test_a_suffix_is_a_word(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        Store(tmp_path).put(b"x", suffix)


def test_many_writers_of_one_picture(tmp_path: Path) -> None:
    store = Store(tmp_path)
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(store.put(b"x" * 100_000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 1 and store.read(names[0]) == b"x" * 100_000

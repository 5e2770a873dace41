"""The first command on a strange machine: it says what is missing, and installs nothing that is not pinned."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def venv(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(ROOT / ".ci" / "venv")],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHON": python},
        capture_output=True,
        text=True,
    )


def test_without_a_python_it_says_which_package(tmp_path: Path) -> None:
    done = venv(tmp_path, "/nowhere/python3")
    assert done.returncode == 1 and "Python 3.11 or newer is needed" in done.stderr and "apt install" in done.stderr


def test_without_venv_it_says_which_package(tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac\n')
    python.chmod(0o755)
    done = venv(tmp_path, str(python))
    assert done.returncode == 1 and "apt install python3.12-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_library_is_pinned_by_hash_and_no_address_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)(?:\[[\w,-]+\])?==\S+", text, re.MULTILINE | re.IGNORECASE)
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(pinned) == len(lines) > 50
    for block in re.split(r"\n(?=\S)", text):
        assert block.startswith("#") or "--hash=sha256:" in block, block[:60]
    assert not re.search(r"https?://|--index|--find-links", text)


def test_every_target_is_in_the_help() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert {line.split()[0] for line in listed.splitlines()} == set(phony.group(1).split())

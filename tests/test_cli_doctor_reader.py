"""What `doctor` says of the reading of receipts, with and without tesseract and its languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import doctor_reader


def tesseract(folder: Path, languages: str) -> None:
    """A program that lists these languages as tesseract does."""
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\necho >> {folder}/asked\nprintf 'List of available languages:\\n{languages}'\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("languages", "fine", "says", "mend"),
    [
        (None, None, "without tesseract", "apt install tesseract-ocr tesseract-ocr-rus"),
        ("eng\\nrus\\nuzb\\nuzb_cyrl\\n", True, "rapidocr and tesseract", ""),
        ("eng\\nosd\\nrus\\n", None, "lacks uzb, uzb_cyrl", "apt install tesseract-ocr-uzb tesseract-ocr-uzb-cyrl"),
    ],
)
def test_it_names_what_is_missing_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: str | None, fine: bool | None, says: str, mend: str
) -> None:
    if languages is not None:
        tesseract(tmp_path, languages)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if languages is not None else str(tmp_path))
    name, ok, is_, how = doctor_reader.look()
    assert (name, ok) == ("receipts", fine)
    assert says in is_ and mend in how
    assert ("status not read" in is_) is (fine is None)
    asked = tmp_path / "asked"
    assert not asked.exists() or asked.read_text() == "\n"  # the program is started once for all languages

"""What `doctor` says of the reading of receipts: which engines this machine has, and which languages they know."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec

from cli.finding import Finding

# tesseract's languages and Debian's packages for them
LANGUAGES = {
    "rus": "tesseract-ocr-rus",
    "uzb": "tesseract-ocr-uzb",
    "uzb_cyrl": "tesseract-ocr-uzb-cyrl",
    "eng": "tesseract-ocr",
}
_UNREAD = 'on receipts in Cyrillic the words stay unread: staff see "status not read" and look themselves'


def look() -> Finding:
    """The line about receipts: name, right or wrong (None: it works, but something is missing), what is, the mend."""
    program = shutil.which("tesseract")
    digits = find_spec("rapidocr") is not None
    if program is None:
        mend = f"apt install {' '.join(sorted(set(LANGUAGES.values())))}"
        if digits:
            return "receipts", None, f"read by rapidocr on this machine alone, without tesseract; {_UNREAD}", mend
        return "receipts", False, "nothing here reads text in pictures", f"make install, or {mend}"
    there = _languages(program)
    missing = [language for language in LANGUAGES if language not in there]
    engines = "rapidocr and tesseract" if digits else "tesseract"
    if missing:
        says = f"read by {engines}; tesseract lacks {', '.join(missing)}: {_UNREAD}"
        return "receipts", None, says, f"apt install {' '.join(LANGUAGES[language] for language in missing)}"
    return "receipts", True, f"read by {engines}, on this machine alone", ""


def _languages(program: str) -> set[str]:
    """The languages tesseract has; none when it does not start."""
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 -- found on PATH, no argument from outside
    except (OSError, subprocess.TimeoutExpired):
        return set()
    return set(done.stdout.split())

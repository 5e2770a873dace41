"""What one check of `doctor` found: its name, right or wrong, what it says and how to mend it."""

from __future__ import annotations

from typing import TypeAlias

# check, ok (None: works, but worth knowing), what it says, how to mend it
Finding: TypeAlias = tuple[str, bool | None, str, str]

"""Measurements; each prints a table and, as its last line, one JSON object."""

import kit  # noqa: F401 -- before numpy: it keeps numpy's BLAS to one thread

"""`make bench-photos SEED=n`: how the photo search does on a shop drawn from a seed, and what it costs.

    python -m bench.photos [SEED] [FOLDER]

Without FOLDER 200 products and 60 pictures of each type are drawn; with one, its set (see bench.calibrate) is used. The
pictures are drawn, so the figures compare methods and versions; they promise no accuracy in life.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.calibrate import draw, report
from vision.embed import Builtin
from vision.image import open_safe
from vision.local import describe
from vision.match import _look
from vision.view import view


def costs(folder: Path, most: int = 40) -> dict[str, float]:
    """Milliseconds of one thread to index a photo, and to look at a shopper's picture before the search."""
    embedder, index, query = Builtin(), [], []
    for path in sorted((folder / "catalog").glob("*.jpg"))[:most]:
        started = time.thread_time()
        seen = view(open_safe(path.read_bytes()).array)
        embedder.embed(seen)
        describe(seen, embedder.codes(seen)).pack()
        index.append(time.thread_time() - started)
    for path in sorted((folder / "query").glob("*.jpg"))[:most]:
        started = time.thread_time()
        _look(open_safe(path.read_bytes()).array)
        query.append(time.thread_time() - started)
    middle = [sorted(times)[len(times) // 2] * 1000 for times in (index, query)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"index_ms": round(middle[0], 1), "query_ms": round(middle[1], 1), "peak_mb": round(peak)}


def main() -> None:
    seed = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SEED", "1"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        if len(sys.argv) <= 2:
            draw(folder, seed)
        cost = costs(folder)
        heard = report([folder])
    print(f"index {cost['index_ms']} ms a photo, look {cost['query_ms']} ms a picture, peak {cost['peak_mb']} MB")
    print(json.dumps({"seed": seed, **cost, "types": heard}))


if __name__ == "__main__":
    main()

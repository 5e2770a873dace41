"""The learned embedder: any model of sentence-transformers that reads pictures, on this machine (extra `clip`).

The model is loaded with the first picture and stays: about 1.3 GB for `google/siglip2-base-patch16-224`. Which weights
made a vector is part of its name, so that other weights under the same name never mix with it.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import structlog

from kit.errors import Misconfigured, Unavailable
from vision.image import Pixels
from vision.index import Floats

if TYPE_CHECKING:
    from kit.config import VisionConfig

log = structlog.get_logger(__name__)
T = TypeVar("T")

BATCH = 16
WAIT_S = 2.0  # a shopper waits for it; a picture takes 0.25 s, four of the background before it 1 s
_AGAIN_S = 300.0  # a model that did not load is not tried with every picture
# what loading and running say: no such model, no network, damaged weights, another library's version, no memory
_FAILS = (OSError, ValueError, RuntimeError, ImportError, KeyError, AttributeError, TypeError)


# what settings leave out when it is as their library has it
_UNSAID = {"siglip": 768, "siglip2": 768, "clip": 512}


class Clip:
    """A learned embedder; one a process. Its verbs block and take turns: call them by `vision.work.learned`."""

    def __init__(self, model: str, revision: str = "") -> None:
        self.model, self.revision = model, revision
        self._lock = threading.Lock()
        self._loaded: Any = None
        self._name = ""
        self._padding: dict[str, Any] = {}
        self._failed_at = 0.0

    def name(self) -> str:
        """The model and the version of its weights, as stored beside each vector. Raises Unavailable."""
        self._run(lambda: None)
        return self._name

    def images(self, arrays: Sequence[Pixels]) -> list[Floats | None]:
        """A vector of unit length for each picture (RGB), None for one it cannot read. Raises Unavailable."""
        return self._run(lambda: self._pictures(arrays))

    def texts(self, texts: Sequence[str]) -> list[Floats]:
        """A vector of unit length for each text; [] when the model reads pictures alone. Raises Unavailable."""
        # SigLIP 2 was taught in small letters
        small = [text.lower() for text in texts]
        return self._run(lambda: self._encode(small, **self._padding) if "text" in self._loaded.modalities else [])

    def _pictures(self, arrays: Sequence[Pixels]) -> list[Floats | None]:
        """All at once; where that fails, one by one, so that an odd picture costs the others nothing."""
        from PIL import Image

        pictures = [Image.fromarray(array) for array in arrays]
        try:
            return [*self._encode(pictures)]
        except _FAILS as error:
            log.warning(
                "vision_model_refuses", pictures=len(pictures), error=type(error).__name__, why=str(error)[:300]
            )
        made = [self._picture(one) for one in pictures]
        if all(one is None for one in made):
            self._encode([Image.new("RGB", (64, 64), "grey")])  # where it cannot read this either, it is the model
        return made

    def _picture(self, picture: Any) -> Floats | None:
        try:
            return self._encode([picture])[0]
        except _FAILS:
            return None

    def _encode(self, what: Sequence[Any], **how: Any) -> list[Floats]:
        made = self._loaded.encode(
            list(what),
            batch_size=BATCH,
            normalize_embeddings=True,  # a raw checkpoint has no layer for it
            convert_to_numpy=True,
            show_progress_bar=False,
            **how,
        )
        return list(np.asarray(made, np.float32))

    def _run(self, work: Callable[[], T]) -> T:
        """`work` with the model loaded. Raises Unavailable: the built-in embedder answers alone then."""
        with self._lock:
            if self._failed_at and time.monotonic() - self._failed_at < _AGAIN_S:
                raise Unavailable("vision.model: it did not load a while ago", code="model")
            try:
                if self._loaded is None:
                    self._load()
                return work()
            except _FAILS as error:
                if self._loaded is None:  # a model that is there failed at one question, the next may go well
                    self._failed_at = time.monotonic()
                log.error("vision_model_fails", model=self.model, error=type(error).__name__, why=str(error)[:300])
                raise Unavailable(f"vision.model: {type(error).__name__}", code="model") from error

    def _load(self) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)  # as OpenCV (vision.view): the event loop needs its share
        started = time.monotonic()
        how: dict[str, Any] = {"device": "cpu", "trust_remote_code": False}  # code that comes with a model is never run
        loaded: Any = SentenceTransformer(self.model, revision=self.revision or None, **how)
        settings: Any = loaded[0].auto_model.config
        if "image" not in loaded.modalities:
            raise ValueError(f"it reads {', '.join(loaded.modalities)} and no pictures")
        self._name = f"{self.model}@{_version(self.model, settings, self.revision)}"
        if str(settings.model_type).startswith("siglip"):  # it was taught with texts padded to the full length
            length = int(settings.text_config.max_position_embeddings)
            text = {"padding": "max_length", "max_length": length, "truncation": True}
            self._padding = {"processing_kwargs": {"text": text}}
        self._loaded = loaded
        log.info("vision_model_loaded", model=self._name, seconds=round(time.monotonic() - started, 1))


def _version(model: str, settings: Any, revision: str) -> str:
    """What tells these weights from others: the hub's commit, of a folder the hash of its weights and settings."""
    folder = Path(model)
    if not folder.is_dir():
        return str(getattr(settings, "_commit_hash", None) or revision or "unknown")[:12]
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.safetensors"), *folder.rglob("*.bin"), *folder.rglob("*.json")]):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def dimension(model: str, revision: str = "") -> int | None:
    """How many numbers a model's vectors have, by its settings alone; None where they are not on this machine.

    Loads neither torch nor the model. `model`: a folder, or a name on the hub that was downloaded before.
    """
    found = {name: _settings(model, revision, name) for name in ("config.json", "1_Pooling/config.json")}
    if pooled := found["1_Pooling/config.json"].get("word_embedding_dimension"):
        return int(pooled)
    settings = found["config.json"]
    seeing = settings.get("vision_config")
    seeing = seeing if isinstance(seeing, dict) else {}
    kind = str(settings.get("model_type", ""))
    sizes = [settings.get("projection_dim"), seeing.get("hidden_size"), settings.get("hidden_size"), _UNSAID.get(kind)]
    if kind.startswith("siglip"):  # its two halves meet without a projection
        sizes = sizes[1:]
    return next((one for one in sizes if isinstance(one, int) and one > 0), None)


def _settings(model: str, revision: str, name: str) -> dict[str, Any]:
    """One of a model's files of settings; {} when it is not here or cannot be read."""
    path: object = Path(model, name)
    if not Path(model).is_dir() and find_spec("huggingface_hub") is not None:
        from huggingface_hub import try_to_load_from_cache

        path = try_to_load_from_cache(model, name, revision=revision or None)
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8")) if isinstance(path, str | Path) else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def open_clip(config: VisionConfig) -> Clip | None:
    """The learned embedder that the settings name; None for the built-in one. Loads nothing yet.

    Raises Misconfigured where the extra is not installed.
    """
    if config.embedder == "builtin":
        return None
    if find_spec("sentence_transformers") is None:
        raise Misconfigured(
            "vision.embedder: clip needs the extra: pip install -r requirements-clip.lock, or set builtin"
        )
    return Clip(config.model, config.revision)

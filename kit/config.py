"""The settings: one strict model, read from config.yaml, the environment and secret files.

Strongest first: `SOTUV_A__B` (or `SOTUV_A__B_FILE`, a file with the value), files of the folder `SOTUV_SECRETS_DIR`,
`data_dir/secrets/<shop>.yaml` written by `main.py connect`, the config file, the defaults here.
It knows no shop's profile: whether a card's tail fits shop.yaml is `shop`'s to check.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, Field, PrivateAttr, SecretStr, ValidationError, field_validator

from kit.config_shop import CardConfig, ClickConfig, InstagramConfig, Part, PaymeConfig, ShopConfig, TelegramConfig
from kit.errors import Misconfigured

__all__ = [
    "CardConfig",
    "ClickConfig",
    "Config",
    "InstagramConfig",
    "PaymeConfig",
    "ShopConfig",
    "TelegramConfig",
    "keep_secrets",
    "secrets_of",
]
DEFAULT_PATH = Path(__file__).parent.parent / "config.yaml"
_PREFIX = "SOTUV_"
_SECRETS_DIR = "SOTUV_SECRETS_DIR"
_SHOP_ID = re.compile(r"[a-z0-9_]+")
Tree = dict[str, Any]


class HttpConfig(Part):
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str = ""
    frame_ancestors: list[str] = Field(default=[])
    metrics_token: SecretStr = SecretStr("")
    metrics_port: int = Field(0, ge=0, le=65535)

    @field_validator("public_url")
    @classmethod
    def _bare(cls, url: str) -> str:
        if url and not re.match(r"https?://[^/\s]+", url):
            raise ValueError("must begin with https:// (or http://) and a host")
        return url.rstrip("/")


class TurnConfig(Part):
    complete_ms: int = Field(800, ge=0)
    fragment_ms: int = Field(3500, ge=0)
    album_ms: int = Field(1200, ge=0)
    max_ms: int = Field(6000, ge=0)
    per_minute: int = Field(60, ge=0)
    per_hour: int = Field(300, ge=0)


class LlmConfig(Part):
    base_url: str = "https://openrouter.ai/api/v1"
    api_key: SecretStr = SecretStr("")
    model: str = ""
    timeout_s: float = Field(20, gt=0)
    patience_s: float = Field(6, gt=0)
    answer_tokens: int = Field(2000, ge=100)
    shopper_tokens_a_day: int = Field(200_000, ge=0)
    shop_tokens_a_day: int = Field(5_000_000, ge=0)


class VoiceConfig(Part):
    base_url: str = ""
    api_key: SecretStr = SecretStr("")
    model: str = ""
    language: str = ""
    timeout_s: float = Field(15, gt=0)
    longest_s: int = Field(180, gt=0)
    largest_mb: float = Field(10, gt=0, le=25)
    shopper_minutes_a_day: int = Field(30, ge=0)

    @field_validator("base_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and not re.match(r"https?://[^/\s]+", url):
            raise ValueError("must begin with https:// (or http://) and a host")
        return url


class PineconeConfig(Part):
    api_key: SecretStr = SecretStr("")
    host: str = ""


class VisionConfig(Part):
    embedder: Literal["builtin", "clip"] = "builtin"
    model: str = "google/siglip2-base-patch16-224"
    revision: str = ""
    index: Literal["pgvector", "pinecone"] = "pgvector"
    pinecone: PineconeConfig = PineconeConfig()


class MetaConfig(Part):
    app_secret: SecretStr = SecretStr("")
    verify_token: SecretStr = SecretStr("")
    graph_url: str = "https://graph.instagram.com/v25.0"
    media_hosts: list[str] = Field(default=["lookaside.fbsbx.com", ".fbsbx.com", ".fbcdn.net", ".cdninstagram.com"])


class Config(Part):
    """All settings. `Config.load` reads them; tests may build one from values."""

    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    http: HttpConfig = HttpConfig()
    turn: TurnConfig = TurnConfig()
    llm: LlmConfig = LlmConfig()
    voice: VoiceConfig = VoiceConfig()
    vision: VisionConfig = VisionConfig()
    meta: MetaConfig = MetaConfig()
    shops: dict[str, ShopConfig]
    _path: Path = PrivateAttr(default=DEFAULT_PATH)

    @field_validator("shops")
    @classmethod
    def _ids(cls, shops: dict[str, ShopConfig]) -> dict[str, ShopConfig]:
        if not shops:
            raise ValueError("is empty; name at least one shop and its folder")
        for shop_id in shops:
            if not _SHOP_ID.fullmatch(shop_id):
                raise ValueError(f"the shop id {shop_id!r} may hold only a-z, 0-9 and _")
        return shops

    @property
    def path(self) -> Path:
        """The file this was read from."""
        return self._path

    @classmethod
    def load(cls, path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
        """The settings in `path` (the repository's config.yaml when None) and whatever stands over it.

        Paths come out absolute. Raises Misconfigured: one line with the key and the mend.
        """
        path = (path or DEFAULT_PATH).absolute()
        tree = _read_yaml(path)
        over = _outside(os.environ if environ is None else environ)
        data_dir = path.parent / Path(str(over.get("data_dir") or tree.get("data_dir") or "data")).expanduser()
        _merge(tree, _connected(data_dir, tree))
        _merge(tree, over)
        config = _validate(tree, path)
        return _absolute(config, path)

    def stamp(self) -> tuple[object, ...]:
        """Changes when a file read by `load` changes: compared once a second it notices `main.py connect`."""
        files = [self._path, *sorted(secrets_folder(self.data_dir).glob("*.yaml"))]
        return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())


def secrets_of(part: object) -> list[str]:
    """Every secret in the settings or a part of them, for `kit.log.hide`."""
    if isinstance(part, SecretStr):
        return [part.get_secret_value()]
    if isinstance(part, BaseModel):
        return [secret for name in type(part).model_fields for secret in secrets_of(getattr(part, name))]
    if isinstance(part, dict | list | tuple):
        return [secret for one in (part.values() if isinstance(part, dict) else part) for secret in secrets_of(one)]
    return []


def secrets_folder(data_dir: Path) -> Path:
    """Where `main.py connect` keeps what it was told: one 0600 file a shop."""
    return data_dir / "secrets"


def keep_secrets(config: Config, shop_id: str, values: Tree) -> Path:
    """Lay `values` (a part of `shops.<id>`) over a shop's settings for good; the file. A running server sees it."""
    folder = secrets_folder(config.data_dir)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{shop_id}.yaml"
    tree = _read_yaml(file) if file.exists() else {}
    _merge(tree, values)
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        yaml.safe_dump(tree, out, allow_unicode=True)
    new.replace(file)  # a reader sees the old file or the new one, never half
    return file


# ---- reading ---------------------------------------------------------------------------------------------------------


def _read_yaml(path: Path) -> Tree:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(
            f"{path}: cannot be read ({error.strerror}); give an existing file with --config"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = f" line {mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) else ""
        raise Misconfigured(f"{path}:{where} is not YAML ({getattr(error, 'problem', '') or 'not UTF-8'})") from error
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise Misconfigured(f"{path}: must hold `key: value` lines")
    return tree


def _connected(data_dir: Path, tree: Tree) -> Tree:
    """What `main.py connect` kept, for the shops that the config file still names."""
    shops = tree.get("shops")
    names = shops if isinstance(shops, dict) else {}
    files = [file for file in sorted(secrets_folder(data_dir).glob("*.yaml")) if file.stem in names]
    return {"shops": {file.stem: _read_yaml(file) for file in files}} if files else {}


def _merge(base: Tree, over: Tree) -> None:
    """Lay `over` upon `base`, mapping by mapping."""
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def _outside(environ: Mapping[str, str]) -> Tree:
    """Settings from secret files and the environment, the environment last because it is the strongest."""
    tree: Tree = {}
    folder = environ.get(_SECRETS_DIR)
    for file in sorted(Path(folder).iterdir()) if folder and Path(folder).is_dir() else []:
        if file.is_file() and not file.name.startswith("."):
            name = file.name.upper()
            _put(tree, name if name.startswith(_PREFIX) else _PREFIX + name, _secret(file, str(file)))
    for name in sorted(environ):
        if name.startswith(_PREFIX) and name != _SECRETS_DIR:
            value = environ[name]
            if name.endswith("_FILE"):
                name, value = name.removesuffix("_FILE"), _secret(Path(value), name)
            _put(tree, name, value)
    return tree


def _secret(file: Path, who: str) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"{who}: cannot read {file} ({error.strerror}); name a readable file") from error


def _put(tree: Tree, name: str, value: str) -> None:
    """Set the key that `SOTUV_A__B` means; a name that no setting has is an error, or a typo would pass in silence."""
    keys = name.removeprefix(_PREFIX).lower().split("__")
    kind: Any = Config
    for key in keys:
        kind = _inside(kind, key)
        if kind is None:
            raise Misconfigured(f"{name}: there is no setting {'.'.join(keys)}; see config.yaml for the names")
    if get_origin(kind) in (list, dict) or (isinstance(kind, type) and issubclass(kind, Part)):
        try:
            parsed: Any = json.loads(value)
        except ValueError as error:
            raise Misconfigured(f"{name}: must be JSON, like [...] or {{...}}") from error
    else:
        parsed = value
    for key in keys[:-1]:
        tree = tree.setdefault(key, {})
    tree[keys[-1]] = parsed


def _inside(kind: Any, key: str) -> Any:
    """The type of setting `key` inside a model or a mapping, None where there is none."""
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    if isinstance(kind, type) and issubclass(kind, Part) and key in kind.model_fields:
        return kind.model_fields[key].annotation
    return None


# ---- checking --------------------------------------------------------------------------------------------------------


def _validate(tree: Tree, path: Path) -> Config:
    try:
        config = Config.model_validate(tree)
    except ValidationError as error:
        raise Misconfigured(
            f"{path.name}: {_sentence(error)}"
        ) from None  # the input may be a secret: not in a traceback
    vision = config.vision
    if vision.index == "pinecone" and not (vision.pinecone.host and vision.pinecone.api_key.get_secret_value()):
        raise Misconfigured(f"{path.name}: vision.pinecone: set host and api_key, or vision.index: pgvector")
    if config.llm.api_key.get_secret_value() and not config.llm.model:
        raise Misconfigured(f"{path.name}: llm.model: name a model, or leave llm.api_key empty for the rule brain")
    if config.voice.base_url and not config.voice.model:
        raise Misconfigured(f"{path.name}: voice.model: name a model, or leave voice.base_url empty")
    config._path = path
    return config


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong: the key as it is written in the file, and the mend. Never the value."""
    first = error.errors(include_input=False, include_url=False)[0]
    keys = [str(part) for part in first["loc"]]
    name = ".".join(keys)
    if first["type"] == "extra_forbidden":
        return f"{name}: there is no such setting; remove it or mend its name"
    if first["type"] == "missing":
        return f"{name}: is missing; add it"
    message = first["msg"].removeprefix("Value error, ")
    return f"{name}: {message[0].lower()}{message[1:]} (environment: {_PREFIX}{'__'.join(keys).upper()})"


def _absolute(config: Config, path: Path) -> Config:
    """The same settings with absolute paths. Raises Misconfigured for a missing shop folder."""
    base = path.parent
    shops = {}
    for shop_id, shop in config.shops.items():
        folder = base / shop.folder.expanduser()
        if not folder.is_dir():
            raise Misconfigured(
                f"{path.name}: shops.{shop_id}.folder: there is no folder {folder}; make it or mend the path"
            )
        shops[shop_id] = shop.model_copy(update={"folder": folder})
    whole = config.model_copy(update={"data_dir": base / config.data_dir.expanduser(), "shops": shops})
    whole._path = path
    return whole

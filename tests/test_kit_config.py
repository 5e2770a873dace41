"""Settings: defaults shipped, paths, environment, secret files, and one clear line for everything that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
import yaml
from pydantic import SecretStr

from kit.config import (
    DEFAULT_PATH,
    CardConfig,
    Config,
    HttpConfig,
    Part,
    ShopConfig,
    TelegramConfig,
    keep_secrets,
    secrets_of,
)
from kit.errors import Misconfigured

SHOPS = "shops:\n  lola:\n    folder: shop\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "config.yaml"


def load(file: Path, text: str = SHOPS, **environ: str) -> Config:
    file.write_text(text)
    return Config.load(file, environ)


def wrong(file: Path, text: str = SHOPS, **environ: str) -> str:
    with pytest.raises(Misconfigured) as refused:
        load(file, text, **environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# ---- the shipped file ------------------------------------------------------------------------------------------------


def keys(kind: Any) -> Any:
    """The model as nested names: None for a value."""
    if get_origin(kind) is dict:
        return {"lola": keys(get_args(kind)[1])}
    if get_origin(kind) is list:
        return [keys(get_args(kind)[0])] if keys(get_args(kind)[0]) else None
    if isinstance(kind, type) and issubclass(kind, Part):
        return {name: keys(field.annotation) for name, field in kind.model_fields.items()}
    return None


def names(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {name: names(part) for name, part in tree.items()}
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return [names(tree[0])]
    return None


def test_every_setting_stands_in_the_shipped_file() -> None:
    assert names(yaml.safe_load(DEFAULT_PATH.read_text())) == keys(Config)


def test_the_shipped_file_says_the_defaults() -> None:
    shipped = Config.model_validate(yaml.safe_load(DEFAULT_PATH.read_text()))
    demo_card = CardConfig(number=SecretStr("8600000000000000"), holder="DEMO KARTA")
    plain = Config(shops={"lola": ShopConfig(folder=Path("demo"), cards=[demo_card])})
    assert shipped == plain


def test_the_shipped_file_explains_each_group() -> None:
    top = [line for line in DEFAULT_PATH.read_text().splitlines() if line[:1].isalpha()]
    assert [line for line in top if "#" not in line and not line.startswith(("http:", "vision:", "shops:"))] == []


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_paths_are_relative_to_the_file(file: Path) -> None:
    config = load(file, "data_dir: d\n" + SHOPS)
    assert config.data_dir == file.parent / "d"
    assert config.shops["lola"].folder == file.parent / "shop"
    assert config.path == file


def test_environment_is_stronger_than_the_file(file: Path) -> None:
    config = load(
        file,
        "http: {port: 1}\n" + SHOPS,
        SOTUV_HTTP__PORT="9000",
        SOTUV_SHOPS__LOLA__TELEGRAM__TOKEN="123456:ABCDEFGH",
        SOTUV_SHOPS__LOLA__CARDS='[{"number": "8600 1234 5678 9012", "holder": "A B"}]',
        SOTUV_META__MEDIA_HOSTS='["127.0.0.1:9"]',
        SOTUV_TURN__COMPLETE_MS="0",
        HOME="/nowhere",
    )
    assert config.http.port == 9000
    assert config.shops["lola"].telegram.token.get_secret_value() == "123456:ABCDEFGH"
    assert config.shops["lola"].cards[0].number.get_secret_value() == "8600123456789012"
    assert config.meta.media_hosts == ["127.0.0.1:9"]
    assert config.turn.complete_ms == 0


def test_secrets_come_from_files(file: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "llm__api_key").write_text("from-dir\n")
    (tmp_path / "secrets" / "SOTUV_META__APP_SECRET").write_text("meta")
    (tmp_path / "key").write_text("from-file\n")
    text = "llm: {model: m}\n" + SHOPS
    config = load(file, text, SOTUV_SECRETS_DIR=str(tmp_path / "secrets"))
    assert config.llm.api_key.get_secret_value() == "from-dir"
    assert config.meta.app_secret.get_secret_value() == "meta"
    config = load(
        file, text, SOTUV_SECRETS_DIR=str(tmp_path / "secrets"), SOTUV_LLM__API_KEY_FILE=str(tmp_path / "key")
    )
    assert config.llm.api_key.get_secret_value() == "from-file"


def test_what_connect_kept_is_laid_over_and_noticed(file: Path) -> None:
    config = load(file)
    before = config.stamp()
    kept = keep_secrets(config, "lola", {"telegram": {"token": "123456:ABCDEFGH"}})
    keep_secrets(config, "lola", {"instagram": {"account_id": "17"}})
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700
    assert config.stamp() != before
    again = Config.load(file, {})
    assert again.shops["lola"].telegram.token.get_secret_value() == "123456:ABCDEFGH"
    assert again.shops["lola"].instagram.account_id == "17"
    assert again.shops["lola"].telegram.mode == "polling"


def test_a_secret_of_a_removed_shop_is_left_alone(file: Path) -> None:
    keep_secrets(load(file), "gone", {"telegram": {"token": "123456:ABCDEFGH"}})
    assert list(load(file).shops) == ["lola"]


def test_secrets_do_not_print(file: Path) -> None:
    config = load(file, SOTUV_SHOPS__LOLA__TELEGRAM__TOKEN="123456:ABCDEFGH")
    assert "ABCDEFGH" not in repr(config)
    assert isinstance(config.llm.api_key, SecretStr)


# ---- what is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("htp: {}\n" + SHOPS, "htp: there is no such setting"),
        ("http: {prt: 1}\n" + SHOPS, "http.prt: there is no such setting"),
        ("http: {port: high}\n" + SHOPS, "http.port: input should be a valid integer"),
        ("http: {port: 70000}\n" + SHOPS, "http.port: "),
        ("http: {public_url: shop.uz}\n" + SHOPS, "http.public_url: must begin with https://"),
        ("turn: {max_ms: -1}\n" + SHOPS, "turn.max_ms: "),
        ("vision: {embedder: magic}\n" + SHOPS, "vision.embedder: "),
        ("vision: {index: pinecone}\n" + SHOPS, "vision.pinecone: set host and api_key"),
        ("llm: {api_key: x}\n" + SHOPS, "llm.model: name a model"),
        ("voice: {base_url: 'https://x'}\n" + SHOPS, "voice.model: name a model"),
        ("voice: {base_url: 'api.openai.com/v1', model: m}\n" + SHOPS, "voice.base_url: must begin with https://"),
        ("voice: {largest_mb: 26}\n" + SHOPS, "voice.largest_mb: "),
        ("", "shops: is missing"),
        ("shops: {}\n", "shops: is empty"),
        ("shops:\n  Lola-1: {folder: shop}\n", "shops: the shop id 'Lola-1' may hold only a-z"),
        ("shops:\n  lola: {}\n", "shops.lola.folder: is missing"),
        ("shops:\n  lola: {folder: nowhere}\n", "shops.lola.folder: there is no folder"),
        (SHOPS + "    telegram: {token: hello}\n", "shops.lola.telegram.token: is not a bot token"),
        (SHOPS + "    telegram: {secret: 'каша'}\n", "shops.lola.telegram.secret: may hold only"),
        (SHOPS + "    telegram: {mode: fax}\n", "shops.lola.telegram.mode: "),
        (SHOPS + "    cards: [{number: 123}]\n", "shops.lola.cards.0.number: "),
        ("- a\n", "must hold `key: value` lines"),
        ("a: [\n", "line 2 is not YAML"),
    ],
)
def test_the_line_names_the_key(file: Path, text: str, says: str) -> None:
    assert says in wrong(file, text)


def test_the_line_never_holds_the_value(file: Path) -> None:
    assert "hunter2" not in wrong(file, SHOPS + "    telegram: {token: hunter2}\n")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SOTUV_HTTP__PRT", "1", "SOTUV_HTTP__PRT: there is no setting http.prt"),
        ("SOTUV_TYPO", "1", "SOTUV_TYPO: there is no setting typo"),
        ("SOTUV_SHOPS__LOLA__TOKEN", "1", "there is no setting shops.lola.token"),
        ("SOTUV_META__MEDIA_HOSTS", "a,b", "SOTUV_META__MEDIA_HOSTS: must be JSON"),
        ("SOTUV_HTTP__PORT", "high", "http.port: input should be a valid integer, unable to parse"),
        ("SOTUV_LLM__API_KEY_FILE", "/nowhere/key", "cannot read /nowhere/key"),
    ],
)
def test_a_wrong_environment_is_an_error(file: Path, name: str, value: str, says: str) -> None:
    assert says in wrong(file, **{name: value})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"nowhere.yaml: cannot be read .*--config"):
        Config.load(tmp_path / "nowhere.yaml", {})


def test_every_secret_is_found_for_the_log_to_hide(config: Config) -> None:
    card = CardConfig(number=SecretStr("8600000000000000"))
    bot = TelegramConfig(token=SecretStr("123456:abcdef"), secret=SecretStr("hook-secret"))
    shop = config.shops["lola"].model_copy(update={"cards": [card], "telegram": bot})
    whole = config.model_copy(update={"shops": {"lola": shop}, "http": HttpConfig(metrics_token=SecretStr("m-token"))})
    assert {"8600000000000000", "123456:abcdef", "hook-secret", "m-token"} <= set(secrets_of(whole))

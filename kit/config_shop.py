"""What the settings say of one shop: its folder, its cards, its channels, its tills. `kit.config` reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class Part(BaseModel):
    """A strict, unchanging part of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CardConfig(Part):
    number: SecretStr = SecretStr("")
    holder: str = ""

    @field_validator("number")
    @classmethod
    def _digits(cls, number: SecretStr) -> SecretStr:
        digits = re.sub(r"[\s-]", "", number.get_secret_value())
        if digits and not re.fullmatch(r"\d{16}", digits):
            raise ValueError("must be the 16 digits of the card")
        return SecretStr(digits)


class TelegramConfig(Part):
    token: SecretStr = SecretStr("")
    api_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    secret: SecretStr = SecretStr("")
    staff_group: int = 0
    payment_token: SecretStr = SecretStr("")

    @field_validator("token")
    @classmethod
    def _token(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and not re.fullmatch(r"\d{3,}:[\w-]{5,}", token.get_secret_value()):
            raise ValueError("is not a bot token; copy the whole line BotFather gave: digits, a colon, letters")
        return token

    @field_validator("secret")
    @classmethod
    def _secret(cls, secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("may hold only A-Z, a-z, 0-9, _ and - (Telegram's rule)")
        return secret


class InstagramConfig(Part):
    account_id: str = ""
    token: SecretStr = SecretStr("")

    @field_validator("account_id", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value  # an unquoted number in YAML


class PaymeConfig(Part):
    merchant_id: str = ""
    key: SecretStr = SecretStr("")
    account: str = Field("order_id", pattern=r"^[A-Za-z0-9_]{1,40}$")
    test: bool = False

    @field_validator("merchant_id")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9]*", value):
            raise ValueError("is the id of the kassa: letters and digits, as the Payme cabinet shows it")
        return value


class ClickConfig(Part):
    service_id: str = ""
    merchant_id: str = ""
    merchant_user_id: str = ""
    secret: SecretStr = SecretStr("")
    api_url: str = "https://api.click.uz/v2/merchant"

    @field_validator("service_id", "merchant_id", "merchant_user_id", mode="before")
    @classmethod
    def _digits(cls, value: object) -> object:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not re.fullmatch(r"[0-9]{0,18}", text):
            raise ValueError("is a number of the Click cabinet: digits alone")
        return text


class ShopConfig(Part):
    folder: Path
    cards: list[CardConfig] = []
    telegram: TelegramConfig = TelegramConfig()
    instagram: InstagramConfig = InstagramConfig()
    payme: PaymeConfig = PaymeConfig()
    click: ClickConfig = ClickConfig()

"""Comments in a channel's discussion group: a public answer with a button that opens the product in the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit import cache
from kit.config import Config
from kit.db import Pool
from tests.comments_room import Room, open_room
from tests.fakes.people import Person

CAPTION = "BoomMini bluetooth kolonka 🔊"


@dataclass
class Channel:
    """The shop's channel with its discussion group, seen by people who comment."""

    room: Room
    channel: int
    group: int

    @property
    def world(self) -> Any:
        return self.room.telegram

    async def publish(self, *what: Any, **how: Any) -> int:
        copy: int = await self.world.publish(self.channel, self.group, *what, **how)
        await self.room.quiet()
        return copy

    async def comment(self, who: Person, text: str, under: int) -> list[dict[str, Any]]:
        """What the bot says in the group since."""
        before = len(self.world.seen(self.group))
        await self.world.text(who, text, chat=self.group, reply_to=under)
        await self.room.quiet()
        found: list[dict[str, Any]] = self.world.seen(self.group)[before:]
        return found

    async def write(self, who: Person, text: str) -> list[str]:
        """What the bot answers in the private chat."""
        before = len(self.world.seen(who))
        await self.world.text(who, text)
        await self.room.quiet()
        return [plain(one.get("text") or one.get("caption") or "") for one in self.world.seen(who)[before:]]


@pytest.fixture
async def shop(own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path) -> AsyncIterator[Channel]:
    async with open_room(own_db, redis, config, tmp_path, telegram=True) as room:
        world = room.telegram
        assert world is not None
        yield Channel(room, world.channel("Nur", username="nur_market"), world.group("Nur muhokama"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def urls(message: dict[str, Any]) -> list[str]:
    return [button["url"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def test_a_price_is_told_under_the_comment_with_a_way_into_the_bot(shop: Channel) -> None:
    copy, who = await shop.publish(CAPTION), shop.world.person("Aziza")
    [said] = await shop.comment(who, "narxi qancha?", copy)
    assert "279 000" in plain(said["text"]) and "avtomatik" not in said["text"]
    assert said["reply_to_message"]["text"] == "narxi qancha?"
    assert urls(said) == ["https://t.me/nur_bot?start=p_GL-24"]
    opened = "\n".join(await shop.write(who, "/start p_GL-24"))
    assert "BoomMini" in opened and "279 000" in opened
    await shop.write(who, "qizilidan bitta")
    await shop.write(who, "90 012 34 56, Yunusobod 4-mavze 12-uy")
    await shop.write(who, "ha")
    rows = await shop.room.app.db.fetch("SELECT sku, variant FROM order_items WHERE shop_id = 'nur'")
    assert [tuple(row) for row in rows] == [("GL-24", "qizil")]


async def test_a_comment_on_a_comment_knows_the_post(shop: Channel) -> None:
    copy, who, other = await shop.publish(CAPTION), shop.world.person("Aziza"), shop.world.person("Bek")
    assert await shop.comment(other, "zo'r narsa ekan", copy) == []
    theirs = max(shop.world.messages[shop.group])
    [said] = await shop.comment(who, "qizili bormi, narxi qancha?", theirs)
    assert "279 000" in plain(said["text"])
    [more] = await shop.comment(who, "ko'k ham bormi", said["message_id"])  # an answer to the bot is meant for the bot
    assert "koʻk" in more["text"]


async def test_a_post_published_before_the_bot_came_is_known_by_what_a_comment_shows(shop: Channel) -> None:
    copy, who = await shop.publish(CAPTION, heard=False), shop.world.person("Aziza")
    [said] = await shop.comment(who, "+", copy)
    assert "279 000" in plain(said["text"])


async def test_several_products_are_a_list_with_a_button_each(shop: Channel) -> None:
    copy, who = await shop.publish("1) Power bank 20000 mAh 2) Simsiz sichqoncha"), shop.world.person("Aziza")
    [said] = await shop.comment(who, "narxlari?", copy)
    assert "229 000" in plain(said["text"]) and "99 000" in plain(said["text"])
    assert urls(said) == ["https://t.me/nur_bot?start=p_GL-18", "https://t.me/nur_bot?start=p_GL-28"]
    [said] = await shop.comment(who, "sichqoncha nechpul?", copy)
    assert "99 000" in plain(said["text"]) and "229" not in said["text"]


async def test_talk_in_the_group_is_let_be(shop: Channel) -> None:
    copy, who = await shop.publish(CAPTION), shop.world.person("Aziza")
    for text in ("zo'r ekan 😍", "Подпишись на меня, взаимная подписка!", "@bek mana shu"):
        assert await shop.comment(who, text, copy) == []
    await shop.world.text(who, "bozorda pomidor narxi qancha?", chat=shop.group)
    await shop.room.quiet()
    away = max(shop.world.messages[shop.group])
    assert await shop.comment(shop.world.person("Bek"), "qancha ekan?", away) == []  # a thread that is under no post
    assert await shop.room.cards() == []


async def test_a_complaint_is_a_card_and_its_answer_stands_under_the_comment(shop: Channel) -> None:
    owner, who = shop.world.person("Lola"), shop.world.person("Aziza")
    await shop.room.claim(owner)
    copy = await shop.publish(CAPTION)
    assert await shop.comment(who, "buzuq keldi, aldadingiz, pulimni qaytaring", copy) == []
    [card] = [one for one in shop.world.seen(owner) if "aldadingiz" in one.get("text", "")]
    assert "t.me/c/" in card["text"] and "Aziza" in card["text"]
    before = len(shop.world.seen(shop.group))
    await shop.world.text(owner, "Uzr, bugun almashtirib beramiz", reply_to=card["message_id"])
    await shop.room.quiet()
    [said] = shop.world.seen(shop.group)[before:]
    assert said["text"] == "Uzr, bugun almashtirib beramiz" and "aldadingiz" in said["reply_to_message"]["text"]


async def test_staff_who_comment_are_not_answered(shop: Channel) -> None:
    owner = shop.world.person("Lola")
    await shop.room.claim(owner)
    copy = await shop.publish(CAPTION)
    assert await shop.comment(owner, "narxi 279 ming, 5 ta bor", copy) == []


async def test_a_shop_may_keep_its_prices_for_the_bot(
    own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path
) -> None:
    async with open_room(own_db, redis, config, tmp_path, public="message", telegram=True) as room:
        assert room.telegram is not None
        shop = Channel(room, room.telegram.channel("Nur"), room.telegram.group("Muhokama"))
        copy, who = await shop.publish(CAPTION), shop.world.person("Aziza", language="ru")
        [said] = await shop.comment(who, "сколько стоит?", copy)
        assert said["text"] == "Цену подскажет и заказ примет наш бот." and len(urls(said)) == 1

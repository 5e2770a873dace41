"""A post that a shopper shares, or pastes a link to, in a chat: its platform is asked once, and not for long."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.inbox import shown
from kit import cache
from kit.config import Config
from kit.db import Pool
from tests.comments_room import Room, open_room
from tests.fakes.shoppers import Shopper, words_of
from tests.pictures import as_messenger_sends, product_png, unrelated_png

CAPTION = "BoomMini bluetooth kolonka 🔊"
BOOM, LAMP = "279 000", "139 000"
STREET = unrelated_png(7)
DRAWN = {
    name: as_messenger_sends(product_png(seed)) for seed, name in enumerate(("gl-24.jpg", "gl-28.jpg", "gl-30.jpg"))
}


@pytest.fixture
async def room(own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(own_db, redis, config, tmp_path) as made:
        yield made


@pytest.fixture
async def gallery(own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(own_db, redis, config, tmp_path, photos=DRAWN) as made:
        yield made


async def share(room: Room, who: Shopper, post: str, data: bytes = STREET, text: str = "", caption: str = "") -> str:
    before = len(who.inbox)
    await room.graph.shared_post(who, post, data, text, caption)
    await room.quiet()
    return "\n".join(words_of(one) for one in who.inbox[before:]).replace("\u00a0", " ")


async def write(room: Room, who: Shopper, text: str) -> str:
    return "\n".join(await room.write(who, text)).replace("\u00a0", " ")


def asked(room: Room, method: str = "post") -> int:
    return [call.method for call in room.graph.calls].count(method)


async def test_a_shared_post_nobody_saw_is_asked_for_once(room: Room) -> None:
    post = room.graph.publish(CAPTION)
    assert BOOM in await share(room, room.graph.shopper(), post)
    assert BOOM in await share(room, room.graph.shopper("bek"), post, text="qizili bormi?")
    assert asked(room) == 1
    _, public = await room.comment(room.graph.shopper("olim"), "narxi?", post)
    assert BOOM in public[0].replace("\u00a0", " ") and asked(room) == 1  # comments know it by now too


async def test_a_story_that_is_answered_is_asked_for(room: Room) -> None:
    story, who = room.graph.publish(CAPTION, story=True), room.graph.shopper()
    await room.graph.story_reply(who, "narxi qancha", story, STREET)
    await room.quiet()
    assert BOOM in words_of(who.inbox[0]).replace("\u00a0", " ")
    old = room.graph.publish(CAPTION, story=True)
    room.graph.pass_time(hours=25)
    other = room.graph.shopper("bek")
    await room.graph.story_reply(other, "narxi qancha", old, STREET)
    await room.quiet()
    assert other.inbox and BOOM not in words_of(other.inbox[0]).replace("\u00a0", " ")


async def test_a_reel_is_known_by_its_cover_and_a_carousel_by_all_its_pictures(gallery: Room) -> None:
    reel, who = gallery.graph.publish("🔥🔥", cover=DRAWN["gl-28.jpg"]), gallery.graph.shopper()
    payload = {"url": gallery.graph.keep(b"mp4", "video/mp4"), "title": "🔥🔥", "reel_video_id": reel}
    await gallery.graph.attachment(who, "ig_reel", payload)
    await gallery.quiet()
    assert "99 000" in words_of(who.inbox[0]).replace("\u00a0", " ")
    many = gallery.graph.publish("Yangi keldi", DRAWN["gl-30.jpg"], DRAWN["gl-24.jpg"])
    said = await share(gallery, gallery.graph.shopper("bek"), many, DRAWN["gl-30.jpg"])
    assert LAMP in said and BOOM in said  # the picture in the message shows the first alone


async def test_the_picture_speaks_for_a_post_of_others_and_while_the_platform_is_silent(
    gallery: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "WAIT_S", 0.6)
    foreign = gallery.graph.publish("Boshqa do'kon", STREET, owner="999")
    for name in ("a", "b"):
        assert "99 000" in await share(gallery, gallery.graph.shopper(name), foreign, DRAWN["gl-28.jpg"])
    assert asked(gallery) == 1  # not ours: not asked again within the hour
    post = gallery.graph.publish("Yangi keldi", DRAWN["gl-30.jpg"], DRAWN["gl-24.jpg"])
    gallery.graph.fail("refuse", "post", status=503)
    assert LAMP in await share(gallery, gallery.graph.shopper("c"), post, DRAWN["gl-30.jpg"])
    gallery.graph.fail("hang", "post", seconds=20.0)
    before = time.monotonic()
    assert LAMP in await share(gallery, gallery.graph.shopper("d"), post, DRAWN["gl-30.jpg"])
    assert shown.WAIT_S <= time.monotonic() - before < 20.0


async def test_a_list_that_was_refused_is_asked_for_again_soon(room: Room) -> None:
    room.graph.fail("refuse", "list_media", status=503)
    post, mark = room.graph.publish(CAPTION), "nur:instagram:-:posts_listed"
    assert "skrinshot" in await write(room, room.graph.shopper(), room.graph.link_to(post))
    assert 0 < await room.app.redis.ttl(mark) <= shown._AWAY_S
    await room.app.redis.delete(mark)
    assert BOOM in await write(room, room.graph.shopper("bek"), room.graph.link_to(post))


async def test_a_pasted_link_is_found_among_the_accounts_own_posts(room: Room) -> None:
    post = room.graph.publish(CAPTION)
    story = room.graph.publish("USB kabel", story=True)
    foreign = room.graph.publish("Boshqa", owner="999")
    who = room.graph.shopper()
    said = await write(room, who, f"{room.graph.link_to(post)} shu qancha turadi")
    assert BOOM in said and asked(room, "list_media") == 1 and asked(room) == 0
    for unknown in (foreign, story):
        assert "skrinshot" in await write(room, room.graph.shopper("bek"), room.graph.link_to(unknown))
    assert asked(room, "list_media") == 1  # once a minute
    await room.app.redis.delete("nur:instagram:-:posts_listed")
    fresh = room.graph.publish(CAPTION)
    assert BOOM in await write(room, room.graph.shopper("olim"), room.graph.link_to(fresh))
    assert asked(room, "list_media") == 2

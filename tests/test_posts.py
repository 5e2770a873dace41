"""What a post of the shop shows: by caption, by pictures, asked from the platform once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.inbox import accept
from kit.db import Pool, transaction
from kit.errors import Refused, Unavailable
from kit.message import Chat, Incoming, Media, Published
from shop import captions, posts
from shop.catalogue import Product, read_rows
from shop.posts import Finder, Sources
from shop.shops import Shop
from tests.orders_shop import make_shop
from tests.queueing import AT_ONCE
from vision.match import Candidate, Match

SHOES = Product("SH-1", "Charm botinka", 400_000, "UZS", "Ботинки кожаные")
BOOTS = Product("SH-2", "Rezina etik", 90_000, "UZS", "Сапоги резиновые")
SCARF = Product("SC-1", "Jun sharf", 80_000, "UZS", "Шарф шерстяной")
SILK = Product("SC-2", "Ipak sharf", 120_000, "UZS", "Шарф шёлковый")


@dataclass
class World:
    """A platform with one post, and eyes that know pictures by their bytes."""

    answer: Published | Unavailable | None = None
    asked: int = 0
    fetched: list[str] = field(default_factory=list)
    shows: dict[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> Sources:
        return Sources(self._ask, self._fetch, self._match)

    async def _ask(self, post_id: str) -> Published | None:
        self.asked += 1
        if isinstance(self.answer, Unavailable):
            raise self.answer
        return self.answer

    async def _fetch(self, media: Media) -> bytes:
        self.fetched.append(media.ref)
        return media.ref.encode()

    async def _match(self, data: bytes) -> Match:
        if data == b"broken":
            raise Refused("picture.not_a_picture")
        sku = self.shows.get(data.decode(), "")
        return Match("exact", (Candidate(sku, 0.9),)) if sku else Match("none")


@pytest.fixture
def shop() -> Shop:
    return make_shop((SHOES, BOOTS, SCARF, SILK))


def pictures(*names: str) -> tuple[Media, ...]:
    return tuple(Media("photo", name) for name in names)


async def find(pool: Pool, shop: Shop, world: World, finder: Finder | None = None) -> Sequence[str]:
    return (await (finder or Finder(pool)).find(shop, "instagram", "p1", world.sources)).skus


async def test_a_caption_names_the_product_and_the_platform_is_asked_once(own_db: Pool, shop: Shop) -> None:
    world = World(Published("Charm botinkalar keldi ❄️ #poyabzal", "https://www.instagram.com/p/Cabcde/", pictures("a")))
    for _ in range(3):
        assert await find(own_db, shop, world) == ("SH-1",)
    assert world.asked == 1 and world.fetched == []
    shared = await posts.by_link(own_db, shop.id, "https://instagram.com/p/Cabcde")
    assert shared is not None and shared.caption.startswith("Charm")


async def test_a_caption_with_an_article(own_db: Pool, shop: Shop) -> None:
    assert await find(own_db, shop, World(Published("Yangilik! Art: SC 2"))) == ("SC-2",)


async def test_pictures_show_what_the_caption_does_not_name(own_db: Pool, shop: Shop) -> None:
    world = World(
        Published("Yangi kolleksiya 🍂", media=pictures("broken", "a", "street", "b")), shows={"a": "SH-2", "b": "SC-1"}
    )
    for _ in range(2):
        assert await find(own_db, shop, world) == ("SH-2", "SC-1")
    assert world.fetched == ["broken", "a", "street", "b"]  # looked at once


async def test_the_picture_settles_what_the_caption_leaves_open(own_db: Pool, shop: Shop) -> None:
    world = World(Published("Sharflar keldi", media=pictures("a")), shows={"a": "SC-2"})
    assert await find(own_db, shop, world) == ("SC-2",)


async def test_what_neither_shows_is_unknown_and_not_asked_again_at_once(own_db: Pool, shop: Shop) -> None:
    world = World(Published("Hayrli tong!", media=pictures("street")))
    for _ in range(3):
        assert await find(own_db, shop, world) == ()
    assert world.asked == 1 and world.fetched == ["street"]
    world.shows, world.answer = {"street": "SC-2"}, Published("Hayrli tong!", media=pictures("street"))
    await own_db.execute("UPDATE posts SET asked_at = now() - interval '2 hours' WHERE shop_id = $1", shop.id)
    assert await find(own_db, shop, world) == ("SC-2",)  # its photo was added meanwhile
    await own_db.execute(
        "UPDATE posts SET skus = '{}', asked_at = now() - interval '2 hours' WHERE shop_id = $1", shop.id
    )
    world.answer = Published("Jun sharf")  # the owner wrote the name under it
    assert await find(own_db, shop, world) == ("SC-1",)


async def test_a_platform_that_refuses_is_not_asked_at_every_comment(own_db: Pool, shop: Shop) -> None:
    world = World(Unavailable("no permission", permanent=True, code="permission"))
    for _ in range(3):
        assert await find(own_db, shop, world) == ()
    assert world.asked == 1


async def test_a_platform_that_is_away_is_asked_again(own_db: Pool, shop: Shop) -> None:
    world = World(Unavailable("502", code="5xx"))
    with pytest.raises(Unavailable):
        await find(own_db, shop, world)
    world.answer = Published("Rezina etik")
    assert await find(own_db, shop, world) == ("SH-2",)


async def test_a_product_that_is_sold_no_more_is_looked_for_anew(own_db: Pool, shop: Shop) -> None:
    async with transaction(own_db) as tx:
        await posts.remember(tx, shop.id, "instagram", "p1", skus=["GONE"], caption="Charm botinka")
    assert await find(own_db, shop, World()) == ("SH-1",)


async def test_an_album_of_a_channel_is_one_post(own_db: Pool, shop: Shop) -> None:
    channel, group = Chat(shop.id, "telegram", "-1001"), Chat(shop.id, "telegram", "-1002")
    texts = {9: "", 10: "Rangi uch xil, Jun sharf", 11: ""}
    updates = [
        Incoming(chat, f"{chat.id}:{number}", kind="post", text=text, post=f"-1001:{number}", album="77", group=True,
                 media=pictures(f"f{number}"), thread=str(number + 40) if chat is group else "")
        for chat in (channel, group) for number, text in texts.items()
    ]  # fmt: skip
    await accept(own_db, updates, AT_ONCE)
    assert await posts.under(own_db, shop.id, "telegram", "-1002", "49") == "-1001:9"
    assert await posts.under(own_db, shop.id, "telegram", "-1002", "7") == ""
    world = World()
    found = await Finder(own_db).find(shop, "telegram", "-1001:9", world.sources)
    assert found.skus == ("SC-1",)
    world.shows = {"f9": "SH-1", "f10": "SH-2"}
    await own_db.execute("UPDATE posts SET caption = 'Kuz' WHERE shop_id = $1", shop.id)
    assert (await Finder(own_db).find(shop, "telegram", "-1001:9", world.sources)).skus == ("SH-1", "SH-2")
    assert world.fetched == ["f9", "f10", "f11"]


async def test_the_accounts_own_posts_are_listed_until_nothing_is_new(
    own_db: Pool, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def account(posts_: int) -> Callable[[str], Awaitable[tuple[list[Published], str]]]:
        listed = [
            Published("Jun sharf", f"https://www.instagram.com/p/Code{at:04}/", id=str(at)) for at in range(posts_)
        ]
        listed.reverse()

        async def page(after: str) -> tuple[list[Published], str]:
            asked.append(after)
            first = int(after or 0)
            return listed[first : first + 50], str(first + 50) if first + 50 < len(listed) else ""

        return page

    assert await posts.catch_up(own_db, shop.id, "instagram", account(120), whole=True) == 120
    assert asked == ["", "50", "100"]
    assert await posts.catch_up(own_db, shop.id, "instagram", account(121), whole=False) == 1
    assert await posts.catch_up(own_db, shop.id, "instagram", account(121), whole=False) == 0
    assert asked[3:] == ["", "50", ""]
    found = await posts.by_link(own_db, shop.id, "instagram.com/p/Code0000")
    assert found is not None and found.post_id == "0"
    monkeypatch.setattr(posts, "_PAGES", 2)
    assert await posts.catch_up(own_db, shop.id, "instagram", account(321), whole=True) == 100
    assert len(asked) == 6 + 2  # what is older stays unknown


async def test_a_card_number_in_a_caption_is_not_kept(own_db: Pool, shop: Shop) -> None:
    post = Incoming(
        Chat(shop.id, "telegram", "-1001"), "1", kind="post", text="Karta 8600 1204 5678 4417", post="-1001:5"
    )
    await accept(own_db, [post], AT_ONCE)
    kept = await posts.by_id(own_db, shop.id, "telegram", "-1001:5")
    assert kept is not None and "5678" not in kept.caption


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ("1) Charm botinka 2) Jun sharf 3) Rezina etik", ("SH-1", "SC-1", "SH-2")),
        ("1️⃣ Ботинки кожаные 2️⃣ Шарф шёлковый", ("SH-1", "SC-2")),
        ("• Jun sharf\n• Rezina etik", ("SC-1", "SH-2")),
        ("#botinka #sharf @charm_botinka Salom, azizlar!", ()),
        ("Hayrli tong, aziz mijozlar!", ()),
        ("Онлайн магазин, доставка бесплатно", ()),
        ("Sharflar", ("SC-1", "SC-2")),
    ],
)
def test_captions(shop: Shop, caption: str, found: tuple[str, ...]) -> None:
    assert captions.named_in(shop, caption) == found


_GREETINGS = (
    "Hayrli tong!", "С праздником, дорогие друзья", "Toshkent boʻylab yetkazib berish bepul", "Онлайн магазин",
    "Обновление коллекции каждую неделю", "Подарки для мамы", "Sizga qaysi biri yoqdi?", "Конкурс! Подпишись и выиграй",
    "Doʻkonimiz jamoasi bilan tanishing", "Makiyaj sirlari", "Qishga tayyormisiz?", "Sale -50%", "Good morning",
    "Сегодня работаем до 22:00", "Ona kuni bilan!", "Qaysi rang yoqdi?", "Наши отзывы", "8 mart yaqin",
)  # fmt: skip


def test_measures_in_a_title_need_not_be_written() -> None:
    rows, _ = read_rows(Path(__file__).parent / "dialogues/usta/catalog.csv")
    shop = make_shop(tuple(row.product for row in rows))
    assert captions.named_in(shop, "Перфоратор\nДрель") == ("UM-01", "UM-02")  # 800 and 650 watts
    assert captions.named_in(shop, "Oshxona smesiteli keldi") == ("UM-34",)


@pytest.mark.parametrize("folder", [f"dialogues/{name}" for name in ("nur", "baxt", "usta", "atir", "dala")] + ["shop"])
def test_a_greeting_is_nobodys_price(folder: str) -> None:
    rows, _ = read_rows(Path(__file__).parent / folder / "catalog.csv")
    shop = make_shop(tuple(row.product for row in rows))
    assert {text: found for text in _GREETINGS if (found := captions.named_in(shop, text))} == {}

"""The web chat over HTTP: the page, posting, and who may do what."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.widget import receive
from kit import words
from kit.cache import Redis
from kit.config import Config, HttpConfig, ShopConfig
from kit.db import Pool
from kit.message import Button, Chat, Reply
from shop import contacts, staff
from tests.fakes.voice import m4a, ogg
from tests.widget_world import Tab, browser, make_app, say, stored

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
_CANNOT_BE: tuple[dict[str, str], ...] = (
    {"text": ""},
    {"text": "   "},
    {"text": "x", "id": ""},
    {"text": "x", "id": "not-a-uuid"},
    {"text": "x", "id": "A" * 36},
    {"lat": "91", "lon": "0"},
    {"lat": "nan", "lon": "0"},
    {"lat": "x", "lon": "y"},
    {"lat": "1"},
    {"start": "../../etc"},
    {"start": "x" * 65},
    {"button": "b:1"},
    {"button": "b:1", "message": "99999"},
    {"button": "b:1", "message": "-1"},
    {"button": "b:1", "message": "9" * 40},
)
_BODIES = (
    (b"", "application/json"),
    (b"{not json", "application/json"),
    (b"[" * 100_000, "application/json"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"\xff\xfe\0", "multipart/form-data"),
    (b"a=%ff&id=%00", "application/x-www-form-urlencoded"),
    (b"\xff" * 1000, "text/plain"),
)


@pytest.fixture
def app(own_db: Pool, redis: Redis, config: Config) -> App:
    return make_app(own_db, redis, config)


@pytest.fixture
async def tab(app: App) -> AsyncIterator[Tab]:
    async with browser(app) as tab:
        await tab.open()
        yield tab


# ---- the page --------------------------------------------------------------------------------------------------------


async def test_page_has_its_parts_by_role(tab: Tab) -> None:
    response = await tab.open()
    assert response.status_code == 200 and 'role="log"' in tab.html and "<textarea" in tab.html
    assert tab.html.count('type="file"') == 1 and 'aria-label="Xabar yozing…"' in tab.html
    assert "Lola Style" in tab.html and "Toshkent, Chilonzor tumani" in tab.html


@pytest.mark.parametrize("language", words.LANGUAGES)
async def test_page_speaks_four_languages(tab: Tab, language: str) -> None:
    response = await tab.open(lang=language)
    assert words.say(language, "web.send") in tab.html
    assert f'lang="{language.replace("_", "-")}"' in tab.html
    assert f"sotuv_language={language}" in response.headers["set-cookie"]
    await tab.open()  # the choice is kept
    assert words.say(language, "web.send") in tab.html


async def test_page_runs_no_script_but_its_own(tab: Tab) -> None:
    response = await tab.open()
    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    assert tab.html.count("<script") == 1 and "<style" not in tab.html and " style=" not in tab.html


async def test_static_files_are_kept_for_ever(tab: Tab) -> None:
    for name, kind in (("chat.js", "text/javascript"), ("chat.css", "text/css")):
        response = await tab.client.get(f"/static/{name}")
        assert response.headers["content-type"].startswith(kind) and "immutable" in response.headers["cache-control"]
    for name in ("message.html", "..%2fsend.py", "nothing.js"):
        assert (await tab.client.get(f"/static/{name}")).status_code == 404


async def test_unknown_shop_is_not_found(tab: Tab) -> None:
    for path in ("/chat/other", "/chat/other/events", "/privacy/other"):
        assert (await tab.client.get(path)).status_code == 404
    tab.shop_id = "other"
    assert (await tab.post(text="x")).status_code == 404


async def test_deep_link_waits_on_the_page_to_be_posted(tab: Tab) -> None:
    await tab.open(start="p_LS-101")
    assert 'data-start="p_LS-101"' in tab.html
    await tab.open(start='"><script>')
    assert 'data-start=""' in tab.html


async def test_shelf_shows_products_with_pictures(tab: Tab, app: App) -> None:
    name = app.media.put(JPEG, "jpg")
    for sku, category, photos in (("A", "x", [name]), ("B", "x", [name]), ("C", "y", [name]), ("D", "z", [])):
        await app.db.execute(
            "INSERT INTO products (shop_id, sku, title_uz, price, currency, category, photos) "
            "VALUES ('lola', $1, 'Narsa ' || $1, 79000, 'UZS', $2, $3)",
            sku,
            category,
            photos,
        )
    await app.db.execute("INSERT INTO profiles (shop_id) VALUES ('lola')")
    app.shops._kept.clear()
    await tab.open()
    places = [tab.html.find(f"Narsa {sku}") for sku in "ACBD"]
    assert 0 < places[0] < places[1] < places[2] and places[3] == -1  # one of each category first
    assert "79\u00a0000\u00a0soʻm" in tab.html


# ---- posting ---------------------------------------------------------------------------------------------------------


async def test_words_are_stored_before_they_are_answered(tab: Tab, app: App) -> None:
    response = await tab.post(text="  Salom\r\nqoʻylak bormi? ")
    assert response.status_code == 200
    (incoming,) = await stored(app)
    assert (incoming.kind, incoming.text, incoming.chat.channel) == ("message", "Salom\nqoʻylak bormi?", "widget")
    assert incoming.sender == incoming.chat.id and incoming.language == "en" and incoming.sent_at > 1.7e9
    html = response.json()["html"]
    assert "qoʻylak bormi?" in html and f'id="m-{incoming.message_id}"' in html


async def test_dots_are_promised_unless_a_person_has_the_chat(tab: Tab, app: App) -> None:
    assert (await tab.post(text="salom")).json()["typing"] is True
    chat = (await stored(app))[0].chat
    async with app.db.acquire() as tx, tx.transaction():
        await contacts.seen(tx, (await stored(app))[0])
        await contacts.pause(tx, chat, 30)
    assert (await tab.post(text="salom")).json()["typing"] is False


async def test_same_message_five_times_at_once_is_one(tab: Tab, app: App) -> None:
    same = str(uuid.uuid4())
    answers = await asyncio.gather(*(tab.post(id=same, text="olaman") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["html"] for answer in answers}) == 1 and len(await stored(app)) == 1


async def test_card_number_is_masked_on_the_page_too(tab: Tab, app: App) -> None:
    response = await tab.post(text="kartam 8600 4954 7331 6478")
    assert "7331" not in response.json()["html"] and "7331" not in (await stored(app))[0].text


async def test_command_and_deep_link(tab: Tab, app: App) -> None:
    await tab.post(text="/claim ABCD-EFGH-JKLM")
    await tab.post(start="p_LS-101")
    claim, start = await stored(app)
    assert (claim.kind, claim.text) == ("command", "/claim ABCD-EFGH-JKLM")
    assert (start.kind, start.text, start.start) == ("command", "/start p_LS-101", "p_LS-101")


async def test_location(tab: Tab, app: App) -> None:
    assert (await tab.post(lat="41.31108123", lon="69.2797")).status_code == 200
    assert (await stored(app))[0].location == (41.311081, 69.2797)


async def test_what_cannot_be_is_refused_with_a_sentence(tab: Tab, app: App) -> None:
    for fields in _CANNOT_BE:
        response = await tab.post(**fields)
        assert response.status_code == 400 and len(response.json()["error"]) > 10, fields
    assert await stored(app) == []


async def test_too_long_and_strange_letters(tab: Tab, app: App) -> None:
    assert (await tab.post(text="x" * 4001)).status_code == 413
    assert (await tab.post(text="nul\0 in \u202eit \U0001f44d")).status_code == 200
    assert (await stored(app))[0].text == "nul in \u202eit \U0001f44d"


async def test_no_body_makes_an_error_of_ours(tab: Tab, app: App) -> None:
    for body, kind in _BODIES:
        headers = {"Content-Type": kind, "Origin": tab.origin}
        response = await tab.client.post("/chat/lola/messages", content=body, headers=headers)
        assert 400 <= response.status_code < 500, kind
    assert await stored(app) == []


# ---- files -----------------------------------------------------------------------------------------------------------


async def test_pictures_are_in_the_store_before_the_message(tab: Tab, app: App) -> None:
    files = [("qoʻylak.png", PNG, "image/png"), ("b.jpg", JPEG, "image/jpeg"), ("chek.pdf", b"%PDF-1.4 x", "x/y")]
    response = await tab.post(text="mana", files=files)
    assert response.status_code == 200
    (incoming,) = await stored(app)
    assert [media.kind for media in incoming.media] == ["photo", "photo", "file"]
    assert [media.mime for media in incoming.media] == ["image/png", "image/jpeg", "application/pdf"]
    assert [media.name for media in incoming.media] == ["qoʻylak.png", "b.jpg", "chek.pdf"]
    channel = app.channel("lola", "widget")
    assert [await channel.fetch(media) for media in incoming.media] == [PNG, JPEG, b"%PDF-1.4 x"]
    assert response.json()["html"].count("/media/") == 5  # two pictures: link and image each


async def test_what_only_says_it_is_a_picture_is_kept_for_the_agent_to_refuse(tab: Tab, app: App) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    await tab.post(files=[("x.svg", svg, "image/svg+xml")])
    (media,) = (await stored(app))[0].media
    assert (media.kind, media.mime) == ("photo", "") and media.ref.endswith(".bin")
    response = await tab.client.get(f"/media/{media.ref}")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(("data", "claimed", "kind"), [
    (ogg("narxi qancha"), "audio/ogg", "voice"), (m4a("narxi qancha"), "audio/mp4; codecs=x", "voice"),
    (m4a("a film"), "video/mp4", "photo"), (JPEG, "audio/ogg", "photo"), (b"no sound", "audio/ogg", "file"),
])  # fmt: skip
async def test_a_recording_is_a_voice_message(tab: Tab, app: App, data: bytes, claimed: str, kind: str) -> None:
    await tab.post(files=[("recording", data, claimed)])
    (media,) = (await stored(app))[0].media
    assert media.kind == kind and app.media.read(media.ref) == data
    response = await tab.client.get(f"/media/{media.ref}")
    assert kind != "voice" or response.headers["content-disposition"].startswith("attachment")


async def test_a_clients_file_name_stays_words(tab: Tab, app: App) -> None:
    for name in ("../../etc/passwd", "..\\..\\x.jpg", "a" * 300, "\u202egpj.exe", "CON", "a\0b.jpg"):
        await tab.post(files=[(name, JPEG, "image/jpeg")])
        (media,) = (await stored(app))[-1].media
        assert "/" not in media.name and "\\" not in media.name and len(media.name) <= 80
        assert "\u202e" not in media.name and app.media.path(media.ref).is_relative_to(app.media.folder)
    assert len(await stored(app)) == 6


async def test_too_big_too_many_and_empty_files(tab: Tab, app: App) -> None:
    big = JPEG + b"\0" * (10 * 1024 * 1024)
    assert (await tab.post(files=[("a.jpg", big, "image/jpeg")])).status_code == 413
    assert (await tab.post(files=[("a.jpg", JPEG, "image/jpeg")] * 11)).status_code == 400
    assert (await tab.post(files=[("a.jpg", JPEG, "image/jpeg")] * 30)).status_code == 400
    assert (await tab.post(files=[("a.jpg", b"", "image/jpeg")])).status_code == 400
    assert await stored(app) == []


async def test_uploads_never_fill_the_disk(tab: Tab, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "ROOM_BYTES", 1 << 60)
    response = await tab.post(files=[("a.jpg", JPEG, "image/jpeg")])
    assert response.status_code == 507 and response.json()["error"] and await stored(app) == []
    assert (await tab.post(text="words still go")).status_code == 200


# ---- presses and replies ---------------------------------------------------------------------------------------------


@pytest.fixture
async def chat(tab: Tab) -> Chat:
    return await tab.chat()


async def test_press_of_a_button_that_was_shown(tab: Tab, app: App, chat: Chat) -> None:
    card = await say(app, chat, Reply("2 ta?", buttons=((Button("Ha", "b:yes"), Button("Yoʻq", "b:no")),)))
    assert (await tab.post(button="b:no", message=card)).status_code == 200
    press = (await stored(app))[-1]
    assert (press.kind, press.button, press.text, press.message_id) == ("button", "b:no", "Yoʻq", card)
    assert press.press_id == press.event_id


async def test_press_after_an_edit_names_the_first_message(tab: Tab, app: App, chat: Chat) -> None:
    card = await say(app, chat, Reply("a", buttons=((Button("1", "b:1"),),)))
    look = await say(app, chat, Reply("b", buttons=((Button("2", "b:2"),),), edit=card))
    assert (await tab.post(button="b:2", message=look)).status_code == 200
    assert (await stored(app))[-1].message_id == card


async def test_press_of_a_token_never_shown_here_is_refused(tab: Tab, app: App, chat: Chat) -> None:
    card = await say(app, chat, Reply("a", buttons=((Button("1", "b:1"),),)))
    other = await say(app, Chat("lola", "widget", "f" * 32), Reply("a", buttons=((Button("$", "s:paid:1"),),)))
    before = len(await stored(app))
    for token, message in (("s:paid:1", card), ("s:paid:1", other), ("b:2", card), ("b:1", str(int(card) + 9))):
        assert (await tab.post(button=token, message=message)).status_code == 400
    assert len(await stored(app)) == before


async def test_reply_names_a_message_of_this_conversation_only(tab: Tab, app: App, chat: Chat) -> None:
    card = await say(app, chat, Reply("Qizil koʻylak\n250 000"))
    other = await say(app, Chat("lola", "widget", "f" * 32), Reply("secret"))
    response = await tab.post(text="shuni olaman", reply_to=card)
    assert "Qizil koʻylak" in response.json()["html"]
    response = await tab.post(text="buni-chi", reply_to=other)
    assert response.status_code == 200 and "secret" not in response.text
    assert [incoming.reply_to for incoming in await stored(app)][-2:] == [card, ""]


# ---- who may ---------------------------------------------------------------------------------------------------------


async def test_another_sites_page_cannot_post(tab: Tab, app: App) -> None:
    for origin in ("", "null", "https://evil.example", "http://shop.test.evil.example", "http://shop"):
        tab.origin = origin
        assert (await tab.post(text="x")).status_code == 403, origin
    assert await stored(app) == []


async def test_public_address_behind_a_proxy_may_post(own_db: Pool, redis: Redis, config: Config) -> None:
    app = make_app(own_db, redis, config.model_copy(update={"http": HttpConfig(public_url="https://lola.uz")}))
    async with browser(app) as tab:
        response = await tab.open()
        assert "Secure" in response.headers["set-cookie"]
        cookie = response.headers["set-cookie"].partition(";")[0]
        headers = {"Origin": "https://lola.uz", "Cookie": cookie}
        posted = await tab.client.post(
            "/chat/lola/messages", data={"id": str(uuid.uuid4()), "text": "x"}, headers=headers
        )
        assert posted.status_code == 200


async def test_without_a_cookie_nothing_is_taken_or_shown(tab: Tab, app: App) -> None:
    await tab.post(text="mine")
    tab.client.cookies.clear()
    assert (await tab.post(text="x")).status_code == 401
    assert (await tab.client.get("/chat/lola/events")).status_code == 401
    await tab.open()
    assert "mine" not in tab.words() and len(await stored(app)) == 1


async def test_twenty_messages_in_ten_seconds_and_no_more(tab: Tab, app: App) -> None:
    for _ in range(20):
        assert (await tab.post(text="x")).status_code == 200
    refused = await tab.post(text="x")
    assert refused.status_code == 429 and refused.headers["retry-after"] == "10" and refused.json()["error"]
    await app.db.execute("UPDATE inbox SET received_at = now() - interval '11 seconds'")
    assert (await tab.post(text="x")).status_code == 200


async def test_one_browser_plays_shopper_and_staff(tab: Tab, app: App) -> None:
    desk = Tab(tab.client, role="staff")
    await desk.open()
    await tab.post(text="from the shopper")
    await desk.post(text="/orders")
    shopper, clerk = await stored(app)
    assert shopper.chat.id != clerk.chat.id
    await tab.open()
    await desk.open()
    assert "from the shopper" in tab.words() and "/orders" not in tab.words()
    assert "/orders" in desk.words() and "from the shopper" not in desk.words()


async def test_staff_tab_tells_how_to_claim_and_then_what_next(tab: Tab, app: App) -> None:
    desk = Tab(tab.client, role="staff")
    await desk.open()
    assert "/claim" in desk.html and "/today" not in desk.html
    chat = await desk.chat()
    async with app.db.acquire() as tx, tx.transaction():
        code = await staff.make_code(tx, "lola")
        await staff.claim(tx, "lola", "widget", chat.id, chat.id, code)
    await desk.open()
    assert "/claim" not in desk.html and "/today" in desk.html
    await tab.open()
    assert "as=staff" in tab.html  # this browser knows the staff's window
    async with browser(app) as stranger:
        await stranger.open()
        assert "as=staff" not in stranger.html  # a shopper has no business there


async def test_two_shops_share_nothing(own_db: Pool, redis: Redis, config: Config) -> None:
    folder = config.shops["lola"].folder
    shops = {"lola": ShopConfig(folder=folder), "nur": ShopConfig(folder=folder)}
    app = make_app(own_db, redis, config.model_copy(update={"shops": shops}))
    async with browser(app) as tab:
        await tab.open()
        await tab.post(text="only for lola")
        lola = (await stored(app))[0].chat
        card = await say(app, lola, Reply("secret", buttons=((Button("x", "b:x"),),)))
        other = Tab(tab.client, shop_id="nur")
        await other.open()
        assert "only for lola" not in other.words() and "secret" not in other.words()
        assert (await other.post(button="b:x", message=card)).status_code == 400
        name, value = next((c.name, c.value) for c in tab.client.cookies.jar if c.name == "sotuv_lola_shopper")
        tab.client.cookies.set(name.replace("lola", "nur"), value or "", domain="shop.test", path="/chat/nur")
        await other.open()
        assert "secret" not in other.words()

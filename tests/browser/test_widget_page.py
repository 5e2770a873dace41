"""The web chat as a person meets it: every part is found by its role, nothing written is lost, nothing written runs."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("playwright.async_api")
from PIL import Image
from playwright.async_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from bot import web
from bot.app import App
from kit import tasks
from kit.message import Button, Chat, Incoming, Reply
from tests.drawing import jpeg
from tests.widget_world import say, stored

pytestmark = pytest.mark.slow

PHOTO = jpeg(Image.new("RGB", (300, 400), (180, 60, 60)))


def _photo(name: str = "photo.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": PHOTO}


def _log(page: Page) -> Locator:
    return page.get_by_role("log")


async def _write(page: Page, text: str) -> None:
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("textbox").press("Enter")


async def _arrived(app: App, count: int = 1, within_s: float = 8.0) -> list[Incoming]:
    """The inbox once it holds `count` messages."""
    async with asyncio.timeout(within_s):
        while len(found := await stored(app)) < count:
            await asyncio.sleep(0.05)
    return found


async def _chat(app: App, page: Page) -> Chat:
    """The conversation of `page`, begun with a greeting."""
    before = len(await stored(app))
    await _write(page, "hello")
    return (await _arrived(app, before + 1))[-1].chat


# ---- talking ---------------------------------------------------------------------------------------------------------


async def test_words_go_and_come_and_are_there_after_a_reload(page: Page, app: App) -> None:
    chat = await _chat(app, page)
    await expect(_log(page)).to_contain_text("hello")
    await app.channel("lola", "widget").typing(chat)
    await expect(page.locator(".typing")).to_be_visible()
    await say(app, chat, Reply("Salom!\nNima kerak?"))
    await expect(_log(page)).to_contain_text("Nima kerak?")
    await expect(page.locator(".typing")).to_be_hidden()
    await page.reload()
    await expect(_log(page)).to_contain_text("hello")
    await expect(_log(page)).to_contain_text("Nima kerak?")
    await expect(_log(page).get_by_role("article")).to_have_count(2)


async def test_send_button_and_a_second_line(page: Page, app: App) -> None:
    await page.get_by_role("textbox").fill("one")
    await page.get_by_role("textbox").press("Shift+Enter")
    await page.get_by_role("textbox").type("two")
    await page.get_by_role("button", name="Send").click()
    assert (await _arrived(app))[0].text == "one\ntwo"
    await expect(page.get_by_role("textbox")).to_have_value("")


async def test_a_product_card_is_pressed_and_changes(page: Page, app: App) -> None:
    chat = await _chat(app, page)
    picture = app.media.put(PHOTO, "jpg")
    rows = ((Button("M", "b:m", "primary"), Button("L", "b:l")),)
    card = await say(app, chat, Reply("Paxta futbolka\n79 000 soʻm", photos=(picture,), buttons=rows))
    image = _log(page).get_by_role("img", name="Photo")
    await expect(image).to_be_visible()
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 300
    await _log(page).get_by_role("button", name="L", exact=True).click()
    press = (await _arrived(app, 2))[-1]
    assert (press.kind, press.button, press.message_id) == ("button", "b:l", card)
    await say(app, chat, Reply("Savatda: L", edit=card, toast="Qoʻshildi", press_id=press.press_id))
    await expect(page.locator(".note")).to_have_text("Qoʻshildi")
    await expect(_log(page)).not_to_contain_text("79 000")
    await expect(_log(page)).to_contain_text("Savatda: L")


async def test_first_look_offers_what_to_ask(page: Page, app: App) -> None:
    await page.get_by_role("button", name="How much is delivery?").press("Enter")
    await expect(page.get_by_role("textbox")).to_be_focused()  # the button is gone: the keyboard has a place to be
    assert (await _arrived(app))[0].text == "How much is delivery?"
    await expect(page.get_by_role("button", name="How much is delivery?")).to_be_hidden()


async def test_reply_to_a_message(page: Page, app: App) -> None:
    chat = await _chat(app, page)
    first = await say(app, chat, Reply("Qizil koʻylak"))
    await say(app, chat, Reply("Koʻk koʻylak"))
    message = _log(page).get_by_role("article").filter(has_text="Qizil")
    await message.hover()
    await message.get_by_role("button", name="Reply").click()
    await expect(page.locator(".quote")).to_contain_text("Qizil koʻylak")
    await _write(page, "shuni olaman")
    assert (await _arrived(app, 2))[-1].reply_to == first
    await expect(_log(page).locator(".quoted")).to_have_text("Qizil koʻylak")
    await expect(page.locator(".quote")).to_be_hidden()


async def test_copy_and_link_buttons(page: Page, app: App, context: BrowserContext) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat = await _chat(app, page)
    buttons = ((Button("Card", copy="8600 1234"), Button("Payme", url="https://payme.example/x")),)
    await say(app, chat, Reply("Pay", buttons=buttons))
    await _log(page).get_by_role("button", name="Card").click()
    await expect(_log(page).get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "8600 1234"
    link = _log(page).get_by_role("link", name="Payme")
    assert await link.get_attribute("href") == "https://payme.example/x"
    assert "noopener" in (await link.get_attribute("rel") or "")


async def test_location_is_shared(page: Page, app: App, context: BrowserContext) -> None:
    await context.set_geolocation({"latitude": 41.3111, "longitude": 69.2797})
    await context.grant_permissions(["geolocation"])
    await page.get_by_role("button", name="My location").click()
    assert (await _arrived(app))[0].location == (41.3111, 69.2797)
    await expect(_log(page).get_by_role("link", name="Location")).to_be_visible()


async def test_deep_link_is_posted_once(page: Page, app: App) -> None:
    await page.goto("/chat/lola?start=p_LS-101")
    assert (await _arrived(app))[0].start == "p_LS-101"
    assert page.url.endswith("/chat/lola")
    await page.reload()
    await asyncio.sleep(0.3)
    assert len(await stored(app)) == 1


# ---- pictures --------------------------------------------------------------------------------------------------------


async def test_picked_photo_is_shown_and_goes_by_itself(page: Page, app: App) -> None:
    await page.get_by_label("Add a photo or file").set_input_files(_photo())
    await expect(page.locator(".tray img")).to_have_count(1)
    (incoming,) = await _arrived(app)
    assert [media.kind for media in incoming.media] == ["photo"]
    assert await app.channel("lola", "widget").fetch(incoming.media[0]) == PHOTO
    await expect(_log(page).get_by_role("img", name="Photo")).to_be_visible()
    await expect(page.locator(".tray")).to_be_hidden()


async def test_two_photos_and_their_caption_are_one_message(page: Page, app: App) -> None:
    await page.get_by_label("Add a photo or file").set_input_files([_photo("a.jpg"), _photo("b.jpg"), _photo("c.jpg")])
    await page.get_by_role("textbox").type("bormi?")
    await page.get_by_role("button", name="Remove").first.click()
    await asyncio.sleep(2.7)  # a caption was begun: it waits for Send, not for the 2.5 s
    assert await stored(app) == []
    await page.get_by_role("button", name="Send").click()
    (incoming,) = await _arrived(app)
    assert incoming.text == "bormi?" and [media.name for media in incoming.media] == ["b.jpg", "c.jpg"]


async def test_dropped_photo_waits_for_send(page: Page, app: App) -> None:
    await page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array([255, 216, 255, 224])], 'drop.jpg', { type: 'image/jpeg' }));
            dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
        }"""
    )
    await expect(page.locator(".tray li")).to_have_count(1)
    await page.get_by_role("textbox").press("Enter")
    assert (await _arrived(app))[0].media[0].name == "drop.jpg"


async def test_too_big_a_file_is_said_at_once(page: Page, app: App) -> None:
    big: FilePayload = {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + b"\0" * 10_485_760}
    await page.get_by_label("Add a photo or file").set_input_files(big)
    await expect(page.locator(".note")).to_contain_text("larger than 10 MB")
    assert await stored(app) == []


# ---- bad days --------------------------------------------------------------------------------------------------------


async def test_without_network_words_wait_and_go_once(page: Page, app: App, context: BrowserContext) -> None:
    await _chat(app, page)
    await context.set_offline(True)
    await _write(page, "first")
    await _write(page, "second")
    await expect(_log(page)).to_contain_text("Not sent yet.")
    await expect(page.get_by_text("Connection lost")).to_be_visible()
    await context.set_offline(False)  # the page notices by itself
    assert [incoming.text for incoming in await _arrived(app, 3)] == ["hello", "first", "second"]
    await expect(_log(page)).not_to_contain_text("Not sent yet.")
    await expect(_log(page).get_by_role("article")).to_have_count(3)


async def test_answer_lost_on_the_way_does_not_double_the_message(page: Page, app: App) -> None:
    tries = 0

    async def lose_first(route: Route) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            await route.fetch()  # it reaches the shop, its answer does not come back
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/messages*", lose_first)
    await _write(page, "olaman")
    await expect(_log(page).get_by_title("Sent")).to_have_count(1)
    await asyncio.sleep(2.5)  # the first try is repeated after 2 s
    assert tries <= 2 and len(await stored(app)) == 1
    await expect(_log(page).get_by_role("article")).to_have_count(1)


async def test_words_on_their_way_survive_a_reload(page: Page, app: App, context: BrowserContext) -> None:
    await _chat(app, page)
    await page.route("**/messages*", lambda route: route.abort())
    await _write(page, "still unsent")
    await expect(_log(page)).to_contain_text("Not sent yet.")
    await page.unroute("**/messages*")
    await page.reload()
    assert (await _arrived(app, 2))[-1].text == "still unsent"
    await expect(_log(page).get_by_title("Sent")).to_have_count(2)
    await page.reload()
    await expect(_log(page).get_by_role("article")).to_have_count(2)


async def test_refusal_is_said_under_the_message(page: Page, app: App) -> None:
    await _chat(app, page)
    await app.db.execute(
        "INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status) "
        "SELECT shop_id, channel, 'x' || n, key, 100 + n, 'seen', '{}', 2 FROM inbox, generate_series(1, 30) AS n"
    )
    await _write(page, "too fast")
    await expect(_log(page)).to_contain_text("Too many messages at once.")
    await app.db.execute("UPDATE inbox SET received_at = now() - interval '1 minute'")
    await page.get_by_role("button", name="Try again").click()
    await expect(_log(page)).not_to_contain_text("Too many messages at once.")


async def test_page_comes_back_after_the_server_was_away(app: App, context: BrowserContext) -> None:
    door = web.listen(app.config.http.model_copy(update={"port": 0}))
    where = app.config.http.model_copy(update={"port": door.getsockname()[1]})
    stop = asyncio.Event()
    server = tasks.start(web.serve(app, stop, door), "first server")
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{where.port}/chat/lola")
    chat = await _chat(app, page)
    stop.set()
    await asyncio.wait_for(server, 10)
    await say(app, chat, Reply("said while the page was alone"))
    again = asyncio.Event()
    server = tasks.start(web.serve(app, again, web.listen(where)), "second server")
    await expect(_log(page)).to_contain_text("said while the page was alone", timeout=15_000)
    await page.close()
    again.set()
    await asyncio.wait_for(server, 10)


async def test_nothing_written_by_anybody_runs(page: Page, app: App) -> None:
    chat = await _chat(app, page)
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:alert(3)'>x</a>"
    rows = ((Button(nasty, nasty), Button(nasty, copy=nasty)),)
    await say(app, chat, Reply(f"{nasty}\n{nasty}", buttons=rows))
    await _write(page, nasty)
    await expect(_log(page).get_by_role("article")).to_have_count(3)
    await page.reload()
    await expect(_log(page).get_by_role("article")).to_have_count(3)
    assert await _log(page).locator("img, script, a").count() == 0  # and `page` fails the test for any dialog


# ---- two people in one browser ---------------------------------------------------------------------------------------


async def test_staff_in_a_second_tab(page: Page, app: App, context: BrowserContext) -> None:
    shopper = await _chat(app, page)
    desk = await context.new_page()
    await desk.goto("/chat/lola?as=staff")
    await expect(desk.get_by_role("button", name="/claim")).to_be_visible()
    await desk.get_by_role("button", name="/claim").click()
    await desk.get_by_role("textbox").type("ABCD-EFGH-JKLM")
    await desk.get_by_role("textbox").press("Enter")
    claim = (await _arrived(app, 2))[-1]
    assert (claim.kind, claim.text) == ("command", "/claim ABCD-EFGH-JKLM") and claim.chat != shopper
    await app.db.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role) VALUES ('lola', 'widget', $1, $1, 'owner')",
        claim.chat.id,
    )
    await say(app, claim.chat, Reply("Welcome"))
    await expect(desk.get_by_role("button", name="/today")).to_be_visible()  # the hint goes on to what comes next
    card = await say(app, claim.chat, Reply("Chek №12", buttons=((Button("Money seen", "s:seen:1", "success"),),)))
    await desk.get_by_role("button", name="Money seen").click()
    assert (await _arrived(app, 3))[-1].message_id == card
    await say(app, shopper, Reply("Pul keldi"))
    await expect(_log(page)).to_contain_text("Pul keldi")
    await expect(_log(desk)).not_to_contain_text("Pul keldi")


# ---- looks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390])
async def test_phone(page: Page, app: App, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    chat = await _chat(app, page)
    rows = ((Button("Karta raqamini nusxalash", copy="1"), Button("Summani nusxalash", copy="2")),)
    await say(app, chat, Reply("uzunsoʻz" * 30, buttons=rows, photos=(app.media.put(PHOTO, "jpg"),)))
    await expect(_log(page).get_by_role("article")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate("document.querySelector('main').scrollWidth") <= width
    box = await page.get_by_role("textbox").bounding_box()
    assert box and box["y"] + box["height"] <= 700 and box["width"] >= 120
    size = await page.get_by_role("textbox").evaluate("box => getComputedStyle(box).fontSize")
    assert size == "16px"  # below 16 a phone zooms in when the keyboard opens


async def test_every_control_has_a_name_and_a_finger_fits(page: Page, app: App) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    chat = await _chat(app, page)
    await say(app, chat, Reply("x", buttons=((Button("Ha", "b:1"), Button("Yoʻq", "b:2")),)))
    await expect(_log(page).get_by_role("button", name="Ha")).to_be_visible()
    for control in await page.locator("button:visible, a:visible, summary, textarea").all():
        name = await control.evaluate("e => (e.ariaLabel || e.textContent || '').trim()")
        assert name, await control.evaluate("e => e.outerHTML")
    for control in await page.locator(".act, .go, .plain").all():
        box = await control.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 40


async def test_dark_and_light_follow_the_device(page: Page) -> None:
    colours = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colours.append(await page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor"))
    assert colours == ["rgb(251, 250, 248)", "rgb(21, 25, 28)"]


async def test_languages_of_the_page(page: Page) -> None:
    for label, write in (("Ру", "Сообщение…"), ("Ўз", "Хабар ёзинг…"), ("Oʻz", "Xabar yozing…")):
        await page.get_by_role("link", name=label, exact=True).click()
        await expect(page.get_by_role("textbox")).to_have_attribute("placeholder", write)
    await page.goto("/chat/lola")  # kept
    await expect(page.get_by_role("textbox")).to_have_attribute("placeholder", "Xabar yozing…")

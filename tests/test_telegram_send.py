"""What a Reply looks like to a person in Telegram, and what each refusal of the platform means."""

import asyncio
import io
import logging

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetMe
from PIL import Image

from bot.telegram import send
from bot.telegram.errors import unavailable
from bot.telegram.send import TelegramChannel
from kit import tasks
from kit.errors import Unavailable
from kit.media import Store
from kit.message import Button, Chat, Media, Reply
from tests.fakes.people import words_of
from tests.fakes.telegram import FakeTelegram

TOKEN = "111:token-of-lola"


def picture(width=40, height=30, shade=0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 90, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def telegram():
    async with FakeTelegram() as server:
        server.bot(TOKEN, "lola_bot")
        yield server


@pytest.fixture
async def channel(telegram, tmp_path):
    found = TelegramChannel(TOKEN, telegram.url, Store(tmp_path))
    yield found
    await found.close()
    await tasks.stop_all()


@pytest.fixture
async def aziza(telegram):
    person = telegram.person("Aziza")
    await telegram.text(person, "salom")
    return person


def chat(person) -> Chat:
    return Chat("lola", "telegram", str(getattr(person, "id", person)))


def store(channel, *shades) -> tuple[str, ...]:
    return tuple(channel._media.put(picture(shade=shade)) for shade in shades)


async def refused(channel, where, reply) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await channel.send(chat(where), reply)
    assert TOKEN not in str(caught.value)
    return caught.value


# ---- what is seen ----


async def test_plain_text_is_shown_as_it_is(telegram, channel, aziza):
    text = "Narxi <b>250 000</b> soʻm_*[x](y) & https://a.uz"
    message_id = await channel.send(chat(aziza), Reply(text, silent=True))
    (message,) = telegram.seen(aziza)
    assert (message["text"], str(message["message_id"]), message["_silent"]) == (text, message_id, True)
    (call,) = telegram.made("sendMessage")
    assert "parse_mode" not in call.fields and call.fields["link_preview_options"] == {"is_disabled": True}


async def test_long_text_is_cut_between_words_and_buttons_stand_under_the_last(telegram, channel, aziza):
    text = " ".join(["soʻm💰"] * 1500)
    last = await channel.send(chat(aziza), Reply(text, buttons=((Button("Ha", "b:yes"),),)))
    seen = telegram.seen(aziza)
    assert " ".join(message["text"] for message in seen) == text
    assert ["reply_markup" in message for message in seen] == [False] * (len(seen) - 1) + [True]
    assert str(seen[-1]["message_id"]) == last


async def test_buttons_of_every_kind(telegram, channel, aziza):
    row = (
        Button("Ha", "b:yes", style="success"),
        Button("Karta", copy="8600 1234"),
        Button("Sayt", url="https://lola.uz"),
        Button("too long", "x" * 65),
        Button("nothing"),
    )
    await channel.send(chat(aziza), Reply("?", buttons=(row, ())))
    assert telegram.seen(aziza)[0]["reply_markup"]["inline_keyboard"] == [
        [
            {"text": "Ha", "style": "success", "callback_data": "b:yes"},
            {"text": "Karta", "copy_text": {"text": "8600 1234"}},
            {"text": "Sayt", "url": "https://lola.uz"},
        ]
    ]


async def test_asking_for_a_contact_shows_keys_and_takes_them_away_again(telegram, channel, aziza):
    keys = ((Button("Raqamim", ask="contact"), Button("Joyim", ask="location")), (Button("Kerak emas", "b:no"),))
    await channel.send(chat(aziza), Reply("Telefon?", buttons=keys))
    assert aziza.keyboard == [
        [{"text": "Raqamim", "request_contact": True}, {"text": "Joyim", "request_location": True}],
        [{"text": "Kerak emas"}],
    ]
    await channel.send(chat(aziza), Reply("Rahmat"))
    assert aziza.keyboard == []
    await channel.send(chat(aziza), Reply("Yana"))
    assert "reply_markup" not in telegram.made("sendMessage")[-1].fields
    group = telegram.group()
    await channel.send(chat(group), Reply("Telefon?", buttons=keys))
    assert telegram.seen(group)[0]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Kerak emas", "callback_data": "b:no"}]
    ]


async def test_one_photo_carries_words_and_buttons(telegram, channel, aziza):
    reply = Reply("Krossovka", photos=store(channel, 1), buttons=((Button("Olaman", "b:buy"),),))
    message_id = await channel.send(chat(aziza), reply)
    (message,) = telegram.seen(aziza)
    assert (words_of(message), str(message["message_id"])) == ("Krossovka\nOlaman", message_id)
    (call,) = telegram.made("sendPhoto")
    assert next(iter(call.files.values())) == picture(shade=1)


async def test_photo_with_more_words_than_a_caption_takes(telegram, channel, aziza):
    await channel.send(chat(aziza), Reply("ы " * 600, photos=store(channel, 1)))
    assert ["photo" in message for message in telegram.seen(aziza)] == [True, False]


async def test_albums(telegram, channel, aziza):
    twelve = store(channel, *range(12))
    await channel.send(chat(aziza), Reply("Uchta", photos=twelve[:3]))
    assert telegram.seen(aziza)[0]["caption"] == "Uchta" and len(telegram.seen(aziza)) == 3
    await channel.send(chat(aziza), Reply("Qaysi?", photos=twelve[:2], buttons=((Button("1", "b:1"),),)))
    assert words_of(telegram.seen(aziza)[-1]) == "Qaysi?\n1"
    await channel.send(chat(aziza), Reply(photos=twelve[:3], buttons=((Button("1", "b:1"),),)))
    assert [len(call.fields["media"]) for call in telegram.made("sendMediaGroup")] == [3, 2, 2]
    assert words_of(telegram.seen(aziza)[-1]) == "\n1"
    await channel.send(chat(aziza), Reply("Hammasi", photos=twelve[:11]))
    assert len(telegram.seen(aziza)) == 3 + 3 + 3 + 12


async def test_documents_and_pins(telegram, channel, aziza):
    name = channel._media.put(b"%PDF-1.4 x", "pdf")
    await channel.send(chat(aziza), Reply("Chek", files=(name,), buttons=((Button("Koʻrdim", "s:seen:1"),),)))
    assert words_of(telegram.seen(aziza)[-1]) == "Chek\nKoʻrdim"
    await channel.send(chat(aziza), Reply("Manzil", location=(41.3, 69.2)))
    assert telegram.seen(aziza)[-2]["location"] == {"latitude": 41.3, "longitude": 69.2}
    assert telegram.seen(aziza)[-1]["text"] == "Manzil"


async def test_picture_no_photo_can_be_goes_as_a_file(telegram, channel, aziza):
    long = channel._media.put(picture(3000, 20))
    await channel.send(chat(aziza), Reply("Uzun", photos=(long,), silent=True))
    (message,) = telegram.seen(aziza)
    assert ("document" in message, message["caption"], message["_silent"]) == (True, "Uzun", True)


async def test_missing_picture_does_not_swallow_the_words(telegram, channel, aziza):
    await channel.send(chat(aziza), Reply("Narxi", photos=("0" * 64 + ".jpg",)))
    assert telegram.seen(aziza)[0]["text"] == "Narxi"


async def test_reply_comment_and_thread(telegram, channel, aziza):
    group, forum = telegram.group(), telegram.group(forum=True)
    await telegram.text(aziza, "narxi?", chat=group)
    await channel.send(chat(group), Reply("250 000", comment="1", thread="501"))
    assert telegram.seen(group)[0]["reply_to_message"]["text"] == "narxi?"
    await channel.send(chat(group), Reply("yoʻq", reply_to="999"))
    await channel.send(chat(forum), Reply("karta", thread="7"))
    assert telegram.made("sendMessage")[-1].fields["message_thread_id"] == "7"
    await channel.send(chat(group), Reply("mavzu yopilgan", thread="7"))
    assert telegram.seen(group)[-1]["text"] == "mavzu yopilgan"
    assert (await refused(channel, aziza, Reply("x", private="1"))).code == "private"


# ---- edits and presses ----


async def test_edits(telegram, channel, aziza):
    button = ((Button("Ha", "b:yes"),),)
    first = await channel.send(chat(aziza), Reply("bir", buttons=button))
    for _ in range(2):  # the second time nothing changes, which is fine
        assert await channel.send(chat(aziza), Reply("ikki", edit=first)) == first
    assert words_of(telegram.seen(aziza)[0]) == "ikki"
    assert await channel.send(chat(aziza), Reply(edit=first, buttons=button)) == first
    assert words_of(telegram.seen(aziza)[0]) == "ikki\nHa"
    photo = await channel.send(chat(aziza), Reply("rasm", photos=store(channel, 1), buttons=button))
    assert await channel.send(chat(aziza), Reply("toʻlandi", edit=photo)) == photo
    assert words_of(telegram.seen(aziza)[1]) == "toʻlandi"
    new = await channel.send(chat(aziza), Reply("topilmadi", edit="999"))
    assert (new, telegram.seen(aziza)[-1]["text"]) == (str(telegram.seen(aziza)[-1]["message_id"]), "topilmadi")


async def test_press_is_answered_with_its_note_and_only_once(telegram, channel, aziza, monkeypatch):
    monkeypatch.setattr(send, "_PRESS_S", 0.2)
    await channel.send(chat(aziza), Reply("?", buttons=((Button("Ha", "b:yes"),),)))
    await telegram.press(aziza, "Ha")
    (press,) = telegram.presses
    channel.answer_soon(press)
    assert await channel.send(chat(aziza), Reply(press_id=press, toast="Qabul qilindi")) == ""
    await channel.send(chat(aziza), Reply(press_id=press, toast="again: too old, which is fine"))
    await asyncio.sleep(0.4)
    assert telegram.answers == {press: "Qabul qilindi"}
    assert len(telegram.seen(aziza)) == 1


async def test_press_nobody_answers_stops_spinning(telegram, channel, aziza, monkeypatch):
    monkeypatch.setattr(send, "_PRESS_S", 0.2)
    await channel.send(chat(aziza), Reply("?", buttons=((Button("Ha", "b:yes"),),)))
    await telegram.press(aziza, "b:yes")
    (press,) = telegram.presses
    channel.answer_soon(press)
    await telegram.until(lambda: press in telegram.answers, timeout=4)
    assert telegram.answers[press] == ""


async def test_typing(telegram, channel, aziza):
    await channel.typing(chat(aziza))
    assert telegram.made("sendChatAction")[0].fields["action"] == "typing"


# ---- refusals ----


async def test_blocked_and_unknown_chats_are_final(telegram, channel, aziza):
    aziza.blocked = True
    error = await refused(channel, aziza, Reply("x"))
    assert (error.permanent, error.code) == (True, "blocked")
    error = await refused(channel, 404404, Reply("x"))
    assert (error.permanent, error.code) == (True, "gone")
    assert (await refused(channel, "not-a-number", Reply("x"))).permanent


@pytest.mark.parametrize(
    ("fault", "permanent", "retry_after", "code"),
    [
        ({"kind": "refuse", "status": 429, "retry_after": 3}, False, 3.0, "429"),
        ({"kind": "refuse", "status": 400}, True, None, "400"),
        ({"kind": "refuse", "status": 403}, True, None, "blocked"),
        ({"kind": "refuse", "status": 401}, False, 60.0, "401"),
        ({"kind": "refuse", "status": 404}, False, 60.0, "401"),
        ({"kind": "refuse", "status": 409}, False, None, "409"),
        ({"kind": "refuse", "status": 413}, True, None, "413"),
        ({"kind": "refuse", "status": 500}, False, None, "5xx"),
        ({"kind": "page", "status": 502}, False, None, "5xx"),
        ({"kind": "cut"}, False, None, "unsure"),
        ({"kind": "drop"}, False, None, "unsure"),
    ],
)
async def test_refusals(telegram, channel, aziza, fault, permanent, retry_after, code):
    telegram.fail(method="sendMessage", **fault)
    error = await refused(channel, aziza, Reply("x"))
    assert (error.permanent, error.retry_after, error.code) == (permanent, retry_after, code)
    await channel.send(chat(aziza), Reply("x"))  # the line works again


async def test_nobody_listening(telegram, channel, aziza):
    await telegram.stop()
    assert (await refused(channel, aziza, Reply("x"))).code == "network"
    with pytest.raises(Unavailable):
        await channel.fetch(Media("photo", "f"))
    with pytest.raises(Unavailable):
        await channel.me()


async def test_group_that_became_a_supergroup(telegram, channel):
    old = telegram.group("Staff")
    new = telegram.move_group(old)
    await channel.send(chat(old), Reply("karta", photos=store(channel, 1, 2)))
    await channel.send(chat(old), Reply("yana"))
    assert [message.get("text") for message in telegram.seen(new)] == [None, None, "yana"]
    assert channel.moved == {old: new}


async def test_second_try_goes_on_where_the_first_ended(telegram, channel, aziza):
    reply = Reply("ы" * 1500, photos=store(channel, 1, 2))
    telegram.fail("refuse", "sendMessage", status=429, retry_after=1)
    assert (await refused(channel, aziza, reply)).code == "429"
    await channel.send(chat(aziza), reply)
    assert len(telegram.made("sendMediaGroup")) == 1 and len(telegram.seen(aziza)) == 3
    await channel.send(chat(aziza), reply)  # the same again is the whole again
    assert len(telegram.seen(aziza)) == 6


async def test_strange_but_good_answer_is_not_sent_twice(telegram, channel, aziza, monkeypatch):
    monkeypatch.setattr(telegram, "_on_sendmessage", _odd)
    assert await channel.send(chat(aziza), Reply("x")) == "17"


async def _odd(bot, fields, files):
    return {"message_id": 17, "date": "an unusual server"}


# ---- fetching ----


async def test_fetch(telegram, channel, aziza):
    file_id = telegram.keep(b"receipt")
    assert await channel.fetch(Media("photo", file_id)) == b"receipt"
    for media in (Media("file", file_id, size=20_000_001), Media("file", telegram.keep(b"x" * 20_000_001))):
        with pytest.raises(Unavailable) as caught:
            await channel.fetch(media)
        assert (caught.value.permanent, caught.value.code) == (True, "too_heavy")
    with pytest.raises(Unavailable) as caught:
        await channel.fetch(Media("photo", "unknown"))
    assert caught.value.permanent
    telegram.fail("cut", "file", times=2)  # the client asks once more by itself
    with pytest.raises(Unavailable) as caught:
        await channel.fetch(Media("photo", file_id))
    assert (caught.value.permanent, caught.value.code) == (False, "network")


async def test_token_is_in_no_log(telegram, channel, aziza, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    await channel.send(chat(aziza), Reply("x"))
    await channel.fetch(Media("photo", telegram.keep(b"receipt")))
    telegram.fail("refuse", "sendMessage", status=400)
    telegram.fail("cut", "file", times=2)  # the client asks once more by itself
    for work in (channel.send(chat(aziza), Reply("x")), channel.fetch(Media("photo", telegram.keep(b"r")))):
        with pytest.raises(Unavailable) as caught:
            await work
        assert TOKEN not in repr(caught.value) and caught.value.__cause__ is None
    said = capsys.readouterr()
    assert TOKEN not in caplog.text + said.out + said.err


async def test_plain_calls(telegram, channel):
    assert (await channel.me())["id"] == 111 and channel.username == "lola_bot"
    stranger = TelegramChannel("222:other-token", telegram.url, channel._media)
    with pytest.raises(Unavailable) as caught:
        await stranger.me()
    assert (caught.value.code, caught.value.permanent) == ("401", False)
    await stranger.close()
    telegram.fail("page", "getUpdates", status=502)
    with pytest.raises(Unavailable) as caught:
        await channel.call("getUpdates", {"timeout": 0})
    assert caught.value.code == "5xx"


# ---- doubts ----


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Bad Request: chat not found", "gone"),
        ("Bad Request: PEER_ID_INVALID", "gone"),
        ("Bad Request: group chat was deactivated", "gone"),
        ("Bad Request: not enough rights to send text messages to the chat", "blocked"),
        ("Bad Request: have no rights to send a message", "blocked"),
        ("Bad Request: can't parse entities", "400"),
    ],
)
def test_a_chat_that_is_closed_to_us_is_told_from_a_message_that_is_wrong(words, code):
    error = unavailable(TelegramBadRequest(method=GetMe(), message=words), str)
    assert (error.permanent, error.code) == (True, code)


async def test_a_line_that_was_never_open_leaves_no_doubt(telegram, channel, aziza, monkeypatch):
    telegram.fail("hang", "sendMessage", seconds=3)
    monkeypatch.setattr(send, "CALL_S", 1.0)
    assert (await refused(channel, aziza, Reply("x"))).code == "unsure"
    await telegram.stop()
    assert (await refused(channel, aziza, Reply("x"))).code == "network"


async def test_telegram_cannot_be_asked_what_was_said(channel):
    with pytest.raises(Unavailable) as caught:
        await channel.said(chat(1), Reply("x", comment="c1"))
    assert (caught.value.permanent, caught.value.code) == (True, "unsure")

"""What a Reply looks like to a shopper on Instagram, what each refusal means, and how echoes are told apart."""

import io
import logging

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.instagram import parts
from bot.instagram.errors import rest_s
from bot.instagram.send import InstagramChannel
from kit import tasks
from kit.errors import Unavailable
from kit.http import make_client
from kit.media import Store
from kit.message import Button, Chat, Media, Reply
from tests.fakes.graph import FakeGraph
from tests.fakes.shoppers import words_of

TOKEN = "ig-token-of-lola"


def picture(shade=0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def graph():
    async with FakeGraph() as server:
        server.account("178", TOKEN)
        server.echoes = False
        yield server
        await tasks.stop_all()


@pytest.fixture
async def pages(tmp_path):
    """The product's public address: serves the media store."""
    store = Store(tmp_path)

    async def media(request: web.Request) -> web.StreamResponse:
        return web.Response(body=store.read(request.match_info["name"]), content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/media/{name}", media)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield store, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def make(graph, redis, pages):
    async with make_client() as client:

        def made(token=TOKEN, public_url=pages[1]) -> InstagramChannel:
            return InstagramChannel(
                "178", token, graph_url=graph.api, public_url=public_url, media_hosts=[graph.host], redis=redis,
                client=client,
            )  # fmt: skip

        yield made


@pytest.fixture
def channel(make):
    return make()


@pytest.fixture
def aziza(graph):
    shopper = graph.shopper("aziza")
    shopper.wrote_at = graph.now()
    return shopper


def chat(shopper) -> Chat:
    return Chat("lola", "instagram", getattr(shopper, "id", shopper))


async def refused(channel, where, reply) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await channel.send(chat(where), reply)
    assert TOKEN not in repr(caught.value)
    return caught.value


# ---- what is seen ----


async def test_text_and_its_id(channel, aziza):
    mid = await channel.send(chat(aziza), Reply("Narxi 250 000 soʻm"))
    assert aziza.inbox == [{"mid": mid, "text": "Narxi 250 000 soʻm"}]


async def test_long_text_is_cut_by_bytes_and_quick_replies_hang_on_the_last(channel, aziza):
    text = " ".join(["кўйлак"] * 300)
    last = await channel.send(chat(aziza), Reply(text, buttons=((Button("Ha", "b:yes"),),)))
    assert " ".join(message["text"] for message in aziza.inbox) == text
    assert max(len(message["text"].encode()) for message in aziza.inbox) <= 1000
    assert ["quick_replies" in message for message in aziza.inbox] == [False] * (len(aziza.inbox) - 1) + [True]
    assert aziza.inbox[-1]["mid"] == last


async def test_buttons(channel, aziza):
    rows = (
        (Button("Ha", "b:yes"), Button("Savatchaga qoʻshib qoʻying", "b:add")),
        (Button("Nusxa", copy="8600 1404 1234 5678"), Button("Telegram", url="https://t.me/lola_bot?start=o_1")),
        (Button("Raqamim", "x", ask="contact"),),
    )
    await channel.send(chat(aziza), Reply("Karta: 8600 1404 1234 5678", buttons=rows))
    (message,) = aziza.inbox
    assert message["text"] == "Karta: 8600 1404 1234 5678\nTelegram: https://t.me/lola_bot?start=o_1"
    assert [(quick["title"], quick["payload"]) for quick in message["quick_replies"]] == [
        ("Ha", "b:yes"), ("Savatchaga qoʻshib…", "b:add")
    ]  # fmt: skip
    many = tuple((Button(str(n), f"b:{n}"),) for n in range(20))
    await channel.send(chat(aziza), Reply("?", buttons=many))
    assert len(aziza.inbox[-1]["quick_replies"]) == 13


async def test_pictures_come_from_the_shops_own_address(channel, aziza, pages, make):
    names = tuple(pages[0].put(picture(shade)) for shade in (1, 2))
    pdf = pages[0].put(b"%PDF-1.4", "pdf")
    await channel.send(chat(aziza), Reply("Qaysi?", photos=names, files=(pdf,), buttons=((Button("1", "b:1"),),)))
    assert ["attachment" in message for message in aziza.inbox] == [True, True, False]
    assert words_of(aziza.inbox[-1]) == "Qaysi?\n1"
    await channel.send(chat(aziza), Reply(photos=names[:1], buttons=((Button("1", "b:1"),),)))
    assert words_of(aziza.inbox[-1]) == "👇\n1"
    before = len(aziza.inbox)
    await make(public_url="").send(chat(aziza), Reply("Rasm bor edi", photos=names))
    assert [message.get("text") for message in aziza.inbox[before:]] == ["Rasm bor edi"]
    assert await make(public_url="").send(chat(aziza), Reply(photos=names)) == ""


async def test_picture_meta_cannot_take_does_not_swallow_the_words(channel, aziza, pages):
    broken = pages[0].put(b"not a picture")
    await channel.send(chat(aziza), Reply("Narxi 250 000", photos=(broken,)))
    assert [message.get("text") for message in aziza.inbox] == ["Narxi 250 000"]
    assert (await refused(channel, aziza, Reply(photos=(broken,)))).code == "100"


async def test_a_file_that_instagram_does_not_take_is_no_silence(channel, aziza, pages):
    store, _ = pages
    with pytest.raises(Unavailable) as refused:
        await channel.send(chat(aziza), Reply(files=(store.put(b"OggS", "ogg"),)))
    assert (refused.value.permanent, refused.value.code) == (True, "form") and aziza.inbox == []


async def test_pin_note_and_edit_have_no_other_form_here(channel, aziza):
    await channel.send(chat(aziza), Reply("Doʻkon", location=(41.3, 69.2)))
    await channel.send(chat(aziza), Reply(press_id="m1", toast="Eskirgan tugma"))
    await channel.send(chat(aziza), Reply("Toʻlandi", edit="mid.0"))
    assert [message["text"] for message in aziza.inbox] == [
        "Doʻkon\nhttps://maps.google.com/?q=41.3,69.2", "Eskirgan tugma", "Toʻlandi"
    ]  # fmt: skip


async def test_typing(channel, aziza, graph):
    await channel.typing(chat(aziza))
    assert graph.made("messages")[0].fields["sender_action"] == "typing_on"


# ---- comments ----


async def test_private_reply_once_and_public_reply(graph, channel):
    aziza = graph.shopper()
    await graph.comment(aziza, "narxi?", post="p1")
    (comment,) = graph.comments.values()
    await channel.send(chat(aziza), Reply("Narxi 250 000 " * 100, private=comment.id))
    assert len(aziza.inbox) == 1 and len(aziza.inbox[0]["text"].encode()) <= 1000
    error = await refused(channel, aziza, Reply("yana", private=comment.id))
    assert (error.permanent, error.code) == (True, "private_again")
    assert (await refused(channel, aziza, Reply("salom"))).code == "window", "a comment opens no window"
    own = await channel.send(chat(aziza), Reply("Direktga yozdik", comment=comment.id))
    assert [(one.id, one.text, one.parent) for one in graph.answers("p1")] == [(own, "Direktga yozdik", comment.id)]


async def test_private_reply_after_a_week(graph, channel):
    aziza = graph.shopper()
    await graph.comment(aziza, "narxi?", post="p1")
    graph.pass_time(hours=24 * 7 + 1)
    assert (await refused(channel, aziza, Reply("x", private=next(iter(graph.comments))))).permanent


async def test_commenter_without_a_name_cannot_be_written_to(channel):
    error = await refused(channel, "comment:c1", Reply("x"))
    assert (error.permanent, error.code) == (True, "gone")


# ---- refusals ----


async def test_window_closes_after_24_hours(graph, channel, aziza):
    graph.pass_time(hours=23.9)
    await channel.send(chat(aziza), Reply("x"))
    graph.pass_time(hours=0.2)
    error = await refused(channel, aziza, Reply("x"))
    assert (error.permanent, error.code) == (True, "window")


async def test_unknown_and_blocked_shoppers(graph, channel, aziza):
    assert (await refused(channel, "404", Reply("x"))).code == "gone"
    aziza.blocked = True
    error = await refused(channel, aziza, Reply("x"))
    assert (error.permanent, error.code) == (True, "blocked")


async def test_refused_token_keeps_everything_waiting(make, aziza):
    error = await refused(make(token="revoked"), aziza, Reply("x"))
    assert (error.permanent, error.retry_after, error.code) == (False, 300.0, "token")


@pytest.mark.parametrize(
    ("fault", "permanent", "waits", "code"),
    [
        ({"code": 10, "subcode": 2018278, "status": 403}, True, False, "window"),
        ({"code": 10, "status": 403}, True, False, "permission"),
        ({"code": 230, "status": 403}, True, False, "permission"),
        ({"code": 190, "subcode": 463, "status": 400}, False, True, "token"),
        ({"code": 100, "status": 400}, True, False, "100"),
        ({"code": 551, "status": 400}, True, False, "blocked"),
        ({"code": 4, "status": 403}, False, True, "rate"),
        ({"code": 613, "status": 200}, False, True, "rate"),
        ({"code": 80006, "status": 400}, False, True, "rate"),
        ({"code": 1, "status": 500}, False, False, "5xx"),
        ({"code": 2, "status": 200}, False, False, "5xx"),
        ({"code": 1200, "status": 400}, False, False, "5xx"),
        ({"code": 0, "status": 503}, False, False, "5xx"),
        ({"code": 368, "status": 400}, False, True, "policy"),
        ({"code": 424242, "status": 400}, True, False, "424242"),
    ],
)
async def test_refusals_by_code_and_subcode(graph, channel, aziza, fault, permanent, waits, code):
    graph.fail("refuse", "messages", **fault)
    error = await refused(channel, aziza, Reply("x"))
    assert (error.permanent, error.retry_after is not None, error.code) == (permanent, waits, code)


@pytest.mark.parametrize(("kind", "code"), [("page", "5xx"), ("cut", "unsure"), ("drop", "unsure")])
async def test_lines_that_break(graph, channel, aziza, kind, code):
    graph.fail(kind, "messages", status=502)
    error = await refused(channel, aziza, Reply("x"))
    assert (error.permanent, error.code) == (False, code)


async def test_nobody_listening(graph, channel, aziza):
    await graph.stop()
    assert (await refused(channel, aziza, Reply("x"))).code == "network"


async def test_second_try_goes_on_where_the_first_ended(graph, channel, aziza, pages):
    reply = Reply("ы " * 700, photos=(pages[0].put(picture()),))
    await channel.send(chat(aziza), reply)
    whole = len(aziza.inbox)
    graph.fail("page", "messages", status=502, after=1)
    assert (await refused(channel, aziza, reply)).code == "5xx"
    await channel.send(chat(aziza), reply)
    assert len(aziza.inbox) == 2 * whole


async def test_full_limit_is_respected_before_the_next_call(graph, channel, aziza):
    usage = '{"178": [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 2}]}'
    graph.fail("refuse", "messages", code=4, status=400, headers={"X-Business-Use-Case-Usage": usage})
    assert (await refused(channel, aziza, Reply("x"))).retry_after == 120.0
    calls = len(graph.calls)
    error = await refused(channel, aziza, Reply("x"))
    assert error.code == "rate" and 100 < error.retry_after <= 120 and len(graph.calls) == calls


def test_usage_headers():
    assert rest_s({}) == rest_s({"x-app-usage": "not json"}) == rest_s({"x-app-usage": '{"call_count": 99}'}) == 0
    assert rest_s({"x-app-usage": '{"call_count": 12, "total_time": 101}'}) == 60


# ---- fetching ----


async def test_fetch_from_listed_hosts_alone(graph, channel):
    assert await channel.fetch(Media("photo", graph.keep(b"bytes"))) == b"bytes"
    for address, code in (
        ("http://127.0.0.1:1/x", "host"),
        ("http://169.254.169.254/latest", "host"),
        ("https://evil.example/x", "host"),
        ("file:///etc/passwd", "host"),
        ("<CDN_URL>", "host"),
        (graph.keep(b"\n <!DOCTYPE html><html>", "text/html"), "type"),
        (f"{graph.url}/media/gone", "404"),
    ):
        with pytest.raises(Unavailable) as caught:
            await channel.fetch(Media("photo", address))
        assert (caught.value.permanent, caught.value.code) == (True, code)


async def test_token_is_in_no_log(graph, channel, aziza, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    await channel.send(chat(aziza), Reply("x"))
    graph.fail("cut", "messages")
    await refused(channel, aziza, Reply("x"))
    said = capsys.readouterr()
    assert TOKEN not in caplog.text + said.out + said.err


# ---- pure ----


@given(st.text(max_size=3000), st.lists(st.text(min_size=1, max_size=40), max_size=20))
def test_every_message_keeps_the_platforms_limits(text, labels):
    reply = Reply(text, photos=("a.jpg",), buttons=tuple((Button(label, f"b:{label}"[:20]),) for label in labels))
    for message in parts.of(reply, "https://lola.uz"):
        assert ("text" in message) != ("attachment" in message)
        assert 0 < len(message.get("text", "x").encode()) <= 1000
        assert len(message.get("quick_replies", [])) <= 13
        assert all(len(quick["title"]) <= 20 for quick in message.get("quick_replies", []))
    assert len(parts.private(reply).encode()) <= 1000


# ---- doubts ----


async def test_a_public_reply_whose_answer_was_lost_is_found_under_the_comment(graph, channel, aziza):
    await graph.comment(aziza, "narxi qancha?", post="p1")
    (comment,) = graph.comments
    reply = Reply("250 000 soʻm,\nrazmeri 36-41", comment=comment)
    assert await channel.said(chat(aziza), reply) is None
    graph.fail("drop", "replies")
    assert (await refused(channel, aziza, reply)).code == "unsure"
    standing = [own for own in graph.comments.values() if own.author == "178"]
    assert await channel.said(chat(aziza), reply) == standing[0].id and len(standing) == 1
    assert await channel.said(chat(aziza), Reply("boshqa gap", comment=comment)) is None


async def test_the_same_words_of_somebody_else_are_not_ours(graph, channel, aziza):
    await graph.comment(aziza, "narxi qancha?", post="p1")
    (comment,) = graph.comments
    await graph.comment(aziza, "250 000 soʻm", post="p1", parent=comment)
    assert await channel.said(chat(aziza), Reply("250 000 soʻm", comment=comment)) is None


async def test_a_question_that_got_no_answer_is_asked_again(graph, channel, aziza):
    await graph.comment(aziza, "narxi qancha?", post="p1")
    graph.fail("cut", "list_replies")
    with pytest.raises(Unavailable) as caught:
        await channel.said(chat(aziza), Reply("x", comment=next(iter(graph.comments))))
    assert (caught.value.permanent, caught.value.code) == (False, "network")


async def test_a_private_reply_cannot_be_asked_for(channel):
    with pytest.raises(Unavailable) as caught:
        await channel.said(Chat("lola", "instagram", "1"), Reply("x", private="c1"))
    assert (caught.value.permanent, caught.value.code) == (True, "unsure")

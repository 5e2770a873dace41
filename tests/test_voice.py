"""What is sent to the transcription provider, and what of its answer may reach a shopper's row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from agent.voice import MOST_CHARS, tidy, transcribe
from kit import sound
from kit.config import VoiceConfig
from kit.errors import Unavailable
from kit.http import make_client
from kit.sound import Sound
from tests.fakes.voice import KEY, MODEL, FakeVoice, m4a, ogg

OGG = Sound("ogg", "audio/ogg", 3.0)


@pytest.fixture
async def ear() -> AsyncIterator[FakeVoice]:
    async with FakeVoice() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with make_client() as made:
        yield made


def settings(ear: FakeVoice, **more: object) -> VoiceConfig:
    return VoiceConfig.model_validate(ear.settings | more)


# ---- sounds ----------------------------------------------------------------------------------------------------------


def test_sounds_are_known_by_their_bytes() -> None:
    assert sound.look(ogg("salom", 4.2)) == Sound("ogg", "audio/ogg", 4.2)
    assert sound.look(m4a("salom", 61)) == Sound("m4a", "audio/mp4", 61.0)
    assert sound.look(b"ID3\x04" + bytes(9)) == Sound("mp3", "audio/mpeg")
    wav = b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + b"\x40\x1f\x00\x00" * 2 + bytes(12 + 16_000)
    assert sound.look(wav) == Sound("wav", "audio/wav", 2.0)


@pytest.mark.parametrize("data", [b"", b"OggS", b"\xff\xd8\xff\xe0", b"<html>", b"%PDF-1.7", b"GIF89a", b"ftypM4A "])
def test_what_is_no_sound_or_cut_short_is_measured_by_nobody(data: bytes) -> None:
    found = sound.look(data)
    assert found is None or found.seconds == 0.0


def test_pictures_of_phones_are_no_sounds() -> None:
    for brand in (b"heic", b"heix", b"mif1", b"avif"):
        assert sound.look(b"\x00\x00\x00\x18ftyp" + brand + bytes(20)) is None


# ---- asking ----------------------------------------------------------------------------------------------------------


async def test_the_very_bytes_are_sent_as_openai_wants_them(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    said = ogg("assalomu alaykum, ko'ylak bormi")
    assert await transcribe(client, settings(ear), said, OGG) == "assalomu alaykum, ko'ylak bormi"
    [call] = ear.calls
    assert call.fields == {"model": MODEL, "response_format": "json", "name": "voice.ogg"}
    assert call.files == {"file": said}


async def test_a_language_is_named_where_the_shop_has_one(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    await transcribe(client, settings(ear, language="uz"), m4a("salom"), Sound("m4a", "audio/mp4"))
    assert ear.calls[0].fields["language"] == "uz" and ear.calls[0].fields["name"] == "voice.m4a"


async def test_a_server_of_ones_own_needs_no_key(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    with pytest.raises(Unavailable) as refused:  # this one does
        await transcribe(client, settings(ear, api_key=""), ogg("salom"), OGG)
    assert (refused.value.code, refused.value.permanent) == ("401", True)


@pytest.mark.parametrize("trouble", [
    {"kind": "cut"}, {"kind": "refuse", "status": 500}, {"kind": "refuse", "status": 429, "retry_after": 1},
    {"kind": "page", "status": 502}, {"kind": "page", "status": 200},
])  # fmt: skip
async def test_a_bad_moment_is_tried_once_more(
    ear: FakeVoice, client: httpx2.AsyncClient, trouble: dict[str, object]
) -> None:
    ear.fail(method="transcribe", **trouble)  # type: ignore[arg-type]
    assert await transcribe(client, settings(ear), ogg("salom"), OGG) == "salom"
    assert len(ear.calls) == 2


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (401, 1), (402, 1), (404, 1), (413, 1), (302, 1), (503, 2)])
async def test_a_refusal_ends_it(ear: FakeVoice, client: httpx2.AsyncClient, status: int, tries: int) -> None:
    ear.fail("refuse", "transcribe", status=status, times=9)
    with pytest.raises(Unavailable) as refused:
        await transcribe(client, settings(ear), ogg("salom"), OGG)
    assert len(ear.calls) == tries and refused.value.code == str(status)


async def test_a_provider_that_hangs_is_left_in_time(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    ear.fail("hang", "transcribe", seconds=30)
    began = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable) as late:
        await transcribe(client, settings(ear, timeout_s=0.3), ogg("salom"), OGG)
    assert late.value.code in ("timeout", "network") and asyncio.get_running_loop().time() - began < 5


@pytest.mark.parametrize("answer", [
    {"error": {"message": "no credits", "code": 402}}, [{"error": {"code": 400}}], {"text": None}, {"text": {"a": 1}},
    "x", 7, {},
])  # fmt: skip
async def test_an_answer_without_words_is_a_failure(ear: FakeVoice, client: httpx2.AsyncClient, answer: object) -> None:
    ear.answer = answer
    with pytest.raises(Unavailable) as odd:
        await transcribe(client, settings(ear), ogg("salom"), OGG)
    assert odd.value.code == "shape"


async def test_an_endless_answer_is_not_read(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    ear.says = "na " * 200_000
    with pytest.raises(Unavailable) as endless:
        await transcribe(client, settings(ear), ogg("salom"), OGG)
    assert endless.value.code == "too_large"


async def test_no_failure_tells_the_key_or_the_words(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    for status in (400, 401, 500):
        ear.fail("refuse", "transcribe", status=status, times=2)
        with pytest.raises(Unavailable) as refused:
            await transcribe(client, settings(ear), ogg("sirli gap"), OGG)
        assert KEY not in refused.value.what and "sirli" not in refused.value.what
        ear.faults.clear()


# ---- the words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("heard", "words"), [
    (" Narxi qancha?\n", "Narxi qancha?"),
    ("[Music] salom [BLANK_AUDIO]", "salom"),
    ("<|uz|><|transcribe|> ko'ylak bormi", "ko'ylak bormi"),
    ("<b>Narxi</b> <script>alert(1)</script> qancha", "Narxi alert(1) qancha"),
    ("♪ ♪", ""),
    ("", ""),
    (" . ", ""),
    ("sa\u200blom\u202e dun\x00yo", "salom dunyo"),
    ("**qalin** `kod` ||sir||", "qalin kod sir"),
    ("qator\r\nikki\tuch", "qator ikki uch"),
    ("Продолжение следует...", ""),
    ("Субтитры сделал DimaTorzok", ""),
    ("Спасибо за просмотр!", ""),
    ("Thank you for watching!", ""),
    ("Rahmat", "Rahmat"),
    ("Спасибо, а сколько стоит доставка?", "Спасибо, а сколько стоит доставка?"),
    ("to'qson uch nol o'n bir", "to'qson uch nol o'n bir"),
])  # fmt: skip
def test_a_transcript_reads_like_something_typed(heard: str, words: str) -> None:
    assert tidy(heard) == words


def test_a_transcript_ends_somewhere() -> None:
    assert len(tidy("ko'ylak " * 5000)) <= MOST_CHARS
    assert len(tidy("a" * 50_000)) <= MOST_CHARS


async def test_nobody_speaks_thirty_characters_a_second(ear: FakeVoice, client: httpx2.AsyncClient) -> None:
    ear.says = "ha ha " * 100  # a model that loops over a noise
    assert await transcribe(client, settings(ear), ogg("x"), OGG) == ""
    ear.says = "bolalar uchun qishki kurtka bormi, razmeri bir yuz o'n olti bo'lsin, rangi ko'k"
    assert await transcribe(client, settings(ear), ogg("x"), OGG) == ear.says

"""A transcription server on loopback, and sound files that carry their own words, so that it hears what really came.

    async with FakeVoice() as ear:
        config = {"voice": {"base_url": ear.base_url, "api_key": KEY, "model": MODEL}}
        await telegram.voice(person, ogg("narxi qancha", seconds=3))
        ear.fail("refuse", status=429, retry_after=1)  # see tests/fakes/server.py
        ear.says = "<b>something else</b>"  # instead of the words in the file

It refuses what the real ones refuse: a wrong key, an unknown model, a file whose name has no ending they know, a sound
that it cannot decode.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any

from aiohttp import web

from tests.fakes.server import Call, Server, cut

KEY, MODEL = "sk-fake-voice", "fake-whisper"
_KNOWN = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")
_WORDS = b"WORDS="


def ogg(words: str, seconds: float = 3.0) -> bytes:
    """A voice message as Telegram records it: Ogg pages of Opus, the words in its comment header."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48_000, 0, 0)
    comment = _WORDS + words.encode()
    tags = b"OpusTags" + struct.pack("<I", 4) + b"fake" + struct.pack("<II", 1, len(comment)) + comment
    return _page(2, 0, 0, head) + _page(0, 0, 1, tags) + _page(4, int(seconds * 48_000), 2, b"\xf8\xff\xfe" * 20)


def _page(flags: int, position: int, number: int, packet: bytes) -> bytes:
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, 7, number, 0, len(lacing))
    return head + lacing + packet


def m4a(words: str, seconds: float = 3.0) -> bytes:
    """A voice message as Instagram hands it on: MPEG-4 with a movie header, the words in its data."""
    header = struct.pack(">4sIIIII", b"mvhd", 0, 0, 0, 1000, int(seconds * 1000)) + bytes(80)
    movie = struct.pack(">I4s", 16 + len(header), b"moov") + struct.pack(">I", 4 + len(header)) + header
    words_ = _WORDS + words.encode() + b"\x00"
    return (
        struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0) + movie + struct.pack(">I4s", 8 + len(words_), b"mdat") + words_
    )


class FakeVoice(Server):
    """POST /v1/audio/transcriptions and GET /v1/models. Faults as in Server; `heard` holds every sound it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bytes] = []
        self.says: str | None = None
        self.answer: Any = None  # the whole JSON body instead of {"text": ...}

    @property
    def base_url(self) -> str:
        """What goes into voice.base_url."""
        return f"{self.url}/v1"

    @property
    def settings(self) -> dict[str, Any]:
        """The part `voice:` of a config."""
        return {"base_url": self.base_url, "api_key": KEY, "model": MODEL}

    def routes(self, app: web.Application) -> None:
        """The two the product uses."""
        app.router.add_post("/v1/audio/transcriptions", self._transcribe)
        app.router.add_get("/v1/models", self._models)

    async def _models(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _refusal(401, "Incorrect API key provided")
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    async def _transcribe(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        upload = form.get("file")
        data = upload.file.read() if isinstance(upload, web.FileField) else b""
        name = upload.filename if isinstance(upload, web.FileField) else ""
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
        fault = self.fault_for("transcribe")
        self.record(Call("transcribe", fields | {"name": name}, {"file": data}, ok=fault is None))
        if fault is not None:
            if fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
            if fault.kind in ("cut", "hang"):
                return cut(request)
            if fault.kind == "page":
                return web.Response(
                    text="<html><h1>Bad gateway</h1></html>", content_type="text/html", status=fault.status
                )
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            return _refusal(fault.status, "The server had an error", headers)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _refusal(401, "Incorrect API key provided")
        if fields.get("model") != MODEL:
            return _refusal(404, "The model does not exist")
        if name.rpartition(".")[2] not in _KNOWN or not data:
            return _refusal(400, f"Unrecognized file format. Supported formats: {list(_KNOWN)}")
        self.heard.append(data)
        return web.json_response(self.answer if self.answer is not None else {"text": self._words(data)})

    def _words(self, data: bytes) -> str:
        """What is said in the file; "" in one that holds no words."""
        if self.says is not None:
            return self.says
        _, found, rest = data.partition(_WORDS)
        return (
            (rest.partition(b"OggS")[0] if data.startswith(b"OggS") else rest.rstrip(b"\x00")).decode() if found else ""
        )


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    return web.json_response(body, status=status, headers=headers)

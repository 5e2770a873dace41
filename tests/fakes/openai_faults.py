"""What goes wrong at a provider of language models, behind status 200 and below HTTP; and all of it by name.

`FAULTS`: name -> (the fault as `FakeOpenAI.fail` takes it, how the product calls the failure).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.server import Fault, cut

if TYPE_CHECKING:
    from tests.fakes.openai import FakeOpenAI

Trouble = Callable[["FakeOpenAI", web.Request, Fault], Awaitable[web.StreamResponse]]


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """A piece of a streamed answer."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "model": "fake-model", "choices": [choice]}


def _call(name: str, arguments: str) -> dict[str, Any]:
    call = {"index": 0, "id": "call_x", "type": "function", "function": {"name": name, "arguments": arguments}}
    return chunk({"role": "assistant", "tool_calls": [call]}, "tool_calls")


def _pieces(*pieces: Any) -> Trouble:
    """A stream of these pieces: data as JSON, text as it stands."""

    async def trouble(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
        return await fake.stream(request, list(pieces))

    return trouble


def _body(text: str, kind: str = "application/json", **headers: str) -> Trouble:
    """One body with status 200."""

    async def trouble(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
        return web.Response(text=text, content_type=kind, headers=headers)

    return trouble


async def _error_body(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    response = fake.error(fault.status, "Provider returned error")
    return web.Response(body=response.body, content_type="application/json")


async def _error_chunk(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    return await fake.stream(request, [chunk({"content": "Salom, "}), {"error": {"code": fault.status}}])


async def _huge(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    if not fake.streams:
        message = {"role": "assistant", "content": "a" * 1_000_000}
        return web.json_response({"choices": [{"index": 0, "message": message}]})
    return await fake.stream(request, [chunk({"content": "a" * 10_000})] * 100)


async def _torn(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(f"data: {json.dumps(chunk({'content': 'Kepka 69'}))}\n\n".encode())
    return cut(request)


async def _torn_body(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message": {"content": "Kepka 69')
    return cut(request)


async def _not_packed(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    await response.prepare(request)
    await response.write(b"this was never packed")
    await response.write_eof()
    return response


async def _stall(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    return await fake.stream(request, [chunk({"content": "Salom"})] * 3, fault.seconds)


async def _drip(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    """A letter now and then, for ever."""
    return await fake.stream(request, [chunk({"content": "a"})] * 1000, fault.seconds)


async def _alive(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    """Signs of life and nothing else."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for _ in range(1000):
        await response.write(b": OPENROUTER PROCESSING\n\n")
        await asyncio.sleep(fault.seconds)
    return response


async def _moderated(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    error = {"code": 403, "message": "flagged", "metadata": {"reasons": ["violence"], "flagged_input": "kepka"}}
    return web.json_response({"error": error}, status=403)


async def _elsewhere(fake: FakeOpenAI, request: web.Request, fault: Fault) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "/v1/login"})


TROUBLES: dict[str, Trouble] = {
    "error_body": _error_body,
    "error_chunk": _error_chunk,
    "garbage": _pieces("{not json at all", "]]]"),
    "odd": _pieces('["a list"]', '{"choices": "no"}', '{"choices": [{"delta": "x"}]}'),
    "text": _body("<html>welcome to the proxy</html>", "text/html"),
    "null": _body("null"),
    "no_choices": _body('{"id": "c1", "object": "chat.completion", "choices": []}'),
    "deep": _body("[" * 100_000),
    "deep_piece": _pieces("[" * 30_000),
    "nothing": _pieces(),
    "empty": _pieces(chunk({"content": ""})),
    "finished": _pieces(chunk({"content": ""}, "stop")),
    "cut_short": _pieces(chunk({"content": "Kepka haqida gapirsam, u juda"}, "length")),
    "refusal": _pieces(chunk({"content": None, "refusal": "I cannot help with that."}, "stop")),
    "filtered": _pieces(chunk({"content": ""}, "content_filter")),
    "bad_arguments": _pieces(_call("add_to_cart", '{"sku": ')),
    "deep_arguments": _pieces(_call("add_to_cart", '{"sku": ' + "[" * 20_000)),
    "nested_arguments": _pieces(_call("add_to_cart", '{"sku": ' + "[" * 700 + "]" * 700 + "}")),
    "surrogates": _pieces(_call("set_address", '{"address": "\\ud800 1"}')),
    "made_up": _pieces(chunk({"content": "Kepka 13 337 so'm"}, "stop")),
    "huge": _huge,
    "torn": _torn,
    "torn_body": _torn_body,
    "not_packed": _not_packed,
    "stall": _stall,
    "drip": _drip,
    "alive": _alive,
    "moderated": _moderated,
    "elsewhere": _elsewhere,
}

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "hangs for a minute": ({"kind": "hang", "seconds": 60}, "timeout"),
    "goes silent in the middle": ({"kind": "stall", "seconds": 60}, "timeout"),
    "drips letters": ({"kind": "drip", "seconds": 0.2}, "timeout"),
    "signs of life alone": ({"kind": "alive", "seconds": 0.2}, "timeout"),
    "too many requests": ({"kind": "refuse", "status": 429}, "429"),
    "too many requests, come later": ({"kind": "refuse", "status": 429, "retry_after": 60}, "429"),
    "its own failure": ({"kind": "refuse", "status": 500}, "500"),
    "a bad gateway's page": ({"kind": "page", "status": 502}, "502"),
    "overloaded": ({"kind": "refuse", "status": 503}, "503"),
    "a gateway's timeout": ({"kind": "page", "status": 504}, "504"),
    "a proxy's own status": ({"kind": "page", "status": 529}, "529"),
    "no credit": ({"kind": "refuse", "status": 402}, "402"),
    "a refused key": ({"kind": "refuse", "status": 401}, "401"),
    "a key without the right": ({"kind": "refuse", "status": 403}, "403"),
    "moderated": ({"kind": "moderated"}, "moderated"),
    "no such model": ({"kind": "refuse", "status": 404}, "404"),
    "a request timeout": ({"kind": "refuse", "status": 408}, "408"),
    "a bad request": ({"kind": "refuse", "status": 400}, "400"),
    "unprocessable": ({"kind": "refuse", "status": 422}, "422"),
    "sent elsewhere": ({"kind": "elsewhere"}, "404"),
    "an error with status 200": ({"kind": "error_body", "status": 502}, "502"),
    "an error in the stream": ({"kind": "error_chunk", "status": 503}, "503"),
    "garbage": ({"kind": "garbage"}, "garbage"),
    "JSON of another world": ({"kind": "odd"}, "garbage"),
    "JSON without end": ({"kind": "deep"}, "garbage"),
    "a piece without end": ({"kind": "deep_piece"}, "garbage"),
    "a page with status 200": ({"kind": "text"}, "garbage"),
    "null": ({"kind": "null"}, "garbage"),
    "no choices": ({"kind": "no_choices"}, "empty"),
    "an empty stream": ({"kind": "nothing"}, "empty"),
    "an empty message": ({"kind": "empty"}, "empty"),
    "an end without a word": ({"kind": "finished"}, "empty"),
    "a refusal": ({"kind": "refusal"}, "empty"),
    "filtered away": ({"kind": "filtered"}, "empty"),
    "cut short by length": ({"kind": "cut_short"}, "cut_short"),
    "a megabyte": ({"kind": "huge"}, "too_long"),
    "a cut stream": ({"kind": "torn"}, "connection"),
    "a cut body": ({"kind": "torn_body"}, "connection"),
    "a cut connection": ({"kind": "cut"}, "connection"),
    "not packed as it says": ({"kind": "not_packed"}, "connection"),
    # these two are told to the model, which does it again
    "arguments that are no JSON": ({"kind": "bad_arguments", "times": 2}, "unreadable_calls"),
    "arguments without end": ({"kind": "deep_arguments", "times": 2}, "unreadable_calls"),
    "a price made up, twice": ({"kind": "made_up", "times": 2}, ""),
}

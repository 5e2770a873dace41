"""A chat.completions server on loopback, as strict as the providers it stands for: OpenAI, OpenRouter, Gemini.

    async with FakeOpenAI() as model:
        model.will(tool("product_card", sku="LS-502"), "Kepka 69 000 so'm")  # an answer each; `done()` wants none left
        model.fail("refuse", status=429, retry_after=1)  # see tests/fakes/openai_faults.py and server.py

`model.thinks = f` answers by a function of the request instead. Every request body is kept in `bodies`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientConnectionResetError, web

from tests.fakes.openai_faults import TROUBLES, chunk
from tests.fakes.server import Call, Fault, Server, cut

_ids = itertools.count(1)
KEY = "sk-fake"
MODEL = "fake-model"


@dataclass(frozen=True)
class Tool:
    """One tool call. `raw`: the arguments as sent, JSON or not. `id`: None makes one, "" leaves it empty."""

    name: str
    raw: str = "{}"
    id: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the model says: words, or calls, or both."""

    text: str = ""
    tools: tuple[Tool, ...] = ()
    finish: str = ""


def tool(name: str, **args: Any) -> Answer:
    """One call."""
    return Answer(tools=(Tool(name, json.dumps(args, ensure_ascii=False)),))


def tools(*wanted: tuple[str, dict[str, Any]]) -> Answer:
    """Calls in parallel."""
    return Answer(tools=tuple(Tool(name, json.dumps(args, ensure_ascii=False)) for name, args in wanted))


class Wrong(Exception):
    """A request that the provider refuses."""


@dataclass
class Style:
    """How a provider differs. `signs`: tool calls carry a thought_signature that has to come back."""

    name: str = "openai"
    lists_errors: bool = False
    signs: bool = False
    empty_ids: bool = False
    one_index: bool = False
    comments: bool = False
    refuses: tuple[str, ...] = ()


STYLES = {
    "openai": Style("openai"),
    "openrouter": Style("openrouter", comments=True),
    "gemini": Style(
        "gemini", lists_errors=True, signs=True, empty_ids=True, one_index=True, refuses=("parallel_tool_calls",)
    ),
}


class FakeOpenAI(Server):
    """`style`: whose quirks; `streams` False answers every request in one piece, as some servers do."""

    def __init__(self, style: str = "openai", *, streams: bool = True) -> None:
        super().__init__()
        self.style = STYLES[style]
        self.streams = streams
        self.answers: list[Answer] = []
        self.thinks: Callable[[dict[str, Any]], Answer] | None = None
        self.bodies: list[dict[str, Any]] = []
        self.signed: set[str] = set()
        self.models = [MODEL]
        self.thinks_for_s = 0.0  # before each answer that is one

    @property
    def base_url(self) -> str:
        """What goes into llm.base_url."""
        return f"{self.url}/v1"

    def will(self, *answers: Answer | str) -> None:
        """Queues answers, one a request."""
        self.answers += [Answer(one) if isinstance(one, str) else one for one in answers]

    def done(self) -> None:
        """Fails when answers were not asked for."""
        assert self.answers == [], f"{len(self.answers)} answers left"

    def routes(self, app: web.Application) -> None:
        """Add the wire's routes."""
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/v1/key", self._models)

    async def _models(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return self.error(401, "Incorrect API key provided")
        return web.json_response({"object": "list", "data": [{"id": one, "object": "model"} for one in self.models]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.record(Call("chat", body, {}, ok=True))
        fault = self.fault_for("chat")
        if fault is not None and fault.kind not in TROUBLES:
            return await self._refuse(request, fault)
        try:
            self._check(request, body)
        except Wrong as wrong:
            return self.error(400, str(wrong))
        if fault is not None:
            return await self._heard_out(request, TROUBLES[fault.kind](self, request, fault))
        await asyncio.sleep(self.thinks_for_s)
        answer = self.thinks(body) if self.thinks else self.answers.pop(0) if self.answers else Answer("?")
        if not self.streams or not body.get("stream"):
            return web.json_response(self._whole(answer))
        return await self._heard_out(request, self.stream(request, self._pieces(answer)))

    async def _heard_out(self, request: web.Request, saying: Awaitable[web.StreamResponse]) -> web.StreamResponse:
        try:
            return await saying
        except ClientConnectionResetError:  # nobody listens any more, as it should be
            return cut(request)

    async def _refuse(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ("cut", "hang"):
            return cut(request)
        if fault.kind == "page":
            return web.Response(status=fault.status, text="<html>Bad gateway</html>", content_type="text/html")
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        return self.error(fault.status, "no", headers | fault.headers)

    def error(self, status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
        """An error as this provider words it."""
        error: Any = {"error": {"code": status, "message": message, "status": "FAILED"}}
        return web.json_response([error] if self.style.lists_errors else error, status=status, headers=headers)

    # ---- what a provider refuses -------------------------------------------------------------------------------------

    def _check(self, request: web.Request, body: dict[str, Any]) -> None:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            raise Wrong("Incorrect API key provided")
        if body.get("model") not in self.models:
            raise Wrong("model not found")
        for name in self.style.refuses:
            if name in body:
                raise Wrong(f"Unknown name {name}")
        for one in body.get("tools", ()):
            parameters = one["function"].get("parameters", {"properties": {"any": 1}})
            if one["type"] != "function" or not parameters["properties"]:
                raise Wrong("tools: should be non-empty for OBJECT type")
        waiting: list[str] = []
        for message in body["messages"]:
            waiting = self._message(message, waiting)
        if waiting:
            raise Wrong("An assistant message with tool_calls must be followed by tool messages")

    def _message(self, message: dict[str, Any], waiting: list[str]) -> list[str]:
        """The ids of calls that still wait for their results after this message."""
        role = message["role"]
        if role == "tool":
            if message.get("tool_call_id") not in waiting:
                raise Wrong("tool_call_id of no call")
            return [one for one in waiting if one != message["tool_call_id"]]
        if waiting:
            raise Wrong("An assistant message with tool_calls must be followed by tool messages")
        if role not in ("system", "user", "assistant") or not isinstance(message.get("content"), str):
            raise Wrong(f"messages: {role} without content")
        calls = message.get("tool_calls", [])
        ids = [one["id"] for one in calls]
        if not all(ids) or len(set(ids)) != len(ids):
            raise Wrong("tool_calls: ids must be there and differ")
        for one in calls:
            json.loads(one["function"]["arguments"])
            signature = one.get("extra_content", {}).get("google", {}).get("thought_signature")
            if self.style.signs and signature not in self.signed:
                raise Wrong("Function call is missing a thought_signature")
        return ids

    # ---- how it speaks -----------------------------------------------------------------------------------------------

    def _tool(self, place: int, one: Tool) -> dict[str, Any]:
        made = {"id": "" if self.style.empty_ids else one.id if one.id is not None else f"call_{next(_ids)}"}
        made |= {"index": 0 if self.style.one_index else place, "type": "function"}
        made["function"] = {"name": one.name, "arguments": one.raw}
        if self.style.signs:
            signature = f"sig{next(_ids)}"
            self.signed.add(signature)
            made["extra_content"] = {"google": {"thought_signature": signature}}
        return made

    def _whole(self, answer: Answer) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": answer.text or None}
        if answer.tools:
            message["tool_calls"] = [self._tool(place, one) for place, one in enumerate(answer.tools)]
        choice = {"index": 0, "message": message, "finish_reason": answer.finish or "stop"}
        return {"id": "c1", "object": "chat.completion", "model": MODEL, "choices": [choice], "usage": USAGE}

    def _pieces(self, answer: Answer) -> list[Any]:
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": answer.text[at : at + 7]} for at in range(0, len(answer.text), 7)]
        for place, one in enumerate(answer.tools):
            made = self._tool(place, one)
            first = made | {"function": {"name": one.name, "arguments": one.raw if self.style.signs else ""}}
            deltas.append({"tool_calls": [first]})
            if not self.style.signs:  # Gemini sends a call whole
                parts = [one.raw[at : at + 9] for at in range(0, len(one.raw), 9)]
                deltas += [{"tool_calls": [{"index": place, "function": {"arguments": part}}]} for part in parts]
        chunks: list[Any] = [chunk(delta) for delta in deltas]
        chunks.append(chunk({}, answer.finish or "stop"))
        return [*chunks, {"id": "c1", "object": "chat.completion.chunk", "choices": [], "usage": USAGE}]

    async def stream(self, request: web.Request, pieces: list[Any], pause: float = 0.0) -> web.StreamResponse:
        """Say `pieces` one by one: data as JSON, text as it stands."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        async for line in self._lines(pieces, pause):
            await response.write(line)
        await response.write(b"data: [DONE]\n\n")
        return response

    async def _lines(self, pieces: list[Any], pause: float) -> AsyncIterator[bytes]:
        for piece in pieces:
            if self.style.comments:
                yield b": OPENROUTER PROCESSING\n\n"
            await asyncio.sleep(pause)
            yield f"data: {piece if isinstance(piece, str) else json.dumps(piece, ensure_ascii=False)}\n\n".encode()


USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 30,
    "total_tokens": 1230,
    "prompt_tokens_details": {"cached_tokens": 1000},
}

"""The brain that is a language model behind any OpenAI-compatible address; the only file that imports openai.

It is a guest: it hears text that passed the door, with phones as placeholders, and speaks through tools and words that
the loop checks. Whatever goes wrong outside raises Stuck, and the rules answer the same turn (`agent.think`).
Buttons, commands, receipts, pictures without words and a plain yes are the rules' from the start: they need no model.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai
import structlog
from openai import AsyncOpenAI, AsyncStream

from agent import budget, prompt
from agent.brain import Call, Heard, Result, Say, Step, Stuck, shared_calls
from agent.brain_rules import RuleBrain
from agent.consent import Consent
from agent.deltas import Message
from agent.patience import LONG_REST_S, MENDS, Patience
from kit import clock, outbox
from kit.config import LlmConfig
from kit.db import Pool, transaction
from kit.message import Notice
from kit.metrics import Metrics
from shop.shops import Shop

log = structlog.get_logger(__name__)

MOST_STEPS = 6  # requests of one turn; a sale's longest step needs find, card, add, missing, words
MOST_CALLS = 8  # tools of one answer
MOST_CHARACTERS = 40_000  # of one answer; a model that writes more is broken
_CHARACTERS_A_TOKEN = 3  # of Uzbek and Russian in JSON, on the saving side
_NOTE = "llm"
# code answers these with words of its own, so that a model may stay silent after them
_CODE_SPEAKS = frozenset(
    {"show_summary", "place_order", "cancel_order", "order_status", "show_card", "claim_payment", "ask_stock"}
)


@dataclass
class _Thinking:
    """One turn of one conversation with the model."""

    messages: list[dict[str, Any]]
    begun: float = field(default_factory=time.monotonic)
    waiting: list[tuple[str, Call | str]] = field(
        default_factory=list
    )  # call id -> the call, or what was wrong with it
    steps: int = 0
    unreadable: int = 0
    pictures: list[tuple[str, str]] = field(default_factory=list)  # sku, photo
    code_speaks: bool = False


class LlmBrain:
    """One for a process: all its turns share the connections, the patience and the day's budget."""

    name = "llm"

    def __init__(self, config: LlmConfig, db: Pool, metrics: Metrics) -> None:
        self._config = config
        self._db = db
        self._metrics = metrics
        self._rules = RuleBrain()
        self._tools = prompt.schemas()
        self.patience = Patience(config.patience_s, config.timeout_s)
        self._limits = budget.Limits(config.shopper_tokens_a_day, config.shop_tokens_a_day)
        self._client = AsyncOpenAI(
            api_key=config.api_key.get_secret_value() or "none",
            base_url=config.base_url,
            timeout=config.timeout_s,
            max_retries=0,  # the shopper waits: the rules are the second try
        )

    async def close(self) -> None:
        """Closes the connections to the provider; turns that still run go to the rules."""
        self.patience.rest_until = math.inf
        await self._client.close()

    async def next(self, heard: Heard) -> Step:
        """The next step of the turn. Raises Stuck when the model cannot be had or makes no sense."""
        thinking = heard.notes.get(_NOTE)
        if thinking is None and (heard.notes.get("rules") or _needs_no_model(heard)):
            heard.notes["rules"] = True
            return await self._rules.next(heard)
        if thinking is None:
            shared = shared_calls(heard.words)
            if shared and not heard.results:
                return Step(calls=shared)
            thinking = await self._begin(heard)
        else:
            _told(thinking, heard)
        return await self._step(thinking, heard)

    async def _begin(self, heard: Heard) -> _Thinking:
        if not self.patience.may_ask():
            raise self._stuck("resting")
        thinking = heard.notes[_NOTE] = _Thinking(prompt.conversation(heard, await heard.past(), heard.veil))
        heard.session.asked, heard.session.offer = [], {}
        return thinking

    # ---- one step ----------------------------------------------------------------------------------------------------

    async def _step(self, thinking: _Thinking, heard: Heard) -> Step:
        while thinking.steps < MOST_STEPS:
            thinking.steps += 1
            message = await self._ask(thinking, heard)
            echo = message.echo()
            thinking.messages.append(echo)
            if not message.calls:
                return self._says(thinking, heard, message)
            thinking.waiting = [_read(call, heard) for call in echo["tool_calls"]]
            calls = tuple([one for _, one in thinking.waiting if isinstance(one, Call)][:MOST_CALLS])
            if calls:
                return Step(calls=calls)
            thinking.unreadable += 1
            if thinking.unreadable > 1:
                raise self._stuck("unreadable_calls")
            _answer(thinking, (), heard)
        raise self._stuck("too_many_steps")

    def _says(self, thinking: _Thinking, heard: Heard, message: Message) -> Step:
        if not message.text:
            if thinking.code_speaks:
                return Step()
            raise self._stuck("empty")
        if message.finish == "length":
            raise self._stuck("cut_short")
        new = [(sku, photo) for sku, photo in thinking.pictures if sku not in heard.session.pictured][:1]
        heard.session.pictured = [*heard.session.pictured, *(sku for sku, _ in new)][-30:]
        return Step(says=(Say(text=message.text, photos=tuple(photo for _, photo in new)),))

    # ---- the wire ----------------------------------------------------------------------------------------------------

    async def _ask(self, thinking: _Thinking, heard: Heard) -> Message:
        """One request, paid from the day's budget. Raises Stuck."""
        size = len(json.dumps(thinking.messages, ensure_ascii=False)) + len(json.dumps(self._tools))
        most = size // _CHARACTERS_A_TOKEN + self._config.answer_tokens
        taken = await budget.take(self._db, heard.shop, heard.who, most, self._limits)
        if taken is None:
            raise self._stuck("budget")
        message, billed = Message(), True
        try:
            await self._fetch(message, thinking)
            self.patience.worked()
        except Stuck as stuck:
            billed = stuck.why != "connection" and not stuck.why.isdecimal()
            if stuck.why in MENDS:
                await self._tell_staff(heard.shop, stuck.why)
            raise
        finally:
            await budget.settle(self._db, taken, self._count(message, size if billed else 0))
        return message

    async def _fetch(self, message: Message, thinking: _Thinking) -> None:
        try:
            async with asyncio.timeout(self.patience.left(thinking.begun)):
                async with aclosing(self._chunks(thinking.messages)) as chunks:
                    async for chunk in chunks:
                        message.add(chunk)
                        if message.size > MOST_CHARACTERS:
                            raise self._stuck("too_long")
        except openai.APIStatusError as error:
            raise self._failed(_code_of(error), _wait_of(error)) from error
        except (openai.APITimeoutError, TimeoutError) as error:
            raise self._failed("timeout") from error
        except (openai.APIConnectionError, httpx2.HTTPError) as error:  # the second: in the middle of a body
            raise self._failed("connection") from error
        except openai.OpenAIError as error:  # an error with status 200, or in the middle of a stream
            code = str(getattr(error, "code", None) or "")
            raise self._failed(code if re.fullmatch(r"[45]\d\d", code) else "error_body") from error
        except (ValueError, RecursionError) as error:  # JSON that is none, of a shape nobody promised, without end
            raise self._failed("garbage") from error
        if not message.body:
            raise self._failed("empty")

    async def _chunks(self, messages: list[dict[str, Any]]) -> AsyncGenerator[Any, None]:
        """The pieces of an answer; a provider that does not stream gives one."""
        async with self._opened(messages) as response:
            if "event-stream" not in response.headers.get("content-type", ""):
                body = json.loads(await self._body(response))
                yield _checked(body)
                return
            async for piece in await response.parse(to=AsyncStream[object]):
                yield _checked(piece)

    @asynccontextmanager
    async def _opened(self, messages: list[dict[str, Any]]) -> AsyncIterator[Any]:
        openai_itself = self._config.base_url.startswith("https://api.openai.com")
        most = "max_completion_tokens" if openai_itself else "max_tokens"  # newer models of OpenAI know only the first
        options: dict[str, Any] = {most: self._config.answer_tokens}
        if openai_itself:
            options["parallel_tool_calls"] = True  # Gemini answers 400 to the very word
        # plain dicts, so that whatever a provider added goes back to it
        create: Any = self._client.chat.completions.with_streaming_response.create
        request = create(
            model=self._config.model,
            messages=messages,
            tools=self._tools,
            stream=True,
            stream_options={"include_usage": True},
            **options,
        )
        async with request as response:
            yield response

    async def _body(self, response: Any) -> bytes:
        """A whole body of a sane size. Raises Stuck."""
        body = bytearray()
        async for part in response.iter_bytes():
            body += part
            if len(body) > 4 * MOST_CHARACTERS:
                raise self._stuck("too_long")
        return bytes(body)

    # ---- what it cost, what went wrong -------------------------------------------------------------------------------

    def _count(self, message: Message, size: int) -> int:
        """Tokens of one request, as the provider counts them, else guessed; `size` 0: it was turned away unbilled."""
        said = _whole(message.usage.get("prompt_tokens")), _whole(message.usage.get("completion_tokens"))
        if not any(said):
            said = size // _CHARACTERS_A_TOKEN, message.size // _CHARACTERS_A_TOKEN
        details = message.usage.get("prompt_tokens_details")
        cached = _whole(details.get("cached_tokens")) if isinstance(details, dict) else 0
        for kind, count in (("prompt", said[0]), ("completion", said[1]), ("cached", cached)):
            self._metrics.llm_tokens(kind, count)
        return sum(said)

    def _stuck(self, why: str) -> Stuck:
        self._metrics.error(f"llm:{why}")
        return Stuck(why)

    def _failed(self, code: str, wait_s: float = 0.0) -> Stuck:
        if code != "moderated":  # one shopper's words say nothing about the provider
            self.patience.failed(code, wait_s)
        if code in MENDS:
            log.error("llm.needs_mending", code=code, mend=MENDS[code])
        return self._stuck(code)

    async def _tell_staff(self, shop: Shop, code: str) -> None:
        """Staff hear of what a person has to mend, once a day; not in the turn's transaction: it is true anyway."""
        today = clock.now().date().isoformat()
        async with transaction(self._db) as tx:
            notice = Notice("problem", facts={"what": "llm", "code": code})
            await outbox.tell_staff(tx, shop.id, notice, idem=f"llm:{code}:{today}")


def _needs_no_model(heard: Heard) -> bool:
    """Whether the rules do it at least as well: no words to understand, or words that mean one thing alone."""
    words = heard.words
    if heard.handed_over or any(one.button or one.kind == "command" for one in words):
        return True
    if any(one.seen.get("verdict") in ("receipt", "refused") for one in words):
        return True
    if not any(letter.isalnum() for one in words for letter in one.text):
        return True
    return Consent(heard).plain_yes


def _read(call: dict[str, Any], heard: Heard) -> tuple[str, Call | str]:
    """A tool call of the wire, with the phones back in it; or why it is none. What is no JSON is not sent back."""
    function = call["function"]
    raw = function["arguments"]
    try:
        args = heard.veil.fill_in(json.loads(raw))
    except (ValueError, TypeError, RecursionError):
        args = None
    if not isinstance(args, dict):
        function["arguments"] = "{}"
        return call["id"], f"the arguments are not a JSON object: {str(raw)[:200]}"
    return call["id"], Call(str(function["name"]), args)


def _told(thinking: _Thinking, heard: Heard) -> None:
    """Puts what happened since the last request into the talk: results of tools, or why a message was stopped."""
    if heard.faults and not thinking.waiting:
        thinking.messages.append({"role": "user", "content": prompt.not_sent(heard.faults)})
        heard.results = ()
        return
    _answer(thinking, heard.results, heard)
    for one in heard.results:
        _note(thinking, one, heard)


def _answer(thinking: _Thinking, results: Sequence[Result], heard: Heard) -> None:
    """One tool message for each call, as the wire demands."""
    left = list(results)
    for call_id, call in thinking.waiting:
        if isinstance(call, str):
            said = json.dumps({"error": call})
        else:
            said = prompt.result(left.pop(0), heard.veil) if left else '{"error": "too many calls at once"}'
        thinking.messages.append({"role": "tool", "tool_call_id": call_id, "content": said})
    thinking.waiting = []


def _note(thinking: _Thinking, one: Result, heard: Heard) -> None:
    """Keeps what the rules would remember of a result, so that either brain can go on with the talk."""
    data, session = one.data, heard.session
    if one.call.tool in _CODE_SPEAKS and not one.refused:
        thinking.code_speaks = True
        session.asked = ["confirm"] if data.get("status") == "shown" and one.call.tool != "show_card" else []
        session.asked = ["receipt"] if data.get("status") == "placed" else session.asked
    if one.call.tool == "missing_slots":
        session.asked = list(data.get("missing", ()))[:1]
    if isinstance(data.get("sku"), str):
        session.focus = [data["sku"]]
        if data.get("photos") and one.call.tool == "product_card":
            thinking.pictures.append((data["sku"], data["photos"][0]))
    if one.call.tool == "find_product":
        session.shown = [product["sku"] for product in data.get("products", ())]
        session.focus = session.shown[:1]


class _Refusal(openai.OpenAIError):
    """An error that came with status 200."""

    def __init__(self, code: object) -> None:
        super().__init__("an error with status 200")
        self.code = code


def _checked(piece: Any) -> Any:
    """A piece, unless it is an error that some providers send with status 200. Raises _Refusal then."""
    body = piece[0] if isinstance(piece, list) and piece else piece  # Gemini wraps its errors in a list
    if isinstance(body, dict) and body.get("error"):
        error = body["error"]
        raise _Refusal(error.get("code") if isinstance(error, dict) else None)
    return piece


def _code_of(error: openai.APIStatusError) -> str:
    """The status; 403 also says that one message was moderated away, which is no trouble of the key."""
    body = error.body[0] if isinstance(error.body, list) and error.body else error.body
    inner = body.get("error", body) if isinstance(body, dict) else {}
    about = inner.get("metadata") if isinstance(inner, dict) else None
    if error.status_code == 403 and isinstance(about, dict) and about.get("reasons"):
        return "moderated"
    return str(error.status_code)


def _wait_of(error: openai.APIStatusError) -> float:
    """Seconds the provider asks to be left alone, at most ten minutes."""
    said = error.response.headers.get("retry-after", "")
    return min(float(said), LONG_REST_S) if said.isdecimal() else 0.0


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

"""What `doctor` says of the language model, against a provider that answers as the real ones do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from cli.doctor_model import look
from cli.finding import Finding
from kit.config import LlmConfig
from kit.http import make_client
from tests.fakes.openai import KEY, MODEL, FakeOpenAI


@pytest.fixture
async def model() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as made:
        yield made


async def found(provider: FakeOpenAI, *, waits_s: float = 5, **settings: Any) -> list[Finding]:
    config = LlmConfig(**({"base_url": provider.base_url, "api_key": SecretStr(KEY), "model": MODEL} | settings))
    async with make_client(waits_s) as client:
        return [one async for one in look(config, client)]


async def test_without_a_key_there_is_nothing_to_say(model: FakeOpenAI) -> None:
    assert await found(model, api_key=SecretStr("")) == [] and model.calls == []


async def test_a_good_key_and_model(model: FakeOpenAI) -> None:
    model.will("ok")
    [(name, ok, says, mend)] = await found(model)
    assert (name, ok, mend) == ("llm", True, "") and says.startswith("fake-model answers in 0.")
    assert model.bodies[0]["tools"] and model.bodies[0]["max_tokens"] <= 100


async def test_a_refused_key_is_not_shown(model: FakeOpenAI) -> None:
    [(_, ok, says, mend)] = await found(model, api_key=SecretStr("sk-wrong"))
    assert (ok, says) == (False, "the key is refused (401)") and "llm.api_key" in mend and "sk-" not in mend


async def test_a_wrong_name_is_told_with_the_right_ones(model: FakeOpenAI) -> None:
    model.models = ["fake-model", "fake-model-mini", "other/thing"]
    [(_, ok, says, mend)] = await found(model, model="fake-modle")
    assert (ok, says) == (False, "there is no model fake-modle") and "fake-model-mini" in mend and "other" not in mend
    model.models.append("fake-model-big")
    model.fail("refuse", "chat", status=404)
    [(_, ok, says, mend)] = await found(model, model="fake-model:free")  # listed: then it is something else
    assert ok is False and says.startswith("fake-model:free cannot be used (404)") and "tools" in mend


@pytest.mark.parametrize(("status", "ok", "words"), [
    (402, False, "credit is used up"), (403, False, "may not use"), (429, None, "refuses just now (429)"),
    (503, None, "just now"),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["refuse", "error_body"])
async def test_what_else_is_wrong(model: FakeOpenAI, status: int, ok: bool | None, words: str, kind: str) -> None:
    model.fail(kind, "chat", status=status)
    [(_, seen, says, mend)] = await found(model)
    assert seen is ok and words in says and mend


async def test_no_provider_at_all(model: FakeOpenAI) -> None:
    model.fail("text", "chat")
    assert (await found(model))[0][1:3] == (False, "the answer is no chat completion")
    model.fail("hang", "chat", seconds=60)
    assert (await found(model, waits_s=0.2))[0][1] is None
    [(_, ok, says, mend)] = await found(model, base_url="http://127.0.0.1:9/v1")
    assert ok is False and "does not answer" in says and "llm.base_url" in mend


async def test_a_slow_model_is_worth_a_word(model: FakeOpenAI) -> None:
    model.will("ok")
    model.thinks_for_s = 0.1
    [(_, ok, says, mend)] = await found(model, patience_s=0.1)
    assert ok is None and "for one word" in says and "quicker" in mend


@pytest.mark.parametrize(("left", "ok", "words"), [
    (0, False, "limit of 5 $ is used up"), (3.456, True, "3.46 $ of 5 $ left"), (None, True, "answers in"),
])  # fmt: skip
async def test_openrouter_tells_of_the_key(left: float | None, ok: bool, words: str) -> None:
    class OpenRouter(FakeOpenAI):
        """Under a path with its name, so that the address looks like it."""

        def routes(self, app: web.Application) -> None:
            app.router.add_get("/openrouter.ai/v1/key", self._key)
            app.router.add_get("/openrouter.ai/v1/models", self._models)
            app.router.add_post("/openrouter.ai/v1/chat/completions", self._chat)

        async def _key(self, request: web.Request) -> web.Response:
            return web.json_response({"data": {"limit": 5 if left is not None else None, "limit_remaining": left}})

    async with OpenRouter("openrouter") as model:
        model.will("ok")
        first, *_ = await found(model, base_url=f"{model.url}/openrouter.ai/v1")
        assert first[1] is ok and words in first[2]

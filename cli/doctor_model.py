"""What `doctor` asks the provider of the language model: the key, the model's name, and one small answer.

Whether there is credit, and whether the model can call tools, only a real request tells: it costs some
hundred tokens.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from difflib import get_close_matches
from typing import Any

import httpx2

from cli.finding import Finding
from kit.config import LlmConfig

_NAME = "llm"
_SIMILAR = 3  # names shown for a wrong one
_WORDS = 150  # characters of what a provider says
_SLOW_SHARE = 0.4  # of the patience: a turn takes two or three answers
_TOOL = {
    "type": "function",
    "function": {
        "name": "price",
        "description": "The price of a product.",
        "parameters": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]},
    },
}


async def look(llm: LlmConfig, client: httpx2.AsyncClient) -> AsyncIterator[Finding]:
    """Findings about the model of the settings; none without a key. The first failure ends it."""
    key = llm.api_key.get_secret_value()
    if not key:
        return
    base = llm.base_url.rstrip("/")
    client.headers["Authorization"] = f"Bearer {key}"
    try:
        if "openrouter.ai" in base and (found := await _key(client, base)):
            yield found
            if found[1] is False:
                return
        status, models = await _get(client, f"{base}/models")
        if status == 401:
            yield _NAME, False, "the key is refused (401)", "set llm.api_key to a key of this provider"
            return
        yield await _answer(client, llm, base, [str(one.get("id")) for one in _list(models)])
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        yield _NAME, False, f"{base} does not answer ({type(error).__name__})", "check the network and llm.base_url"
    finally:
        del client.headers["Authorization"]


async def _get(client: httpx2.AsyncClient, url: str) -> tuple[int, Any]:
    answer = await client.get(url)
    return answer.status_code, _json(answer)


def _json(answer: httpx2.Response) -> Any:
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return {}
    return body[0] if isinstance(body, list) and body else body  # Gemini wraps its errors in a list


def _list(body: Any) -> list[dict[str, Any]]:
    found = body.get("data") if isinstance(body, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


async def _key(client: httpx2.AsyncClient, base: str) -> Finding | None:
    """What OpenRouter says of the key itself: its limit and what is left of it."""
    status, body = await _get(client, f"{base}/key")
    if status == 401:
        return _NAME, False, "the key is refused (401)", "make a new one at the provider: llm.api_key"
    data = body.get("data") if status == 200 and isinstance(body, dict) else None
    if not isinstance(data, dict):
        return None
    left, limit = data.get("limit_remaining"), data.get("limit")
    if isinstance(left, int | float) and left <= 0:
        return _NAME, False, f"the key's limit of {limit} $ is used up", "raise the key's limit at the provider"
    if isinstance(left, int | float):
        return _NAME, True, f"the key has {left:.2f} $ of {limit} $ left", ""
    return None


async def _answer(client: httpx2.AsyncClient, llm: LlmConfig, base: str, models: list[str]) -> Finding:
    """One small request as the product makes them."""
    openai_itself = base.startswith("https://api.openai.com")
    most = "max_completion_tokens" if openai_itself else "max_tokens"
    question = {"role": "user", "content": "Say: ok"}
    request = {"model": llm.model, "messages": [question], "tools": [_TOOL], most: 100}
    began = time.monotonic()
    try:
        answer = await client.post(f"{base}/chat/completions", json=request)
    except httpx2.TimeoutException:
        return _NAME, None, f"{llm.model} did not answer in time", "choose a quicker model, or try again later"
    seconds = time.monotonic() - began
    status, why = _status(answer)
    if status != 200:
        return _refused(status, why, llm.model, models)
    if seconds > llm.patience_s * _SLOW_SHARE:
        says = f"{llm.model} took {seconds:.1f} s for one word"
        return _NAME, None, says, "the rules will often answer instead: choose a quicker model, or raise llm.patience_s"
    return _NAME, True, f"{llm.model} answers in {seconds:.1f} s", ""


def _status(answer: httpx2.Response) -> tuple[int, str]:
    """The status, also one that came in the body of a 200, and what the provider says."""
    body = _json(answer)
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        code = error.get("code")
        status = code if isinstance(code, int) and answer.status_code == 200 else answer.status_code
        return status if status != 200 else 500, str(error.get("message") or "")[:_WORDS]
    if answer.status_code == 200 and not (isinstance(body, dict) and body.get("choices")):
        return 0, "the answer is no chat completion"
    return answer.status_code, str(error or "")[:_WORDS]


def _refused(status: int, why: str, model: str, models: list[str]) -> Finding:
    said = f" ({why})" if why else ""
    if status == 401:
        return _NAME, False, "the key is refused (401)", "set llm.api_key to a key of this provider"
    if status == 402:
        return _NAME, False, "the provider's credit is used up (402)", "top it up at the provider"
    if status == 403:
        return _NAME, False, f"the key may not use {model} (403){said}", "set llm.model, or the key's rights"
    if status in (400, 404, 422):
        unknown = models and not any(_same(model, one) for one in models)
        if unknown and (similar := get_close_matches(model, models, _SIMILAR, 0.4)):
            return _NAME, False, f"there is no model {model}", f"set llm.model; perhaps {', '.join(similar)}"
        mend = "set llm.model to one that can call tools, and llm.base_url to the address ending in /v1 or the like"
        return _NAME, False, f"{model} cannot be used ({status}){said}", mend
    if status == 0:
        return _NAME, False, why, "llm.base_url must be an OpenAI-compatible address"
    mend = "nothing to do here: the rules answer meanwhile; try again later"
    return _NAME, None, f"the provider refuses just now ({status}){said}", mend


def _same(wanted: str, listed: str) -> bool:
    """Whether two names are one model: Gemini lists `models/x`, OpenRouter takes `x:free`."""
    return wanted.split(":")[0] == listed.removeprefix("models/").split(":")[0] or wanted == listed

"""A voice message to words, by any server that transcribes as OpenAI's does: POST {base_url}/audio/transcriptions.

The provider is an outsider: its answer is cut, cleaned and then treated as something the shopper typed, no better.
"""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import yaml

from kit.config import VoiceConfig
from kit.errors import Unavailable
from kit.http import read_at_most
from kit.sound import Sound

TRIES = 2
MOST_CHARS = 3000  # three minutes of quick speech; a message somebody typed ends at 4096
_MOST_BYTES = 256 * 1024  # of an answer: 3000 characters with all their escapes are 36 kB
_FASTEST = 30  # characters a second; nobody speaks faster: a model that loops over a noise does
_REST_S = 2.0  # most that is waited before the second try, whatever the provider asks for
_LATER = {408, 409, 425, 429}  # and everything from 500: worth another try
REFUSED = frozenset({"401", "402", "403", "404"})  # the key, the money or the address: the host's to mend
_MARKS = re.compile(r"\[[^\[\]]{0,60}\]|<[^<>]{0,60}>|[♪♫*_`#~|]+")  # [Music], <|nospeech|>, what is no speech
_LEXICON = Path(__file__).parent / "lexicon" / "unsaid.yaml"


async def transcribe(client: httpx2.AsyncClient, config: VoiceConfig, data: bytes, sound: Sound) -> str:
    """The words of `data`, "" when there are none. Raises Unavailable within `timeout_s`; REFUSED is for good."""
    try:
        async with asyncio.timeout(config.timeout_s):
            answer = await _asked(client, config, data, sound)
    except TimeoutError:
        raise Unavailable("the transcription took too long", code="timeout") from None
    text = tidy(answer)
    if sound.seconds and len(text) > 2 * _FASTEST + _FASTEST * sound.seconds:
        return ""
    return text


async def _asked(client: httpx2.AsyncClient, config: VoiceConfig, data: bytes, sound: Sound) -> str:
    """The provider's text, with one more try where it may help."""
    for left in reversed(range(TRIES)):
        try:
            return await _once(client, config, data, sound)
        except Unavailable as error:
            if error.permanent or not left:
                raise
            await asyncio.sleep(min(error.retry_after or 0.2, _REST_S))
    raise AssertionError("the last try returns or raises")


async def _once(client: httpx2.AsyncClient, config: VoiceConfig, data: bytes, sound: Sound) -> str:
    fields = {"model": config.model, "response_format": "json"}
    if config.language:
        fields["language"] = config.language
    key = config.api_key.get_secret_value()
    request = client.build_request(
        "POST",
        f"{config.base_url.rstrip('/')}/audio/transcriptions",
        data=fields,
        files={"file": (f"voice.{sound.suffix}", data, sound.mime)},  # providers go by the name's ending
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=config.timeout_s,
    )
    try:
        answer = await client.send(request, stream=True, follow_redirects=False)
        try:
            body = await read_at_most(answer, _MOST_BYTES, "the transcription's answer does not end")
        finally:
            await answer.aclose()
    except (httpx2.HTTPError, OSError) as error:
        raise Unavailable(f"transcription: {type(error).__name__}", code="network") from None
    return _text(answer, body)


def _text(answer: httpx2.Response, body: bytes) -> str:
    """What an answer says. Raises Unavailable; never with words of the answer, which may hold the shopper's."""
    status = answer.status_code
    if status != 200:
        wait = answer.headers.get("retry-after", "")
        raise Unavailable(
            f"transcription: HTTP {status}",
            permanent=status < 500 and status not in _LATER,
            retry_after=float(wait) if wait.isdigit() else None,
            code=str(status),
        )
    try:
        found: Any = json.loads(body)
    except ValueError:
        raise Unavailable("the transcription's answer is no JSON", code="page") from None
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):  # a proxy of many models answers 200 with an error inside
        raise Unavailable("the transcription's answer holds no text", code="shape")
    return text


# ---- the words -------------------------------------------------------------------------------------------------------


def tidy(text: str) -> str:
    """A provider's text as a person would have typed it: one line, no markup, nothing invisible, not endless.

    "" for what models write where nobody spoke.
    """
    plain = unicodedata.normalize("NFC", _MARKS.sub(" ", text[: 4 * MOST_CHARS]))
    shown = "".join(" " if char.isspace() else char for char in plain if char.isspace() or _visible(char))
    words = " ".join(shown.split())
    if len(words) > MOST_CHARS:
        words = words[:MOST_CHARS].rpartition(" ")[0] or words[:MOST_CHARS]
    said = re.sub(r"[^\w\s]", "", words.lower()).strip()
    if not said or any(unsaid in said and len(said) <= 2 * len(unsaid) for unsaid in _unsaid()):
        return ""
    return words


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")


@cache
def _unsaid() -> tuple[str, ...]:
    """Sentences of subtitles that models hear in silence, without their punctuation."""
    lines: list[str] = yaml.safe_load(_LEXICON.read_text(encoding="utf-8"))["unsaid"]
    return tuple(re.sub(r"[^\w\s]", "", line.lower()) for line in lines)

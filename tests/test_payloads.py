"""Every sample of the platforms' webhooks becomes the right Incoming, or is ignored with a reason.

A file of tests/webhooks: `source` (where the sample is from), `payload`, and `expect`, the Incomings as `dump` writes
them with the chat cut to its id (`<shop>/<id>` where the shop is not lola).
"""

import json
from pathlib import Path

import pytest

from bot.instagram import receive as instagram
from bot.telegram import receive as telegram
from kit.message import Incoming, dump, load_incoming

FOLDER = Path(__file__).parent / "webhooks"
SAMPLES = sorted(FOLDER.glob("*.json"))
ACCOUNTS = {"<IG_PRO_ACCOUNT_ID>": "lola", "17841405726653026": "lola"}


def parse(path: Path, payload: dict) -> list[Incoming]:
    if path.name.startswith("telegram"):
        return telegram.parse("lola", "111", payload)
    return instagram.parse(ACCOUNTS, payload)


def short(incoming: Incoming) -> dict:
    chat = incoming.chat
    plain = json.loads(json.dumps(dump(incoming)))
    return {**plain, "chat": chat.id if chat.shop_id == "lola" else f"{chat.shop_id}/{chat.id}"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample(path):
    sample = json.loads(path.read_text("utf-8"))
    found = parse(path, sample["payload"])
    assert [short(one) for one in found] == sample["expect"]
    for one in found:
        assert one.note or one.kind not in ("ignored", "unknown"), "what is passed by has a reason"
        assert load_incoming(json.loads(json.dumps(dump(one)))) == one


def test_every_sample_is_there():
    names = {path.stem for path in SAMPLES}
    assert len([name for name in names if name.startswith("telegram_")]) == 20
    assert len([name for name in names if name.startswith("instagram_")]) == 34


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_read_twice_has_the_same_ids(path):
    payload = json.loads(path.read_text("utf-8"))["payload"]
    assert [one.event_id for one in parse(path, payload)] == [one.event_id for one in parse(path, payload)]

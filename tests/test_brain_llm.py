"""The model's brain in a sale: tools over the wire, quirks of three providers, what leaves the machine, the budget."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent import prompt
from agent.tools import TOOLS
from kit import db as database
from tests.fakes.openai import Answer, Tool, tool, tools
from tests.llm_room import Room, room

CART = tools(
    ("add_to_cart", {"sku": "LS-502", "color": "qora"}),
    ("set_phone", {"phone": "{PHONE_1}"}),
    ("set_address", {"address": "Chilonzor 9-kvartal 14-uy"}),
)


@pytest.fixture(params=["openai", "openrouter", "gemini"])
async def any_room(
    request: pytest.FixtureRequest, db: database.Tx, own_db: database.Pool, tmp_path: Path
) -> AsyncIterator[Room]:
    async with room(db, own_db, tmp_path, request.param) as made:
        yield made
        made.model.done()


@pytest.fixture
async def here(db: database.Tx, own_db: database.Pool, tmp_path: Path) -> AsyncIterator[Room]:
    async with room(db, own_db, tmp_path) as made:
        yield made
        made.model.done()


async def test_a_whole_sale_with_every_provider(any_room: Room) -> None:
    here = any_room
    here.model.will(tools(("find_product", {"query": "kepka"}), ("product_card", {"sku": "LS-502"})))
    here.model.will("Kepka 69 000 so'm, rangi qora, oq yoki bej. Qaysi biri?")
    assert "69 000" in await here.say("kepka qancha turadi?")
    here.model.will(CART, tool("show_summary"), "Tekshirib ko'ring, iltimos.")
    said = await here.say("qorasini olaman, 90 123 45 67, Chilonzor 9-kvartal 14-uy")
    assert "Tekshirib" in said and "+998901234567" in said.replace(" ", "") and await here.me.orders() == []
    asked = len(here.model.bodies)
    assert "8600" in await here.say("ha")  # a plain yes costs no request; the card is shown by code
    assert len(here.model.bodies) == asked
    [order] = await here.me.orders()
    assert (order["total"], order["phone"], order["items"][0]["variant"]) == (69000, "+998901234567", "qora")


async def test_a_provider_that_does_not_stream(db: database.Tx, own_db: database.Pool, tmp_path: Path) -> None:
    async with room(db, own_db, tmp_path, "gemini", streams=False) as here:
        here.model.will(tools(("product_card", {"sku": "LS-502"}), ("shop_facts", {"topic": "hours"})))
        here.model.will("Kepka 69 000 so'm.")
        assert "69 000" in await here.say("kepka qancha?")
        here.model.done()


async def test_the_pictures_of_a_product_come_once(here: Room) -> None:
    here.model.will(tool("product_card", sku="LS-502"), "Kepka 69 000 so'm.", tool("product_card", sku="LS-502"))
    here.model.will("Ha, bor.")
    await here.say("kepka bormi?")
    first = here.me.play.session.pictured
    await here.say("kepka bormi hali?")
    assert first == here.me.play.session.pictured


async def test_bad_arguments_are_told_once_then_the_rules_answer(here: Room) -> None:
    bad = Answer(tools=(Tool("product_card", '{"sku": '),))
    here.model.will(bad, tool("product_card", sku="LS-502"), "Kepka 69 000 so'm.")
    assert "69 000" in await here.say("kepka qancha?")
    assert "not a JSON" in here.last(1)
    here.model.will(bad, bad)
    assert "69 000" in await here.say("kepka qancha?")
    assert here.counted('sotuv_errors_total{where="llm:unreadable_calls"}') == 1


async def test_empty_arguments_and_repeated_ids_are_mended(here: Room) -> None:
    here.model.will(
        Answer(tools=(Tool("list_products", "", id="x"), Tool("product_card", '{"sku": "LS-502"}', id="x"))),
        "Kepka 69 000 so'm.",
    )
    assert "69 000" in await here.say("kepka qancha?")
    calls = here.model.bodies[1]["messages"][-3]["tool_calls"]
    assert calls[0]["function"]["arguments"] == "{}" and calls[0]["id"] != calls[1]["id"]


async def test_too_many_calls_at_once_and_a_ping_pong(here: Room) -> None:
    here.model.will(tools(*[("find_product", {"query": "kepka"})] * 12), "Ha, bor")
    await here.say("kepka bormi?")
    said = [one["content"] for one in here.model.bodies[1]["messages"] if one["role"] == "tool"]
    assert len(said) == 12 and sum("too many" in one for one in said) == 4
    here.model.will(*[tool("find_product", query="kepka")] * 6)
    assert "69 000" in await here.say("kepka qancha?")
    assert here.counted('sotuv_errors_total{where="llm:too_many_steps"}') == 1


async def test_a_made_up_price_is_told_to_the_model_once(here: Room) -> None:
    here.model.will("Kepka 55 000 so'm.", tool("product_card", sku="LS-502"), "Kepka 69 000 so'm.")
    said = await here.say("kepka qancha?")
    assert "69 000" in said and "55 000" not in said
    assert "NOT sent" in here.last(1) and "price" in here.last(1)


async def test_phones_stay_here_and_come_back(here: Room) -> None:
    here.model.will(tool("set_phone", phone="{PHONE_1}"), "{PHONE_1} raqamini yozib oldim, manzilingiz?")
    said = await here.say("kepka olaman, telefonim 90 123 45 67")
    assert "+998901234567" in said
    assert all("1234567" not in here.heard(at).replace(" ", "") for at in range(len(here.model.bodies)))
    here.model.will("{PHONE_7}{PHONE_1} bormi?")  # of no number here: nothing is put there
    assert "PHONE" not in await here.say("menga qo'ng'iroq qiling 93 555 44 33")


async def test_what_was_said_before_is_heard_through_the_door(here: Room) -> None:
    await here.me.connection.execute(
        """INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status)
           VALUES ('scripted', 'telegram', 'old1', $1, 1, 'message', $2, 1)""",
        here.me.play.chat.key,
        {"text": "salom, kartam 8600 1234 5678 9012, tel 90 123 45 67"},
    )
    here.model.will("Kepkami?")
    await here.say("kepka haqida")
    roles = [one["role"] for one in here.model.bodies[0]["messages"]]
    assert roles == ["system", "user"] and "salom, kartam" in here.last()
    assert "56789012" not in here.heard().replace(" ", "") and "{PHONE_1}" in here.last()
    here.model.will("Ha?")
    await here.say("narxi-chi")
    assert "Kepkami?" in here.heard() and [one["role"] for one in here.model.bodies[1]["messages"]][-2:] == [
        "assistant",
        "user",
    ]


async def test_the_first_message_is_the_same_for_everybody_and_holds_no_number(here: Room) -> None:
    here.model.will("Ha?", "Ha?")
    await here.say("kepka haqida")
    await here.say("pastroq narxlisi bormi, 90 123 45 67")
    first, second = (body["messages"][0]["content"] for body in here.model.bodies)
    assert first == second and not any(one.isdigit() for one in first.split("The shop:")[1])
    assert here.model.bodies[0]["tools"] == here.model.bodies[1]["tools"]


async def test_what_needs_no_model_costs_none(here: Room) -> None:
    await here.me.command("/start")
    await here.me.press("b:lang:ru")
    await here.me.say(photo="LS-502")
    await here.me.say(via="voice", say="")
    await here.say("👍")
    assert here.model.bodies == []


async def test_a_shared_contact_is_kept_by_code(here: Room) -> None:
    await here.me.say(contact="+998901234567")
    assert (await here.me.play.cart()).phone == "+998901234567" and here.model.bodies == []


async def test_tokens_are_counted_and_the_day_has_an_end(
    db: database.Tx, own_db: database.Pool, tmp_path: Path
) -> None:
    async with room(db, own_db, tmp_path, shopper_tokens_a_day=8000) as here:
        here.model.will("Qanday yordam kerak?", "Ha?", "Xo'sh?")
        await here.say("menga biror narsa tavsiya qiling")
        rows = await own_db.fetch("SELECT key, tokens FROM llm_use WHERE shop_id = 'scripted' ORDER BY key")
        assert [(row["key"] or "shop", row["tokens"]) for row in rows] == [
            ("shop", 1230),
            (here.me.play.chat.key, 1230),
        ]
        counted = [
            here.counted(f'sotuv_llm_tokens_total{{kind="{kind}"}}') for kind in ("prompt", "completion", "cached")
        ]
        assert counted == [1200, 30, 1000]
        for _ in range(8):
            assert await here.say("kepka qancha?")
        assert here.counted('sotuv_errors_total{where="llm:budget"}') >= 5
        spent = await own_db.fetchval("SELECT max(tokens) FROM llm_use WHERE shop_id = 'scripted'")
        assert spent <= 8000


async def test_tools_on_the_wire_are_the_tools(here: Room) -> None:
    found = {one["function"]["name"]: one["function"] for one in prompt.schemas()}
    assert set(found) == {one.__name__ for one in TOOLS}
    for one in TOOLS:
        said = set(found[one.__name__].get("parameters", {}).get("properties", ()))
        assert said == set(inspect.signature(one).parameters) - {"turn"}
        assert not said & {"price", "total", "customer", "status", "card", "discount", "number"}
    here.model.will()

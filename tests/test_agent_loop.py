"""The loop with brains that are wrong: it is bounded, says no made-up number; a hostile brain can at worst be rude."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.brain import Line, Say, Step, Stuck
from agent.think import MAX_STEPS
from agent.tools import TOOLS
from kit import db as database
from kit.message import Button
from tests.talking import ScriptedBrain, Shopper, calls, says, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


async def with_brain(me: Shopper, *steps: Step | Stuck) -> ScriptedBrain:
    brain = ScriptedBrain(list(steps))
    me.play.brain = brain
    return brain


async def test_what_a_tool_brought_is_heard_and_may_be_said(me: Shopper) -> None:
    brain = await with_brain(me, calls(("product_card", {"sku": "LS-502"})), says("Kepka 69 000 so'm"))
    assert "69 000" in await me.say("kepka?")
    assert brain.heard[1].results[0].data["price"] == 69000


async def test_a_number_that_nobody_gave_is_not_said_and_the_brain_hears_why(me: Shopper) -> None:
    brain = await with_brain(me, says("Sizga 55 000 so'mga beraman"), says("Hozir qarab beraman"))
    said = await me.say("kepka qancha")
    assert "55" not in said and "Hozir qarab beraman" in said
    assert "price" in brain.heard[1].faults[0] and brain.steps == []


async def test_after_a_second_lie_the_rules_answer(me: Shopper) -> None:
    brain = await with_brain(me, says("Sizga 55 000 so'mga beraman"), says("Mayli, 50 000 so'm"), says("?"))
    said = await me.say("kepka qancha")
    assert "69\xa0000" in said and "55" not in said and "50" not in said
    assert not (await me.contact()).handed_over and len(brain.steps) == 1


async def test_a_stuck_brain_leaves_nothing_of_its_turn(me: Shopper) -> None:
    await with_brain(me, calls(("add_to_cart", {"sku": "LS-101", "size": "L"}), ("hand_over", {})), Stuck("timeout"))
    said = await me.say("qora kepka bitta olaman")
    cart = await me.play.cart()
    assert [line.sku for line in cart.lines] == ["LS-502"] and said
    assert not (await me.contact()).handed_over


@pytest.mark.parametrize(
    "steps", [[Step()], [calls(("find_product", {"query": "kepka"})), says("")], [says("<b></b>")]]
)
async def test_a_brain_that_says_nothing_leaves_the_answer_to_the_rules(me: Shopper, steps: list[Step]) -> None:
    brain = await with_brain(me, *steps)
    assert "69\xa0000" in await me.say("kepka qancha")
    assert brain.steps == []


async def test_a_brain_may_be_silent_where_code_speaks(me: Shopper) -> None:
    await with_brain(me, calls(*READY), Step())
    said = await me.say("qora kepka olaman")
    assert "69\xa0000" in said and "Chilonzor" in said and len(me.messages) == 1  # the summary alone


async def test_the_shoppers_own_numbers_may_be_repeated(me: Shopper) -> None:
    await with_brain(me, says("43 razmermi?"))
    assert "43" in await me.say("43 razmer bormi")


async def test_a_brain_that_never_ends_is_stopped(me: Shopper) -> None:
    brain = await with_brain(me, *[calls(("find_product", {"query": "kepka"}))] * 50)
    assert await me.say("salom")
    assert len(brain.heard) == MAX_STEPS and not (await me.contact()).handed_over  # the rules greet instead


async def test_unknown_tools_and_arguments_are_told_to_the_brain(me: Shopper) -> None:
    brain = await with_brain(
        me,
        calls(
            ("drop_tables", {}),
            ("add_to_cart", {"sku": "LS-502", "price": 1}),
            ("add_to_cart", {"sku": "LS-502", "quantity": "two"}),
            ("add_to_cart", {"sku": "NOPE"}),
            ("add_to_cart", {"sku": "LS-502", "color": "qora", "quantity": -3}),
        ),
        says("?"),
    )
    await me.say("salom")
    assert all(result.refused for result in brain.heard[1].results)
    assert (await me.play.cart()).empty


async def test_no_order_without_a_summary_the_shopper_saw(me: Shopper) -> None:
    await with_brain(
        me,
        calls(
            ("add_to_cart", {"sku": "LS-502", "color": "qora"}),
            ("set_phone", {"phone": "+998901234567"}),
            ("set_address", {"address": "Chilonzor 9-kvartal 14-uy"}),
            ("place_order", {}),
        ),
        says("Buyurtma berildi!"),
    )
    said = await me.say("kepka")
    assert await me.orders() == [] and "69" in said  # the summary is shown instead


READY = (
    ("add_to_cart", {"sku": "LS-502", "color": "qora"}),
    ("set_phone", {"phone": "+998901234567"}),
    ("set_address", {"address": "Chilonzor 9-kvartal 14-uy"}),
    ("show_summary", {}),
)


@pytest.mark.parametrize("said", ["yetkazish qancha?", "yo'q, boshqasini ko'ray", "rahmat", "hali o'ylab ko'raman"])
async def test_a_brain_cannot_say_the_yes_itself(me: Shopper, said: str) -> None:
    await with_brain(me, calls(*READY, ("place_order", {})), says("Buyurtma qabul qilindi"))
    assert "69" in await me.say("kepka")  # in the turn that shows the summary
    await with_brain(me, calls(("place_order", {})), says("Buyurtma qabul qilindi"), says(""))
    heard = await me.say(said)
    assert await me.orders() == [] and "qabul qilindi" not in heard


async def test_a_yes_places_what_was_shown_once(me: Shopper) -> None:
    await with_brain(me, calls(*READY), says("Tekshirib ko'ring"))
    await me.say("kepka")
    await with_brain(me, calls(("place_order", {}), ("place_order", {})), says(""))
    await me.say("ha")
    assert [order["total"] for order in await me.orders()] == [69000]


@pytest.mark.parametrize("after", [
    [("change_item", {"sku": "LS-502", "old_color": "qora", "quantity": 5}), ("show_summary", {})],
    [("add_to_cart", {"sku": "LS-101", "size": "L", "color": "qora"}), ("show_summary", {})],
    [("set_phone", {"phone": "+998935554433"}), ("show_summary", {})],
    [("clear_cart", {})],
])  # fmt: skip
async def test_nothing_else_is_placed_than_what_the_yes_was_for(me: Shopper, after: list[Any]) -> None:
    await with_brain(me, calls(*READY), says("Tekshirib ko'ring"))
    await me.say("kepka")
    await with_brain(me, calls(("place_order", {}), *after), says("Buyurtma qabul qilindi"))
    await me.say("ha")
    orders = await me.orders()  # the rules took the turn over, and placed what the shopper saw
    assert [(order["total"], order["phone"]) for order in orders] == [(69000, "+998901234567")]


async def test_an_order_is_cancelled_only_when_the_shopper_asks(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    for said, status in (("rahmat, kutaman", "awaiting_payment"), ("buyurtmani bekor qiling", "cancelled")):
        await with_brain(me, calls(("cancel_order", {})), says(""))
        await me.say(said)
        assert [order["status"] for order in await me.orders()] == [status]


async def test_free_text_brings_no_markup_buttons_or_strange_pictures(me: Shopper) -> None:
    buttons = ((Button("Sovg'a", "b:yes:1"),),)
    text = "<b>Salom</b> **aka** /ship 5 \u202enima kerak?"
    await with_brain(me, Step(says=(Say(text=text, buttons=buttons, photos=("secret.jpg",)),)))
    said = await me.say("salom")
    assert "Salom aka ship 5 nima kerak?" in said and "Sovg'a" not in said
    await with_brain(me, Step(says=(Say(lines=(Line("order.placed", {"number": 7}),)),)), says("Qanday yordam kerak?"))
    assert "№7" not in await me.say("salom")


async def test_a_brain_hears_no_card_number(me: Shopper) -> None:
    brain = await with_brain(me, says("?"))
    await me.say("kartam 8600 1234 5678 9012", "kod 482913")
    heard = " ".join(words.text for words in brain.heard[0].words)
    assert "56789012" not in heard.replace(" ", "") and "482913" not in heard


async def test_tools_take_no_price_customer_status_or_card() -> None:
    import inspect

    forbidden = {
        "price",
        "total",
        "customer",
        "shopper",
        "chat",
        "shop",
        "shop_id",
        "status",
        "card",
        "number",
        "discount",
    }
    for tool in TOOLS:
        assert tool.__doc__
        assert not forbidden & set(inspect.signature(tool).parameters), tool


@pytest.mark.parametrize(
    ("amount", "asked"), [(50_000, 50_000), (1, 0), (0, 0), (-3, 0), (69_000, 0), (10**12, 0), (True, 0)]
)
async def test_only_a_sum_that_the_shopper_named_reaches_staff(me: Shopper, amount: int, asked: int) -> None:
    prices = me.play.stage.shop.profile.prices.model_copy(update={"bargaining": True})
    profile = me.play.stage.shop.profile.model_copy(update={"prices": prices})
    me.play.stage.shop = replace(me.play.stage.shop, profile=profile)
    await with_brain(me, calls(("ask_discount", {"sku": "LS-502", "amount": amount})), says("So'rab ko'raman"))
    await me.say("kepka 69 ming emas, 50 mingga bering")
    (notice,) = [one for one in await me.notices() if one["kind"] == "haggle"]
    assert notice["facts"] == {"sku": "LS-502", "asked": asked, "price": 69_000}


async def test_half_a_letter_of_a_model_breaks_nothing(me: Shopper) -> None:
    await with_brain(
        me, calls(("set_address", {"address": "Chilonzor \ud800 9"}), ("set_name", {"name": "\x00"})), says("?")
    )
    assert await me.say("manzilim Chilonzor")

"""Photos that come one after another, each in its turn: both, the first, one of each; and what could not be opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.brain_rules import RuleBrain
from kit import db as database
from kit.message import Chat, Incoming
from tests import talk
from tests.talking import Shopper, shopper
from tests.test_photo_talk import BAG, BAG_PRICE, CAP, CAP_PRICE, SHOES, SHOES_PRICE, TEE, send

UNKNOWN = "https://www.instagram.com/p/unknown77/"
BOTH = (
    "ikkalasini olaman", "oba beru", "обе, пожалуйста", "both please", "можно обе?", "ikkalasi boʻlsin", "both of them",
    "I'll have both of these", "оба, и доставку на завтра", "иккаласини ҳам оламан", "ikkalasidan bittadan",
    "bittadan olaman", "I'd like both", "мне обе", "ikkovini bering",
)  # fmt: skip
NO_ORDER = (
    "ikkalasi ham chiroyli ekan", "both are lovely", "обе не надо", "ikkalasi kerak emas", "both in stock?", "обе?",
    "hammasi tushunarli rahmat", "ikkalasi ham qimmat ekan", "ikkalasining farqi nima?",
)  # fmt: skip
PLACES = {
    CAP: (
        "birinchisini olaman", "the first one please", "первое возьму", "1-chisini bering", "биринчисини оламан",
        "birinchi tashlagan rasmimdagini olaman", "первый вариант беру", "birinchisi yoqdi, shuni olaman",
        "oldingisini olaman", "ikkinchisi emas, birinchisini olaman", "первый беру а второй нет",
    ),
    BAG: ("ikkinchisini olaman", "вторую беру", "second one, I'll take it", "oxirgisini olaman"),
}  # fmt: skip
NO_PLACE = (
    "первый раз у вас заказываю", "birinchi marta olyapman", "this is my first order", "это мой первый заказ"
)  # fmt: skip


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


def another(me: Shopper) -> Shopper:
    """Somebody else in the same shop."""
    chat = Chat(talk.SHOP_ID, "telegram", talk.event())
    return Shopper(talk.Play(me.play.stage, chat, RuleBrain(), now=me.play.now))


async def show(me: Shopper, *skus: str) -> None:
    for sku in skus:
        await send(me, (sku, ""))


async def taken(me: Shopper) -> dict[str, int]:
    cart = await me.play.cart()
    return {one.sku: one.qty for one in (*cart.lines, *cart.picks)}


async def after(me: Shopper, words: str) -> dict[str, int]:
    """What somebody has in the cart who was shown a cap and then a bag, and says `words`."""
    who = another(me)
    await show(who, CAP, BAG)
    await send(who, words)
    return await taken(who)


async def test_both_of_two_photos_are_taken(me: Shopper) -> None:
    assert [words for words in BOTH if await after(me, words) != {CAP: 1, BAG: 1}] == []


async def test_each_of_them_is_asked_for_its_choice(me: Shopper) -> None:
    await show(me, CAP, BAG)
    await send(me, "ikkalasini olaman")
    await me.say("qora")
    await me.say("bordo")
    assert {(one.sku, one.variant) for one in (await me.play.cart()).lines} == {(CAP, "qora"), (BAG, "bordo")}


async def test_what_is_only_said_of_both_is_no_order(me: Shopper) -> None:
    assert [words for words in NO_ORDER if await after(me, words) != {}] == []


async def test_both_are_priced_and_summed(me: Shopper) -> None:
    for words in (
        "ikkalasi qancha boʻladi?",
        "обе сколько?",
        "how much for both",
        "hammasi necha pul",
        "ikkovi nechpul",
    ):
        who = another(me)
        await show(who, CAP, BAG)
        said = await send(who, words)
        assert CAP_PRICE in said and BAG_PRICE in said and "328 000" in said and await taken(who) == {}, words


async def test_a_place_is_of_the_photos_in_their_order(me: Shopper) -> None:
    wrong = [words for sku, said in PLACES.items() for words in said if await after(me, words) != {sku: 1}]
    assert wrong == []


async def test_the_first_time_is_not_the_first_photo(me: Shopper) -> None:
    assert [words for words in NO_PLACE if CAP in await after(me, words)] == []


async def test_places_of_three_photos(me: Shopper) -> None:
    await show(me, SHOES, CAP, BAG)
    assert CAP_PRICE in await send(me, "ikkinchisi qancha edi")
    assert BAG_PRICE in await send(me, "третий сколько стоит?")
    assert SHOES_PRICE in await send(me, "how much was the first one")
    await send(me, "birinchisidan 2 ta, uchinchisidan bitta olaman")
    assert await taken(me) == {SHOES: 2, BAG: 1}
    await send(me, "uchalasini olaman")
    assert await taken(me) == {SHOES: 2, CAP: 1, BAG: 1}


async def test_a_list_that_came_since_is_what_places_are_of(me: Shopper) -> None:
    await show(me, CAP, BAG)
    await send(me, (SHOES, ""), (BAG, ""), (CAP, ""), (TEE, ""))
    await send(me, "birinchisini olaman")
    assert set(await taken(me)) == {SHOES}


async def test_what_was_named_since_is_one_of_both(me: Shopper) -> None:
    await show(me, SHOES, CAP)
    await send(me, "ayollar sumkasi qancha?")
    await send(me, "ikkalasini olaman")
    assert set(await taken(me)) == {CAP, BAG}


# ---- what could not be opened, with something else in view -----------------------------------------------------------


async def test_a_link_nobody_knows_says_nothing_of_what_was_in_view(me: Shopper) -> None:
    for words in ("", "qancha?", "2 ta olaman", "есть такое?", "shuni olaman", "qora bormi"):
        who = another(me)
        await show(who, CAP)
        said = await send(who, f"{UNKNOWN} {words}")
        assert ("skrinshot" in said or "скриншот" in said) and CAP_PRICE not in said, words
        assert await taken(who) == {}, words


async def test_a_link_beside_an_answer_leaves_the_answer(me: Shopper) -> None:
    await show(me, CAP)
    await send(me, "shuni olaman")  # which colour?
    await send(me, f"qora {UNKNOWN}")
    assert [(one.sku, one.variant) for one in (await me.play.cart()).lines] == [(CAP, "qora")]


async def test_a_picture_that_does_not_open_says_nothing_of_what_was_in_view(me: Shopper) -> None:
    await show(me, CAP)
    number, chat = talk.event(), me.play.chat
    incoming, pictures = talk.incoming(chat, {"photo": "unrelated", "caption": "narxi?"})
    broken = [type(one)(one.event_id, failed="gone") for one in pictures]
    said = "\n".join(await me.play.turn([Incoming(chat, number, sender=chat.id, text="salom"), incoming], broken))
    assert CAP_PRICE not in said.replace("\xa0", " ")

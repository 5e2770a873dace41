"""Staff pass on what the bank wrote: the order's card with one press, a choice, or that nothing fits; never a guess."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.inbox.turn import _shoppers
from kit import clock
from kit.config import Config
from kit.db import Pool, transaction
from kit.message import Chat, Incoming, Media, Reply
from kit.words import LANGUAGES
from orders import order as verbs
from tests.bank_words import FORMATS, credit, debit
from tests.orders_shop import CHAT, NOON, order_of
from tests.staff_room import OWNER, Room, tokens
from tests.test_bank_match import receipt
from tests.test_bank_statement import RU, csv_of, pdf_of, xlsx_of

SOON = NOON + timedelta(minutes=40)


@pytest.fixture
async def room(own_db: Pool, config: Config, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=2))
    return await Room(own_db, config).furnish()


async def placed(room: Room, *goods: tuple[str, str, int], chat: Chat = CHAT) -> int:
    async with transaction(room.pool) as tx:
        return (await order_of(tx, room.shops.shop, *goods, chat=chat)).number


def plain(reply: Reply) -> str:
    return reply.text.replace("\u00a0", " ")


async def status(room: Room, number: int) -> tuple[str, int]:
    order = await verbs.get(room.pool, "atir", number)
    assert order is not None
    return order.status, order.paid


@pytest.mark.parametrize("form", FORMATS[::3])
async def test_a_forwarded_message_brings_the_card_and_one_press_pays(room: Room, form: str) -> None:
    number = await placed(room)
    [card] = await room.say(credit(form, 150_000, SOON))
    assert f"№{number} ga mos" in plain(card) and "150 000 soʻm · 18.11 12:40 · •1234" in plain(card)
    token = tokens(card)[0]
    assert token.startswith("s:credit:") and await status(room, number) == ("awaiting_payment", 0)
    await room.press(token)
    assert await status(room, number) == ("paid", 150_000)
    [again] = await room.say(credit(form, 150_000, SOON))
    assert f"№{number} uchun hisoblangan" in again.text and not again.buttons


async def test_two_that_fit_are_two_buttons_and_a_press_counts_once(room: Room) -> None:
    one, two = await placed(room), await placed(room, chat=Chat("atir", "telegram", "56"))
    [choice] = await room.say(credit("humo", 150_000, SOON))
    assert {token.split(":")[-1] for token in tokens(choice)} == {str(one), str(two)}
    first, second = sorted(tokens(choice), key=lambda token: token.endswith(f":{two}"), reverse=True)
    await room.press(first)
    assert await status(room, two) == ("paid", 150_000)
    refused = await room.press(second)
    assert any(f"№{two} uchun hisoblangan" in one_.toast for one_ in refused)
    assert await status(room, one) == ("awaiting_payment", 0)


async def test_the_cards_of_an_order_and_its_receipt_name_the_credit(room: Room) -> None:
    number = await placed(room)
    async with transaction(room.pool) as tx:
        await receipt(tx, number, 150_000, SOON)
    await room.say(credit("sms_uz", 150_000, SOON))
    [card] = await room.say(f"/order {number}")
    assert "Bank: 150 000 soʻm · 18.11 12:40" in plain(card) and tokens(card)[0].startswith("s:credit:")
    await room.press(f"s:seen:{number}")  # an older card's button: the credit is spoken for all the same
    assert await room.pool.fetchval("SELECT number FROM money_seen WHERE shop_id = 'atir'") == number
    assert await status(room, number) == ("paid", 150_000)


async def test_a_press_on_the_receipt_speaks_for_the_credit(room: Room) -> None:
    number = await placed(room)
    async with transaction(room.pool) as tx:
        await receipt(tx, number, 150_000, SOON)
    await room.say(credit("sms_uz", 150_000, SOON))
    id_ = await room.pool.fetchval("SELECT id FROM receipts WHERE shop_id = 'atir'")
    await room.press(f"s:rseen:{id_}")
    assert await room.pool.fetchval("SELECT number FROM money_seen WHERE shop_id = 'atir'") == number
    assert await status(room, number) == ("paid", 150_000)


async def test_nothing_fits_and_money_out_are_said(room: Room) -> None:
    await placed(room)
    [none] = await room.say(credit("humo", 149_000, SOON))
    assert "Mos buyurtma yoʻq" in none.text and not none.buttons
    [out] = await room.say(debit("cardxabar", 150_000, SOON))
    assert "chiqim" in out.text
    assert await room.pool.fetchval("SELECT count(*) FROM money_seen") == 1


async def test_only_staff_of_this_shop_are_heard(room: Room) -> None:
    number = await placed(room)
    stranger = Chat("atir", "telegram", "888")
    text = credit("humo", 150_000, SOON)
    assert not await room.event(room.incoming(text=text, chat=stranger, sender="888"))
    group = Chat("atir", "telegram", "-1005")  # where shoppers read too
    assert not await room.event(room.incoming(text=text, chat=group, group=True))
    assert await room.pool.fetchval("SELECT count(*) FROM money_seen") == 0
    await room.say(text)
    await room.press(f"s:credit:1:{number}", chat=stranger)
    assert (await status(room, number))[1] == 0


async def test_a_question_that_waits_does_not_swallow_the_banks_message(room: Room) -> None:
    await room.say("/card")  # asks for a password
    await placed(room)
    [card] = await room.say(credit("humo", 150_000, SOON))
    assert tokens(card)[0].startswith("s:credit:")


async def test_below_a_card_it_goes_to_no_shopper(room: Room) -> None:
    number = await placed(room)
    await room.deliver_notices()
    card = await room.card_id(f"order:{number}")
    [answer] = await room.say(credit("sms_ru", 150_000, SOON), reply_to=card)
    assert tokens(answer)[0].startswith("s:credit:") and await room.told() == []


async def test_a_file_no_bot_can_fetch_is_refused_in_a_sentence(room: Room) -> None:
    [refused] = await room.say("", media=(Media("file", "f1", name="big.csv", size=50_000_000),))
    assert "big.csv" in refused.text and "20 MB" in refused.text


@pytest.mark.parametrize(("name", "make"), [("a.csv", csv_of), ("a.xlsx", xlsx_of)])
async def test_a_statement_is_told_in_one_message(room: Room, name: str, make: object) -> None:
    number = await placed(room)
    room.channel.files["f9"] = make(RU)  # type: ignore[operator]
    media = (Media("file", "f9", name=name),)
    [told] = await room.say("", media=media)
    lines = plain(told).split("\n")
    assert lines[0] == "Bankdan kirimlar: 2" and lines[-1] == "Chiqimlar: 1"
    assert f"Mos keldi: 1 (№{number})" in lines and tokens(told) == [f"s:order:{number}"]
    [again] = await room.say("", media=media)
    assert "Avvaldan maʼlum: 2" in again.text
    assert not list(room.app.media.folder.rglob("*.bin")) if room.app.media.folder.exists() else True


async def test_a_pdf_statement_is_read_and_a_pdf_receipt_left_to_the_shoppers_road(room: Room) -> None:
    from tests.drawn_receipts import receipt_pdf

    number = await placed(room)
    table = [["Date", "Amount"], ["18.11.2026 12:20", "+150,000.00"], ["18.11.2026 12:30", "-1,000.00"]]
    room.channel.files |= {"p1": pdf_of(table), "p2": receipt_pdf(150_000, "1234")}
    [told] = await room.say("", media=(Media("file", "p1", mime="application/pdf", name="s.pdf"),))
    assert f"№{number}" in told.text
    assert not await room.event(room.incoming(media=(Media("file", "p2", mime="application/pdf", name="r.pdf"),)))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_lists_in_each_language(room: Room, language: str) -> None:
    first, second = await placed(room), await placed(room, chat=Chat("atir", "telegram", "56"))
    third = await placed(room, ("CHO", "S/oq", 1))
    async with transaction(room.pool) as tx:
        await receipt(tx, second, 150_000, SOON)
    await room.press(f"s:lang:{language}")
    [waiting] = await room.say("/unpaid")
    rows = plain(waiting).split("\n")
    assert len(rows) == 3 and rows[0].startswith(f"№{third} · 90 000 ") and rows[2].startswith(f"№{first} · 150 000 ")
    assert len(rows[1].split(" · ")) == 5 > len(rows[0].split(" · ")) and " 2 " in rows[0]
    [nothing] = await room.say("/paid today")
    assert "{" not in nothing.text
    [card] = await room.say(credit("sms_ru", 90_000, SOON))
    await room.press(tokens(card)[0])
    await room.say(credit("sms_ru", 33_000, SOON))
    for command in ("/paid today", "/paid"):
        [both] = await room.say(command)
        assert f"№{third} · 90 000 " in plain(both) and "33 000 " in plain(both) and "•1234" in plain(both)
        assert tokens(both) and tokens(both)[0].startswith("s:whose:")
    [choice] = await room.press(tokens(both)[0])
    assert "33 000" in plain(choice)
    [help_] = await room.say("/help")
    assert "/paid" in help_.text and ".xlsx" in help_.text
    room.channel.files["bad"] = b"a;b\n1;2"
    [refused] = await room.say("", media=(Media("file", "bad", name="x.csv"),))
    assert "x.csv" in refused.text and ".xlsx" in refused.text and "\n" not in refused.text


async def test_a_web_chat_reads_the_same(room: Room) -> None:
    number = await placed(room)
    web = Chat("atir", "widget", "w7")
    await room.pool.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role) VALUES ('atir', 'widget', 'w7', 'w7', 'operator')"
    )
    assert await room.event(room.incoming(text=credit("humo", 150_000, SOON), chat=web, sender="w7"))
    [card] = await room.news(web)
    assert f"№{number}" in card.text
    await room.press(tokens(card)[0], chat=web)
    assert await status(room, number) == ("paid", 150_000)
    assert web != OWNER


def test_in_a_burst_of_words_the_banks_message_is_still_staffs() -> None:
    def row(text: str) -> SimpleNamespace:
        return SimpleNamespace(incoming=Incoming(OWNER, text[:9], OWNER.id, text=text))

    burst = [row("mana"), row("keldi"), row(credit("sms_uz", 150_000, SOON)), row("rahmat")]
    assert len(_shoppers(burst, frozenset({OWNER.id}))) == 2  # type: ignore[arg-type]
    assert len(_shoppers(burst, frozenset())) == 4  # type: ignore[arg-type]

"""Who writes to the shop and who runs it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kit import clock, db
from kit.errors import Refused
from kit.mask import mask
from kit.message import Chat, Incoming
from shop import contacts, staff
from shop.contacts import Contact

CHAT = Chat("lola", "telegram", "55")


async def owner(tx: db.Tx, person: str = "7") -> staff.Member:
    code = await staff.make_code(tx, "lola")
    return await staff.claim(tx, "lola", "telegram", person, person, code, name="Egasi")


async def test_a_person_is_kept_with_the_newest_name(db: db.Tx) -> None:
    first = await contacts.seen(db, Incoming(CHAT, "1", name="Ali", username="ali"))
    again = await contacts.seen(db, Incoming(CHAT, "2", name="", username="vali"))
    assert (first.name, again.name, again.username, again.language) == ("Ali", "Ali", "vali", "")
    assert again.chat == CHAT
    assert await contacts.get(db, Chat("lola", "telegram", "99")) == Contact("lola", "telegram", "99")
    assert (await contacts.get(db, Chat("other", "telegram", "55"))).name == ""


async def test_language_buyer_and_privacy_are_kept(db: db.Tx) -> None:
    await contacts.seen(db, Incoming(CHAT, "1"))
    await contacts.set_language(db, CHAT, "ru")
    await contacts.save_buyer(db, CHAT, name="Ali", phone="+998901234567", address="")
    await contacts.save_buyer(db, CHAT, name="", address="Chilonzor 9")
    await contacts.privacy_linked(db, CHAT, "1")
    person = await contacts.get(db, CHAT)
    assert person.language == "ru"
    assert person.buyer == {"name": "Ali", "phone": "+998901234567", "address": "Chilonzor 9"}
    assert person.privacy_version == "1" and person.privacy_at


async def test_silence_lasts_from_the_last_message_of_a_person_and_can_be_given_back(db: db.Tx) -> None:
    await contacts.pause(db, CHAT, 30)  # the shop may write first
    now = clock.now()
    person = await contacts.get(db, CHAT)
    assert person.silent(now) and not person.silent(now + timedelta(minutes=31))
    await contacts.pause(db, CHAT, 1)
    assert (await contacts.get(db, CHAT)).paused_until == person.paused_until
    assert await contacts.give_back(db, CHAT)
    assert not (await contacts.get(db, CHAT)).silent(now)
    assert not await contacts.give_back(db, CHAT)


async def test_a_hand_over_happens_once_and_staff_are_reminded_once(db: db.Tx) -> None:
    await contacts.seen(db, Incoming(CHAT, "1"))
    assert await contacts.hand_over(db, CHAT, "asked")
    assert not await contacts.hand_over(db, CHAT, "complaint")
    person = await contacts.get(db, CHAT)
    assert (person.handed_over, person.handed_why) == (True, "asked")
    assert (await contacts.pinged(db, "lola", "telegram", "55")).pinged_at
    assert await contacts.give_back(db, CHAT)
    back = await contacts.get(db, CHAT)
    assert (back.handed_over, back.handed_at, back.pinged_at) == (False, None, None)


async def test_who_writes_again_can_be_reached_again(db: db.Tx) -> None:
    await contacts.seen(db, Incoming(CHAT, "1"))
    await contacts.set_unreachable(db, CHAT, "blocked")
    assert (await contacts.get(db, CHAT)).unreachable == "blocked"
    assert (await contacts.seen(db, Incoming(CHAT, "2"))).unreachable == ""


async def test_the_list_of_chats(db: db.Tx) -> None:
    await contacts.seen(db, Incoming(CHAT, "1"))
    await contacts.seen(db, Incoming(Chat("other", "telegram", "1"), "1"))
    (line,) = await contacts.list_json(db, "lola")
    assert (line["channel"], line["shopper"], line["handed_over"], line["paused_until"]) == (
        "telegram",
        "55",
        False,
        None,
    )


async def test_a_code_makes_one_owner_once(db: db.Tx) -> None:
    assert await staff.has_owner(db, "lola") is False
    stale = await staff.owner_code(db, "lola")
    code = await staff.owner_code(db, "lola")
    assert stale and code and stale != code
    for wrong in (stale, "", "AAAA-BBBB-CCCC"):
        with pytest.raises(Refused, match=r"shop\.claim_wrong"):
            await staff.claim(db, "lola", "telegram", "7", "7", wrong)
    with pytest.raises(Refused):
        await staff.claim(db, "other", "telegram", "7", "7", code)
    member = await staff.claim(db, "lola", "telegram", "7", "7", f" {code.lower()} ", language="ru")
    assert (member.owner, member.actor, member.language) == (True, "staff:telegram:7", "ru")
    with pytest.raises(Refused):
        await staff.claim(db, "lola", "telegram", "8", "8", code)
    assert await staff.owner_code(db, "lola") is None
    assert not mask(f"/claim {code}").kinds  # a code must reach us as it was typed
    kept = await db.fetch("SELECT code_hash FROM claim_codes WHERE shop_id = 'lola'")
    assert code not in str(kept)


async def test_who_owns_the_shop_in_the_browser_becomes_owner_in_telegram_too(db: db.Tx) -> None:
    code = await staff.owner_code(db, "lola")
    await staff.claim(db, "lola", "widget", "w1", "w1", code or "")
    assert await staff.owner_code(db, "lola") is None
    stale = await staff.owner_code(db, "lola", "telegram")
    await db.execute("UPDATE claim_codes SET made_at = now() - interval '4 days' WHERE used_at IS NULL")
    with pytest.raises(Refused, match=r"shop\.claim_wrong"):  # beside an owner a code does not lie about for ever
        await staff.claim(db, "lola", "telegram", "7", "7", stale or "")
    code = await staff.owner_code(db, "lola", "telegram")
    assert (await staff.claim(db, "lola", "telegram", "7", "7", code or "")).owner
    assert await staff.owner_code(db, "lola", "telegram") is None


async def test_two_who_claim_at_once_make_one_owner(own_db: db.Pool) -> None:
    async with db.transaction(own_db) as tx:
        code = await staff.make_code(tx, "lola")

    async def claim(person: str) -> bool:
        try:
            async with db.transaction(own_db) as tx:
                await staff.claim(tx, "lola", "telegram", person, person, code)
        except Refused:
            return False
        return True

    assert sum(await asyncio.gather(*(claim(str(person)) for person in range(8)))) == 1
    assert len(await staff.recipients(own_db, "lola")) == 1


async def test_owners_invite_operators_and_get_the_cards(db: db.Tx) -> None:
    boss = await owner(db)
    code = await staff.invite(db, boss)
    helper = await staff.claim(db, "lola", "widget", "w1", "w1", code)
    assert helper.role == "operator"
    with pytest.raises(Refused, match=r"shop\.owner_only"):
        await staff.invite(db, helper)
    assert [who.id for who in await staff.recipients(db, "lola")] == ["7"]
    assert [who.id for who in await staff.recipients(db, "lola", owners_only=False)] == ["7", "w1"]
    late = await staff.invite(db, boss)
    await db.execute("UPDATE claim_codes SET made_at = now() - interval '4 days' WHERE shop_id = 'lola'")
    with pytest.raises(Refused, match=r"shop\.claim_wrong"):
        await staff.claim(db, "lola", "telegram", "9", "9", late)
    await staff.dismiss(db, boss, "widget", "w1")
    assert await staff.member(db, "lola", "widget", "w1") is None
    with pytest.raises(Refused, match=r"shop\.last_owner"):
        await staff.dismiss(db, boss, "telegram", "7")


async def test_an_owner_who_uses_an_operators_code_stays_owner(db: db.Tx) -> None:
    boss = await owner(db)
    again = await staff.claim(db, "lola", "telegram", "7", "7", await staff.invite(db, boss))
    assert again.owner


async def test_password_language_and_step(db: db.Tx) -> None:
    boss = await owner(db)
    assert not await staff.check_password(db, boss, "")
    with pytest.raises(Refused, match=r"shop\.password_short"):
        await staff.set_password(db, boss, "12345")
    await staff.set_password(db, boss, "oltin-kalit")
    assert await staff.check_password(db, boss, "oltin-kalit")
    assert not await staff.check_password(db, boss, "Oltin-kalit")
    await staff.set_step(db, boss, {"ask": "name"})
    await staff.set_language(db, boss, "uz_Cyrl")
    kept = await staff.member(db, "lola", "telegram", "7")
    assert kept and (kept.step, kept.language, kept.has_password) == ({"ask": "name"}, "uz_Cyrl", True)
    assert await staff.member(db, "other", "telegram", "7") is None
    trail = await db.fetch("SELECT verb FROM audit WHERE shop_id = 'lola' ORDER BY id")
    assert [row["verb"] for row in trail] == ["staff.claimed", "staff.password_set"]

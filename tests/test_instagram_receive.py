"""Instagram deliveries: both shapes, batches with broken parts, shared posts, our own echoes and comments."""

import json

from hypothesis import given, settings

from bot.instagram.receive import parse
from kit.message import Incoming, Media, dump
from tests.damage import JSON, damaged

ACCOUNTS = {"178": "lola", "179": "malika"}
CDN = "https://scontent.cdninstagram.com/v/a.jpg?sig=1"


def direct(account="178", sender="55", **event) -> dict:
    body = {"sender": {"id": sender}, "recipient": {"id": account}, "timestamp": 1_569_262_485_349, **event}
    return {"object": "instagram", "entry": [{"id": account, "time": 1_569_262_486, "messaging": [body]}]}


def said(**message) -> Incoming:
    return one(direct(message={"mid": "m1", **message}))


def one(payload: object) -> Incoming:
    (found,) = parse(ACCOUNTS, payload)
    return found


def comment(**value) -> dict:
    body = {"id": "c1", "from": {"id": "55", "username": "aziza"}, "text": "narxi?", "media": {"id": "p1"}, **value}
    return {"object": "instagram", "entry": [{"id": "178", "time": 1_569_262_486, "changes": [
        {"field": "comments", "value": body}]}]}  # fmt: skip


def test_both_shapes_say_the_same():
    messaging = direct(message={"mid": "m1", "text": "salom"})
    event = messaging["entry"][0]["messaging"][0]
    change = {"id": "178", "time": 1_569_262_486, "changes": [{"field": "messages", "value": event}]}
    bare = {"id": "178", "time": 1_569_262_486, "field": "messages", "value": event}
    found = [
        one(messaging),
        one({"object": "instagram", "entry": [change]}),
        one({"object": "instagram", "entry": [bare]}),
    ]
    assert found[0] == found[1] == found[2]
    assert (found[0].chat.key, found[0].event_id, found[0].sent_at) == ("instagram:55", "m1", 1_569_262_485.349)


def test_text_and_picture_in_one_message():
    found = said(text="shu bormi?", attachments=[{"type": "image", "payload": {"url": CDN}}])
    assert (found.text, found.media) == ("shu bormi?", (Media("photo", CDN),))


def test_shared_post_that_comes_twice_is_one():
    share = {"type": "share", "payload": {"url": CDN}}
    post = {"type": "ig_post", "payload": {"url": CDN + "2", "ig_post_media_id": "186", "title": "250 ming"}}
    for attachments in ([share, post], [post, share]):
        found = said(attachments=attachments, text="narxi?")
        assert (found.post, found.text) == ("186", "narxi?")
        assert found.media == (Media("photo", CDN + "2", "186", name="250 ming"),)
    page = {"type": "share", "payload": {"url": "https://www.instagram.com/p/AbC/"}}
    found = said(attachments=[page, post, {"type": "image", "payload": {"url": "own"}}])
    assert (found.post, found.post_url) == ("186", "https://www.instagram.com/p/AbC/")
    assert [media.ref for media in found.media] == [CDN + "2", "own"]


def test_the_older_form_of_a_shared_post_names_it_in_the_address_of_its_picture():
    asset = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=17922234615230189&signature=Ab3"
    assert said(attachments=[{"type": "share", "payload": {"url": asset}}]).post == "17922234615230189"
    both = [{"type": "share", "payload": {"url": asset}}, {"type": "ig_post", "payload": {"ig_post_media_id": "186"}}]
    assert said(attachments=both).post == "186"
    for kind, url in (
        ("image", asset),
        ("story_mention", asset),
        ("share", CDN),
        ("share", asset.replace("=17", "=4")),
    ):
        assert said(attachments=[{"type": kind, "payload": {"url": url}}]).post == ""


def test_buttons():
    found = said(text="Ha", quick_reply={"payload": "b:yes"})
    assert (found.kind, found.button, found.text, found.event_id) == ("button", "b:yes", "Ha", "m1")
    pressed = one(direct(postback={"mid": "m2", "title": "Boshlash", "payload": "b:go", "referral": {"ref": "p_42"}}))
    assert (pressed.kind, pressed.button, pressed.start) == ("button", "b:go", "p_42")
    assert said(text="Ha", quick_reply={}).kind == "message"


def test_link_with_a_reference_opens_like_a_telegram_start():
    found = one(direct(referral={"ref": "p_42", "source": "SHORTLINK", "type": "OPEN_THREAD"}))
    assert (found.kind, found.text, found.start) == ("command", "/start", "p_42")
    assert one(direct(referral={"source": "x"})).kind == "seen"


def test_echo_belongs_to_the_shoppers_conversation():
    payload = direct(sender="178", message={"mid": "m9", "text": "yozdim", "is_echo": True})
    payload["entry"][0]["messaging"][0]["recipient"] = {"id": "55"}
    found = one(payload)
    assert (found.kind, found.chat.id, found.sender, found.message_id) == ("echo", "55", "178", "m9")
    payload["entry"][0]["messaging"][0]["message"] = {"mid": "m9", "text": "x"}  # the flag was forgotten: no loop
    assert one(payload).kind == "echo"
    assert found.event_id != said(text="x").event_id


def test_one_message_has_different_ids_for_what_happens_to_it():
    events = [
        said(text="a"),
        said(is_deleted=True),
        one(direct(message_edit={"mid": "m1", "text": "b", "num_edit": 1})),
        one(direct(message_edit={"mid": "m1", "text": "c", "num_edit": 2})),
        one(direct(read={"mid": "m1"})),
        one(direct(reaction={"mid": "m1", "action": "react", "emoji": "❤"})),
        one(direct(reaction={"mid": "m1", "action": "unreact"})),
    ]
    assert len({event.event_id for event in events}) == len(events)
    assert [event.kind for event in events] == ["message", "deleted", "edited", "edited", "seen", "ignored", "ignored"]


def test_comment_in_every_shape():
    found = one(comment())
    assert (found.kind, found.chat.id, found.message_id, found.post, found.event_id) == (
        "comment", "55", "c1", "p1", "comment:c1"
    )  # fmt: skip
    answer = one(comment(parent_id="c0", media={"id": "ad", "original_media_id": "p1", "ad_id": "7"}))
    assert (answer.thread, answer.post, answer.note) == ("c0", "p1", "ad 7")
    assert one(comment(**{"from": None})).chat.id == "comment:c1"


def test_our_own_comment_is_not_answered():
    for author in ({"id": "178"}, {"id": "999", "self_ig_scoped_id": "55"}):
        assert (one(comment(**{"from": author})).kind, one(comment(**{"from": author})).note) == (
            "ignored", "our own comment"
        )  # fmt: skip


def test_standby_and_handover_are_not_ours_to_answer():
    event = direct(message={"mid": "m1", "text": "salom"})["entry"][0]["messaging"][0]
    found = one({"object": "instagram", "entry": [{"id": "178", "standby": [event]}]})
    assert (found.kind, found.note, found.chat.id) == ("ignored", "standby: another app answers", "55")
    assert one(direct(pass_thread_control={"new_owner_app_id": "1"})).kind == "ignored"


def test_times_of_every_form():
    for stamp in (1_569_262_485_349, "1569262485349", 1_569_262_485.349, "1569262485.349"):
        assert one(direct(timestamp=stamp, message={"mid": "m", "text": "a"})).sent_at == 1_569_262_485.349
    assert one(direct(timestamp="yesterday", message={"mid": "m", "text": "a"})).sent_at == 1_569_262_486
    assert one(direct(timestamp=True, message={"mid": "m", "text": "a"})).sent_at == 1_569_262_486


def test_batch_of_fifty_with_three_broken():
    entries = [direct("178" if n % 2 else "179", message={"mid": f"m{n}", "text": "a"})["entry"][0] for n in range(50)]
    entries[7], entries[20], entries[33] = "nonsense", {"id": "178", "messaging": [17]}, {"id": "178", "messaging": {}}
    found = parse(ACCOUNTS, {"object": "instagram", "entry": entries})
    assert len(found) == 50
    assert [event.kind for event in found].count("unknown") == 3
    assert {event.chat.shop_id for event in found if event.kind == "message"} == {"lola", "malika"}
    assert len({event.event_id for event in found}) == 50


def test_what_nobody_knows_is_kept_under_its_shop_or_none():
    event = {"sender": {"id": "12334"}, "recipient": {"id": "23245"}, "message": {"mid": "random_mid", "text": "x"}}
    dashboard = {"id": "0", "time": 0, "changes": [{"field": "messages", "value": event}]}  # its test button
    found = one({"object": "instagram", "entry": [dashboard]})
    assert (found.chat.shop_id, found.kind, found.note) == ("-", "unknown", "account 0 belongs to no shop")
    found = one(
        {"object": "instagram", "entry": [{"id": "178", "changes": [{"field": "story_insights", "value": {}}]}]}
    )
    assert (found.chat.shop_id, found.kind, found.note) == ("lola", "unknown", "a change of story_insights")
    assert one(said_raw := {"object": "instagram"}).raw == said_raw
    card = one(direct(hologram={"text": "karta 8600 1404 1234 5678"}))
    assert card.kind == "unknown" and "1234 5678" not in json.dumps(card.raw)
    assert one(direct(message={"mid": "m1", "hologram": {}})).kind == "unknown"


def test_empty_text_is_a_message():
    assert (said(text="").kind, said(text="").note) == ("message", "")


@settings(max_examples=300, deadline=None)
@given(damaged("instagram"))
def test_damaged_deliveries_never_raise_and_never_vanish(payload):
    found = parse({"<IG_PRO_ACCOUNT_ID>": "lola"}, payload)
    assert found
    for event in found:
        assert event.note or event.kind not in ("ignored", "unknown")
        json.dumps(dump(event), allow_nan=False).encode()


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_anything_at_all_is_kept(value):
    assert parse(ACCOUNTS, value)

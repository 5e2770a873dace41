"""Telegram updates of every kind a shop meets, and shapes nobody has met yet."""

import json

from hypothesis import given, settings

from bot.telegram.receive import parse
from kit.message import Incoming, Media, SharedContact, dump
from tests.damage import JSON, damaged

AZIZA = {
    "id": 5551,
    "is_bot": False,
    "first_name": "Aziza",
    "last_name": "K",
    "username": "aziza",
    "language_code": "uz",
}
PRIVATE = {"id": 5551, "type": "private", "first_name": "Aziza"}
GROUP = {"id": -1002, "type": "supergroup", "title": "Shop chat"}
CHANNEL = {"id": -1001, "type": "channel", "title": "Shop", "username": "lola_style"}
BOT = {"id": 111, "is_bot": True, "first_name": "Bot"}


def message(chat=PRIVATE, sender=AZIZA, **body) -> dict:
    found = {"message_id": 10, "date": 1_700_000_000, "chat": chat, **body}
    return {"update_id": 1, "message": {**found, "from": sender} if sender else found}


def one(update: dict, **bot) -> Incoming:
    (found,) = parse("lola", "111", update, **bot)
    return found


def test_text_says_who_where_and_when():
    said = one(message(text="narxi qancha?"))
    assert (said.chat.shop_id, said.chat.key, said.event_id) == ("lola", "telegram:5551", "111:1")
    assert (said.kind, said.text, said.sender, said.name, said.username) == (
        "message", "narxi qancha?", "5551", "Aziza K", "aziza"
    )  # fmt: skip
    assert (said.language, said.message_id, said.sent_at, said.group, said.note) == ("uz", "10", 1.7e9, False, "")


def test_largest_photo_is_taken_whatever_the_order():
    sizes = [
        {"file_id": "big", "file_unique_id": "u1", "width": 1280, "height": 960, "file_size": 99},
        {"file_id": "small", "file_unique_id": "u2", "width": 90, "height": 60},
    ]
    said = one(message(photo=sizes, caption="shu bormi?"))
    assert said.media == (Media("photo", "big", "u1", "image/jpeg", size=99),)
    assert said.text == "shu bormi?"


def test_receipt_sent_as_file_keeps_its_type_or_gets_it_from_the_name():
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "Чек 12.PDF", "mime_type": "application/octet-stream"}
    assert one(message(document=file)).media == (Media("file", "f", "u", "application/pdf", "Чек 12.PDF"),)
    picture = {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png"}
    assert one(message(document=picture)).media[0].mime == "image/png"


def test_voice_video_and_sticker():
    file = {"file_id": "f", "file_unique_id": "u"}
    voice = one(message(voice={**file, "duration": 3})).media[0]
    assert (voice.kind, voice.seconds) == ("voice", 3)
    assert one(message(audio={**file, "duration": 3})).media[0].kind == "voice"
    assert one(message(video_note={**file, "duration": 3, "length": 240})).media[0].kind == "video"
    gif = {**file, "width": 1, "height": 1, "duration": 1}
    assert one(message(animation=gif, document=file)).media[0].kind == "video"
    shape = {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    said = one(message(sticker={**file, **shape, "emoji": "👍"}))
    assert (said.text, said.media[0].kind) == ("👍", "sticker")


def test_contact_is_own_only_where_telegram_says_so():
    card = {"phone_number": "+998901234567", "first_name": "Aziza"}
    assert one(message(contact={**card, "user_id": 5551})).contact == SharedContact("+998901234567", "Aziza", True)
    assert one(message(contact={**card, "user_id": 77})).contact.own is False
    assert one(message(contact=card)).contact.own is False


def test_pin_and_venue():
    pin = {"latitude": 41.3, "longitude": 69.2}
    assert one(message(location=pin)).location == (41.3, 69.2)
    said = one(message(location=pin, venue={"location": pin, "title": "Malika", "address": "Labzak 64"}))
    assert (said.location, said.text) == ((41.3, 69.2), "Malika, Labzak 64")


def test_commands():
    assert one(message(text="/start p_42")).start == "p_42"
    assert one(message(text="/start <b>")).start == ""
    said = one(message(text="/Ship@Lola_Bot 12 RR123"), username="lola_bot")
    assert (said.kind, said.text) == ("command", "/ship 12 RR123")
    other = one(message(chat=GROUP, text="/ship@other_bot 12"), username="lola_bot")
    assert (other.kind, other.note) == ("ignored", "a command to another bot")
    assert one(message(text="/ 12")).kind == "message"
    assert one(message(text="250/300")).kind == "message"
    waybill = one(message(photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], caption="/ship 12"))
    assert (waybill.kind, waybill.text, len(waybill.media)) == ("command", "/ship 12", 1)


def test_a_forwarded_command_is_no_command():
    origin = {
        "type": "user",
        "date": 1,
        "sender_user": {"id": 9, "is_bot": True, "first_name": "C", "username": "CardBot"},
    }
    said = one(message(text="/cancel 12", forward_origin=origin))
    assert (said.kind, said.note) == ("message", "forwarded @CardBot")
    hidden = {"type": "hidden_user", "date": 1, "sender_user_name": "/claim 123"}
    assert one(message(text="/cancel 12", forward_origin=hidden)).note == "forwarded"


def test_forwarded_post_and_answered_post():
    origin = {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 77}
    said = one(message(text="Krossovka 250 000", forward_origin=origin))
    assert (said.post, said.post_url, said.kind) == ("-1001:77", "https://t.me/lola_style/77", "message")
    picture = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    quoted = one(message(text="shu bormi?", external_reply={"origin": origin, "photo": picture}))
    assert (quoted.post, quoted.media[0].ref, quoted.note) == ("-1001:77", "f", "")


def test_reply_is_linked():
    said = one(
        message(text="ha", reply_to_message={"message_id": 9, "date": 1, "chat": PRIVATE, "from": BOT, "text": "?"})
    )
    assert said.reply_to == "9"


def test_staff_group_is_talk_and_other_groups_are_comments():
    card = {"message_id": 40, "date": 1, "chat": GROUP, "from": BOT, "text": "Buyurtma 12"}
    update = message(chat=GROUP, text="ertaga boradi", message_thread_id=40, reply_to_message=card)
    staff = one(update, staff_group=-1002)
    assert (staff.kind, staff.group, staff.reply_to, staff.thread) == ("message", True, "40", "")
    assert one(update).kind == "comment"
    topic = message(chat={**GROUP, "is_forum": True}, text="ha", message_thread_id=7, is_topic_message=True)
    assert one(topic, staff_group=-1002).thread == "7"
    assert one(message(chat=GROUP, text="salom")).note == "talk in a group, not under a post"


def test_nested_comment_knows_its_thread_but_not_the_post():
    above = {"message_id": 502, "date": 1, "chat": GROUP, "from": AZIZA, "text": "narxi?"}
    said = one(message(chat=GROUP, text="menga ham", message_thread_id=501, reply_to_message=above))
    assert (said.kind, said.thread, said.post, said.reply_to, said.sender) == ("comment", "501", "", "502", "5551")


def test_comment_right_under_the_post_needs_no_thread_id():
    origin = {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 77}
    copy = {"message_id": 501, "date": 1, "chat": GROUP, "is_automatic_forward": True, "forward_origin": origin}
    said = one(message(chat=GROUP, text="narxi?", reply_to_message=copy))
    assert (said.kind, said.thread, said.post, said.post_url) == (
        "comment", "501", "-1001:77", "https://t.me/lola_style/77"
    )  # fmt: skip


def test_nobody_answers_anonymous_admins_channels_bots_and_itself():
    admin = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    for update, reason in (
        (message(chat=GROUP, sender=admin, sender_chat=GROUP, text="/cancel 1"), "written by an anonymous admin"),
        (message(chat=GROUP, sender=admin, sender_chat=CHANNEL, text="x"), "written in a channel's name"),
        (message(chat=GROUP, sender={**BOT, "id": 222}, text="x"), "written by a bot"),
        (message(chat=GROUP, sender=BOT, text="x"), "our own message"),
        (message(chat=GROUP, sender=None, text="x"), "nobody wrote it"),
    ):
        said = one(update, staff_group=-1002)
        assert (said.kind, said.note) == ("ignored", reason)


def test_edited_post_is_read_again():
    origin = {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 77}
    copy = message(chat=GROUP, sender_chat=CHANNEL, is_automatic_forward=True, forward_origin=origin, text="200 000")
    said = one({"update_id": 2, "edited_message": copy["message"]})
    assert (said.kind, said.note, said.post, said.thread) == ("post", "edited", "-1001:77", "10")


def test_what_cannot_be_opened_is_said_and_service_notes_are_not():
    poll = {
        "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
        "type": "regular", "allows_multiple_answers": False,
    }  # fmt: skip
    assert one(message(story={"chat": PRIVATE, "id": 1})).note == "unsupported"
    assert one(message(poll=poll)).note == "unsupported"
    assert one(message(brand_new_thing={"a": 1})).note == "unsupported"
    joined = one(message(chat=GROUP, new_chat_members=[AZIZA]))
    assert (joined.kind, joined.note) == ("ignored", "service message: new_chat_members")


def test_press_without_a_message_or_a_token():
    press = {"id": "p1", "from": AZIZA, "chat_instance": "1", "data": "b:yes"}
    said = one({"update_id": 3, "callback_query": press})
    assert (said.kind, said.chat.id, said.button, said.press_id, said.group) == ("button", "5551", "b:yes", "p1", False)
    game = {**press, "game_short_name": "x"}
    del game["data"]
    assert one({"update_id": 3, "callback_query": game}).kind == "ignored"


def test_press_from_a_server_that_leaves_things_out_is_still_a_press():
    press = {"id": "p1", "from": AZIZA, "data": "b:yes", "message": {"message_id": 40, "chat": GROUP}}
    said = one({"update_id": 3, "callback_query": press})
    assert (said.kind, said.chat.id, said.message_id, said.sender) == ("button", "-1002", "40", "5551")


def test_a_part_newer_than_our_types_does_not_hide_the_words():
    said = one(message(text="salom", reply_to_message={"message_id": "new kind"}, link_preview_options=17))
    assert (said.kind, said.text, said.reply_to) == ("message", "salom", "")
    strange = one(message(text="/cancel 1", forward_origin={"type": "from_the_future"}))
    assert strange.kind == "unknown", "who speaks is never guessed"


def test_unknown_shapes_are_kept_masked():
    said = one({"update_id": 9, "telepathy": {"chat": {"id": 5551}, "thought": "karta 8600 1404 1234 5678"}})
    assert (said.kind, said.chat.id, said.event_id) == ("unknown", "5551", "111:9")
    assert "1234 5678" not in json.dumps(said.raw)
    assert one({"no": "id"}).event_id == one({"no": "id"}).event_id
    assert one({"update_id": 10**30, "message": 5}).kind == "unknown"


def test_text_that_no_database_takes_is_made_fit():
    said = one(message(text="a\x00b\ud83d", location={"latitude": float("inf"), "longitude": 1.0}))
    json.dumps(dump(said)).encode()
    assert "\x00" not in said.text and "\ud83d" not in said.text


@settings(max_examples=300, deadline=None)
@given(damaged("telegram"))
def test_damaged_updates_never_raise(payload):
    found = parse("lola", "111", payload)
    assert len(found) == 1 and isinstance(found[0], Incoming)
    json.dumps(dump(found[0]), allow_nan=False).encode()


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_anything_at_all_is_one_event(value):
    assert len(parse("lola", "111", value)) == 1

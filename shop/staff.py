"""Who runs the shop: the one-time code that makes the first owner, invitations, roles, the password before the card.

A code is random, shown once and stored only as a hash; codes are letters without digits, so that the mask of card
numbers and SMS codes never takes one for a secret.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from kit.db import Reader, Tx
from kit.errors import Refused
from shop.audit import note

# no I, O, Q: they are misread; 3 groups of 4 from 23 letters are 54 bits
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_INVITE_HOURS = 72  # an invitation lies in a chat; the owner's code stays good until there is an owner


@dataclass(frozen=True, slots=True)
class Member:
    """A person who runs the shop: `role` owner or operator, `chat_id` where cards reach them."""

    shop_id: str
    channel: str
    id: str
    chat_id: str
    role: str
    name: str = ""
    language: str = "uz"
    step: dict[str, Any] = field(default_factory=dict, hash=False)
    has_password: bool = False

    @property
    def owner(self) -> bool:
        """Whether this person may change cards, roles and prices."""
        return self.role == "owner"

    @property
    def actor(self) -> str:
        """How the audit trail names them."""
        return f"staff:{self.channel}:{self.id}"


def _member(row: asyncpg.Record) -> Member:
    names = ("shop_id", "channel", "id", "chat_id", "role", "name", "language", "step")
    return Member(**{name: row[name] for name in names}, has_password=row["password_hash"] is not None)


def _row(who: Member) -> tuple[str, str, str]:
    """$1 to $3 of a statement about one member."""
    return who.shop_id, who.channel, who.id


def _hash(shop_id: str, code: str) -> str:
    """A fast hash is enough for 54 random bits; the shop's id keeps a code of one shop from another."""
    letters = "".join(letter for letter in code.upper() if letter.isalpha())
    return hashlib.sha256(f"{shop_id}:{letters}".encode()).hexdigest()


async def make_code(tx: Tx, shop_id: str, role: str = "owner") -> str:
    """A fresh one-time code for `role`; unused codes for owners made before it stop working."""
    if role == "owner":
        await tx.execute("DELETE FROM claim_codes WHERE shop_id = $1 AND role = 'owner' AND used_at IS NULL", shop_id)
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    await tx.execute(
        "INSERT INTO claim_codes (shop_id, code_hash, role) VALUES ($1, $2, $3)", shop_id, _hash(shop_id, code), role
    )
    return code


async def owner_code(tx: Tx, shop_id: str, channel: str = "") -> str | None:
    """A fresh code for the first owner, or None when the shop has one; with `channel`, the first owner there.

    Whoever sits at the terminal tried the demo in a browser as its owner, and is the owner in Telegram as well.
    """
    return None if await has_owner(tx, shop_id, channel) else await make_code(tx, shop_id)


async def has_owner(reader: Reader, shop_id: str, channel: str = "") -> bool:
    """Whether somebody claimed the shop; with `channel`, there."""
    found = await reader.fetchval(
        """SELECT EXISTS (SELECT FROM staff WHERE shop_id = $1 AND role = 'owner' AND active
               AND $2 IN ('', channel))""",
        shop_id,
        channel,
    )
    return bool(found)


async def claim(
    tx: Tx, shop_id: str, channel: str, person: str, chat_id: str, code: str, *, name: str = "", language: str = "uz"
) -> Member:
    """Makes `person` staff with the role of the code and uses the code up.

    Refused("shop.claim_wrong") for a code that does not exist, was used, or is older than 72 h: only the code of a
    shop without an owner has no end.
    Two who claim at once: the second waits for the first one's commit and is refused.
    """
    role = await tx.fetchval(
        """UPDATE claim_codes SET used_at = now(), used_by = $3
           WHERE shop_id = $1 AND code_hash = $2 AND used_at IS NULL
             AND (made_at > now() - $4 * interval '1 hour' OR role = 'owner' AND NOT EXISTS (
                 SELECT FROM staff WHERE shop_id = $1 AND role = 'owner' AND active))
           RETURNING role""",
        shop_id,
        _hash(shop_id, code),
        f"{channel}:{person}",
        float(_INVITE_HOURS),
    )
    if role is None:
        raise Refused("shop.claim_wrong")
    row = await tx.fetchrow(
        """INSERT INTO staff (shop_id, channel, id, chat_id, role, name, language) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (shop_id, channel, id) DO UPDATE SET chat_id = EXCLUDED.chat_id, active = true,
                role = CASE WHEN staff.active AND staff.role = 'owner' THEN 'owner' ELSE EXCLUDED.role END
            RETURNING *""",
        shop_id,
        channel,
        person,
        chat_id,
        role,
        name[:200],
        language,
    )
    assert row is not None
    await note(tx, shop_id, f"staff:{channel}:{person}", "staff.claimed", f"staff:{channel}:{person}", role=role)
    return _member(row)


async def invite(tx: Tx, by: Member, role: str = "operator") -> str:
    """A one-time code that an owner passes to a new colleague; good for 72 h."""
    if not by.owner:
        raise Refused("shop.owner_only")
    code = await make_code(tx, by.shop_id, role)
    await note(tx, by.shop_id, by.actor, "staff.invited", role=role)
    return code


async def member(reader: Reader, shop_id: str, channel: str, person: str) -> Member | None:
    """The member with this platform id, None for anybody else."""
    row = await reader.fetchrow(
        "SELECT * FROM staff WHERE shop_id = $1 AND channel = $2 AND id = $3 AND active",
        shop_id,
        channel,
        person,
    )
    return _member(row) if row else None


async def recipients(reader: Reader, shop_id: str, *, owners_only: bool = True) -> list[Member]:
    """Who gets cards when there is no staff group: owners, where they claimed; with operators if asked for."""
    rows = await reader.fetch(
        """SELECT * FROM staff WHERE shop_id = $1 AND active AND (role = 'owner' OR NOT $2)
            ORDER BY added_at, channel, id""",
        shop_id,
        owners_only,
    )
    return [_member(row) for row in rows]


async def dismiss(tx: Tx, by: Member, channel: str, person: str) -> None:
    """Takes the rights of a colleague away. The last owner cannot be dismissed."""
    if not by.owner:
        raise Refused("shop.owner_only")
    owners = await tx.fetch(
        "SELECT channel, id FROM staff WHERE shop_id = $1 AND role = 'owner' AND active FOR UPDATE", by.shop_id
    )
    if [(row["channel"], row["id"]) for row in owners] == [(channel, person)]:
        raise Refused("shop.last_owner")
    await tx.execute(
        "UPDATE staff SET active = false WHERE shop_id = $1 AND channel = $2 AND id = $3", by.shop_id, channel, person
    )
    await note(tx, by.shop_id, by.actor, "staff.dismissed", f"staff:{channel}:{person}")


async def set_step(tx: Tx, who: Member, step: dict[str, Any]) -> None:
    """Keeps the question this person is answering; {} when none."""
    await tx.execute("UPDATE staff SET step = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3", *_row(who), step)


async def set_language(tx: Tx, who: Member, language: str) -> None:
    """From now on cards and answers to this person are in `language`."""
    await tx.execute(
        "UPDATE staff SET language = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3", *_row(who), language
    )


async def set_password(tx: Tx, who: Member, password: str) -> None:
    """Sets the password asked before the card is changed; at least 6 characters."""
    from argon2 import PasswordHasher  # 20 ms of import: only where a password is at hand

    if len(password) < 6:
        raise Refused("shop.password_short")
    await tx.execute(
        "UPDATE staff SET password_hash = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3",
        *_row(who),
        PasswordHasher().hash(password),
    )
    await note(tx, who.shop_id, who.actor, "staff.password_set", who.actor)


async def check_password(reader: Reader, who: Member, password: str) -> bool:
    """Whether this is the member's password; False when none was set."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    known = await reader.fetchval(
        "SELECT password_hash FROM staff WHERE shop_id = $1 AND channel = $2 AND id = $3 AND active", *_row(who)
    )
    if known is None:
        return False
    try:
        return PasswordHasher().verify(known, password)
    except (VerificationError, InvalidHashError):
        return False

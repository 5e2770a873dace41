"""The seam to a messenger: one folder per channel fulfils it with `send.py`."""

from __future__ import annotations

from typing import Protocol

from kit.message import Chat, Media, Published, Reply


class Channel(Protocol):
    """One account of one messenger for one shop."""

    name: str

    async def send(self, chat: Chat, reply: Reply) -> str:
        """Say `reply`; returns the platform's id of the message ("" where there is none).

        Raises Unavailable: `permanent` when repeating cannot help, `retry_after` when the platform asks to wait, code
        "unsure" when the answer was lost and it may have been said.
        """

    async def said(self, chat: Chat, reply: Reply) -> str | None:
        """The platform's id of `reply` if it stands there already, None if it does not.

        Asked before a public word or a private reply whose answer was lost is tried again. Raises Unavailable;
        permanent, with the code "unsure", where the platform cannot be asked.
        """

    async def fetch(self, media: Media) -> bytes:
        """The bytes behind a reference. Raises Unavailable."""

    async def post(self, post_id: str) -> Published | None:
        """A post of the shop as the platform shows it now; None where the platform tells of posts by itself.

        Raises Unavailable; permanent when there is none, or it may not be asked for.
        """

    async def posts(self, after: str = "") -> tuple[list[Published], str]:
        """A page of the shop's own posts, newest first, and what to ask the next one with ("": there is no more).

        ([], "") where the platform tells of posts by itself. Raises Unavailable.
        """

    async def typing(self, chat: Chat) -> None:
        """Show that an answer is on its way, where the platform can; raises Unavailable."""

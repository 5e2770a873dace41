"""The seam to a messenger: one folder per channel fulfils it with `send.py`."""

from __future__ import annotations

from typing import Protocol

from kit.message import Chat, Media, Reply


class Channel(Protocol):
    """One account of one messenger for one shop."""

    name: str

    async def send(self, chat: Chat, reply: Reply) -> str:
        """Say `reply`; returns the platform's id of the message ("" where there is none).

        Raises Unavailable: `permanent` when repeating cannot help, `retry_after` when the platform asks to wait.
        """

    async def fetch(self, media: Media) -> bytes:
        """The bytes behind a reference. Raises Unavailable."""

    async def typing(self, chat: Chat) -> None:
        """Show that an answer is on its way, where the platform can; raises Unavailable."""

"""aiogram as its documentation begins: a Dispatcher, its own polling, a handler that answers each message once.

`python tests/world/peer_bot.py URL TOKEN`. It keeps nothing and tries nothing again, as such bots do.
"""

from __future__ import annotations

import asyncio
import random
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

THINKS_S = (0.05, 0.45)  # about what a turn of ours takes


async def answer(message: Message) -> None:
    """Think a little, then say the message's own word back."""
    await asyncio.sleep(random.uniform(*THINKS_S))
    await message.answer(message.text or "")


async def main(url: str, token: str) -> None:
    """Poll until killed."""
    dispatcher = Dispatcher()
    dispatcher.message.register(answer)
    await dispatcher.start_polling(Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))

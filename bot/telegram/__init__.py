"""Telegram: what a bot hears (`receive`, `poll`, `webhook`) and how it answers (`send`).

Nothing is imported here: `import aiogram` costs about a second, and a shop without a bot never pays it.
"""

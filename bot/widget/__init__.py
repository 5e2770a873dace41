"""The web chat: a page at /chat/<shop> that needs no token and no messenger."""

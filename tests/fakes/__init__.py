"""The outside world on loopback: real HTTP servers with a ledger, as strict as the platforms they stand for.

`FakeTelegram` is a Bot API server with people in it, `FakeGraph` is Meta's Graph API with shoppers on Instagram.
"""

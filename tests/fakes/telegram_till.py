"""The fake Telegram with payments: bills in a chat, the question before the money is taken, the word after it."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.telegram import BotAccount, FakeTelegram, Person
from tests.fakes.telegram_rules import Refusal, field_of

_CURRENCIES = {"UZS", "USD", "EUR", "RUB", "KZT"}
ANSWER_S = 10.0  # how long Telegram waits for answerPreCheckoutQuery


class TelegramTill(FakeTelegram):
    """`provider_token`: the only one that is known. `charged`: what was taken, by charge id."""

    def __init__(self, provider_token: str) -> None:
        super().__init__()
        self.provider_token = provider_token
        self.verdicts: dict[str, asyncio.Future[str]] = {}
        self.charged: dict[str, int] = {}

    async def _on_sendinvoice(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        for name, most in (("title", 32), ("description", 255), ("payload", 128)):
            if not 1 <= len(field_of(fields, name).encode() if name == "payload" else field_of(fields, name)) <= most:
                raise Refusal(400, f"Bad Request: {name} is empty or too long")
        if fields.get("provider_token") != self.provider_token:
            raise Refusal(400, "Bad Request: PAYMENT_PROVIDER_INVALID")
        if fields.get("currency") not in _CURRENCIES:
            raise Refusal(400, "Bad Request: CURRENCY_INVALID")
        prices = fields.get("prices")
        if not isinstance(prices, list) or not prices or any(int(one["amount"]) <= 0 for one in prices):
            raise Refusal(400, "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID")
        total = sum(int(one["amount"]) for one in prices)
        invoice = {
            **{name: fields[name] for name in ("title", "description", "currency")},
            "start_parameter": "",
            "total_amount": total,
        }
        return self._post(bot, fields, {"invoice": invoice, "_payload": fields["payload"]})

    async def _on_answerprecheckoutquery(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> bool:
        verdict = self.verdicts.get(field_of(fields, "pre_checkout_query_id"))
        if verdict is None or verdict.done():
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        fine = str(fields.get("ok")).lower() == "true"
        if not fine and not fields.get("error_message"):
            raise Refusal(400, "Bad Request: error_message is required")
        verdict.set_result("" if fine else str(fields["error_message"]))
        return True

    def bills(self, person: Person) -> list[dict[str, Any]]:
        """The bills in a person's chat, oldest first."""
        return [message for message in self.seen(person) if "invoice" in message]

    async def ask(self, person: Person, bill: dict[str, Any], **over: Any) -> str:
        """The question before the money: "" when the bot agrees, else its reason. Raises TimeoutError after 10 s."""
        query_id = str(over.pop("query_id", "")) or f"query{next(self.numbers)}"
        self.verdicts[query_id] = asyncio.get_running_loop().create_future()
        query = {"id": query_id, "from": person.user(), **self._facts(bill), **over}
        self.arrive({"pre_checkout_query": query})
        async with asyncio.timeout(ANSWER_S):
            return await self.verdicts[query_id]

    async def charge(self, person: Person, bill: dict[str, Any], charge: str = "", **over: Any) -> str:
        """The money is taken and the bot is told; the charge's id. A given `charge` is told once more."""
        id_ = charge or f"tg_charge_{next(self.numbers)}_8600123456789012"
        facts = self._facts(bill) | over
        self.charged.setdefault(id_, facts["total_amount"])
        done = {**facts, "telegram_payment_charge_id": id_, "provider_payment_charge_id": f"p-{id_}"}
        await self.say(person, {"successful_payment": done})
        return id_

    async def pay(self, person: Person, bill: dict[str, Any]) -> str:
        """The whole of it: asked, then charged if the bot agrees; its reason otherwise."""
        wrong = await self.ask(person, bill)
        if not wrong:
            await self.charge(person, bill)
        return wrong

    @staticmethod
    def _facts(bill: dict[str, Any]) -> dict[str, Any]:
        return {
            "currency": bill["invoice"]["currency"],
            "total_amount": bill["invoice"]["total_amount"],
            "invoice_payload": bill["_payload"],
        }

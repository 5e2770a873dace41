"""Meta's Graph API with shoppers on Instagram.

    async with FakeGraph("app-secret") as graph:
        graph.account("178", "ig-token")           # the product: account_id, token, meta.graph_url = graph.api
        graph.webhook = "http://127.0.0.1:8080/meta"
        aziza = graph.shopper("aziza")
        await graph.text(aziza, "Salom")           # a signed webhook; the status the product gave
        answer = await graph.heard(aziza, 1)       # the first message she got
        await graph.tap(aziza, "Ha")               # the newest quick reply with that title (or payload)
        await graph.comment(aziza, "narxi?", post="p1")

Strict where the platform is: 1000 bytes of text, pictures it can fetch, quick replies, the 24-hour window, one private
reply to a comment within 7 days. What we send comes back as an echo, what we answer under a post as a comment.
`meta.media_hosts` must list `graph.host`. What the shoppers do is in `shoppers.py`.
"""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

from aiohttp import ClientError, web
from PIL import Image, UnidentifiedImageError

from tests.fakes.graph_rules import Refusal, check_message, chosen
from tests.fakes.server import Call, cut
from tests.fakes.shoppers import Comment, Shopper, Shoppers

_DAY = 86_400.0


class FakeGraph(Shoppers):
    """The server. `calls` is the ledger; its methods are `messages`, `replies`, `me`, `post`, `list_media`,
    `subscribed_apps`."""

    def __init__(self, app_secret: str = "app-secret") -> None:
        super().__init__(app_secret)
        self.tokens: dict[str, str] = {}  # token -> account
        self.subscribed: dict[str, str] = {}  # account -> fields
        self.fetches_pictures = True  # as Meta does, from the product's public address

    @property
    def api(self) -> str:
        """What `meta.graph_url` is set to."""
        return f"{self.url}/v25.0"

    @property
    def host(self) -> str:
        """host:port of the media, for `meta.media_hosts`."""
        return self.url.removeprefix("http://")

    def account(self, account: str, token: str) -> None:
        """A professional account; every other token is refused."""
        self.tokens[token] = account
        self.accounts.append(account)

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/media/{name}", self._media)
        for prefix in ("/v{version}", ""):
            app.router.add_get(f"{prefix}/{{node}}", self._node)
            app.router.add_post(f"{prefix}/{{node}}/{{edge}}", self._edge)
            app.router.add_get(f"{prefix}/{{node}}/{{edge}}", self._listed)

    # ---- calls ----

    async def _node(self, request: web.Request) -> web.StreamResponse:
        node = request.match_info["node"]
        method = "me" if node == "me" or node in self.accounts else "post"
        return await self._answer(request, method, dict(request.query))

    async def _edge(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            fields |= await request.json()
        else:
            fields |= {name: _nested(str(value)) for name, value in (await request.post()).items()}
        return await self._answer(request, request.match_info["edge"], fields)

    async def _listed(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, f"list_{request.match_info['edge']}", dict(request.query))

    async def _answer(self, request: web.Request, method: str, fields: dict[str, Any]) -> web.StreamResponse:
        fault = self.fault_for(method)
        if fault and fault.kind != "drop":
            self.record(Call(method, fields, {}, ok=False))
            if fault.kind == "cut":
                return cut(request)
            if fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
            if fault.kind == "page":
                return web.Response(status=fault.status, text="<html>Sorry</html>", content_type="text/html")
            error = {"message": "Fault", "type": "OAuthException", "code": fault.code, "error_subcode": fault.subcode}
            return web.json_response({"error": error}, status=fault.status, headers=fault.headers)
        try:
            account = self._known(request, fields)
            result = await self._do(account, request.match_info["node"], method, fields)
        except Refusal as refusal:
            self.record(Call(method, fields, {}, ok=False))
            return web.json_response({"error": refusal.body()}, status=refusal.status)
        self.record(Call(method, fields, {}, ok=True))
        return cut(request) if fault else web.json_response(result)

    def _known(self, request: web.Request, fields: dict[str, Any]) -> str:
        """The account behind the token. Refused: an invalid token."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(fields.get("access_token", ""))
        if token not in self.tokens:
            raise Refusal(190, "Error validating access token", status=401, kind="OAuthException")
        return self.tokens[token]

    async def _do(self, account: str, node: str, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        if method == "replies":
            return await self._public_reply(account, node, fields)
        if method == "list_replies":
            under = [comment for comment in self.comments.values() if comment.parent == node]
            return {"data": [{"id": one.id, "text": one.text, "from": {"id": one.author}} for one in reversed(under)]}
        if method == "post":
            return self._post_of(account, node, str(fields.get("fields", "id")))
        if node not in ("me", account):
            raise Refusal(100, f"Unsupported request. Object with ID '{node}' does not exist", subcode=33, status=400)
        if method == "list_media":
            return self._posts_of(account, fields)
        if method == "me":
            return {"id": account, "user_id": account, "username": f"shop_{account}"}
        if method == "subscribed_apps":
            self.subscribed[account] = str(fields.get("subscribed_fields", ""))
            return {"success": True}
        if method == "messages":
            return await self._message(account, fields)
        raise Refusal(100, f"Unsupported post request: {method}", status=400)

    # ---- posts ----

    def _post_of(self, account: str, post: str, fields: str) -> dict[str, Any]:
        """A post as its owner may read it. Refused: everybody else's, deleted ones, stories of yesterday."""
        found = self.posts.get(post)
        gone = found is not None and found["_story"] and self.now() - found["_at"] > _DAY
        if found is None or gone or found["_owner"] not in ("", account):
            said = "does not exist, cannot be loaded due to missing permissions, or does not support this operation"
            raise Refusal(100, f"Unsupported get request. Object with ID '{post}' {said}", subcode=33)
        return chosen(found, fields)

    def _posts_of(self, account: str, fields: dict[str, Any]) -> dict[str, Any]:
        """A page of an account's posts, newest first: no stories; 25 unless `limit` says otherwise, 100 at most."""
        own = [one for one in self.posts.values() if one["_owner"] in ("", account) and not one["_story"]]
        own.reverse()
        size, after = min(int(fields.get("limit", 25)), 100), str(fields.get("after", ""))
        if after and not after.startswith("cursor"):
            raise Refusal(100, "Invalid cursor")
        first = int(after.removeprefix("cursor") or 0)
        page = own[first : first + size]
        paging: dict[str, Any] = {"cursors": {"before": f"cursor{first}", "after": f"cursor{first + len(page)}"}}
        if first + size < len(own):
            paging["next"] = f"{self.api}/{account}/media?after=cursor{first + size}"
        return {"data": [chosen(one, str(fields.get("fields", "id"))) for one in page], "paging": paging}

    # ---- messages ----

    async def _message(self, account: str, fields: dict[str, Any]) -> dict[str, Any]:
        recipient = fields.get("recipient")
        recipient = recipient if isinstance(recipient, dict) else {}
        private = "comment_id" in recipient
        shopper = self._commenter(str(recipient["comment_id"])) if private else self._writer(str(recipient.get("id")))
        if "sender_action" in fields:
            if fields["sender_action"] not in ("typing_on", "typing_off", "mark_seen"):
                raise Refusal(100, "Invalid sender_action")
            return {"recipient_id": shopper.id}
        message = check_message(fields)
        if private:
            self.comments[str(recipient["comment_id"])].private_replies += 1
        if (picture := message.get("attachment")) is not None:
            await self._fetch(picture["payload"]["url"])
        return self._sent(account, shopper, message)

    def _writer(self, igsid: str) -> Shopper:
        """The person a message is for, within 24 hours of their last word."""
        shopper = self.shoppers.get(igsid)
        if shopper is None:
            raise Refusal(100, "No matching user found", subcode=2534014)
        if shopper.blocked:
            raise Refusal(551, "This person isn't available right now")
        if shopper.wrote_at is None or self.now() - shopper.wrote_at > _DAY:
            raise Refusal(10, "Outside of the allowed window", subcode=2534022, status=403, kind="IGApiException")
        return shopper

    def _commenter(self, comment_id: str) -> Shopper:
        comment = self.comments.get(comment_id)
        if comment is None or self.now() - comment.at > 7 * _DAY:
            raise Refusal(100, "The comment is too old or does not exist")
        if comment.private_replies:
            raise Refusal(100, "The requested user cannot be found", subcode=2534014)
        return self.shoppers[comment.author]

    async def _fetch(self, url: str) -> None:
        """Get a picture from the product, as Meta does."""
        if not self.fetches_pictures:
            return
        assert self.client is not None
        try:
            async with self.client.get(url) as answer:
                data = await answer.read() if answer.status == 200 else b""
            with Image.open(io.BytesIO(data)) as picture:
                picture.verify()
        except (ClientError, OSError, UnidentifiedImageError):
            raise Refusal(100, "Upload attachment failure", subcode=2018047) from None
        if len(data) > 8_000_000:
            raise Refusal(100, "Image is over 8 MB", subcode=2018047)

    def _sent(self, account: str, shopper: Shopper, message: dict[str, Any]) -> dict[str, Any]:
        mid = f"mid.{next(self.numbers)}"
        shopper.inbox.append({"mid": mid, **message})
        self.stir()
        if self.echoes:
            self.echo_of(account, shopper, mid, message)
        return {"recipient_id": shopper.id, "message_id": mid}

    async def _public_reply(self, account: str, comment_id: str, fields: dict[str, Any]) -> dict[str, Any]:
        above = self.comments.get(comment_id)
        text = str(fields.get("message", ""))
        if above is None:
            raise Refusal(100, f"Object with ID '{comment_id}' does not exist", subcode=33)
        if not text.strip() or len(text) > 2200:
            raise Refusal(100, "Invalid parameter: message")
        own = Comment(f"c{next(self.numbers)}", account, text, above.post, comment_id, self.now())
        self.comments[own.id] = own
        self.stir()
        if self.echoes:
            self.comment_of_ours(account, own)
        return {"id": own.id}

    async def _media(self, request: web.Request) -> web.StreamResponse:
        fault = self.fault_for("media")
        if fault:
            return cut(request) if fault.kind == "cut" else web.Response(status=fault.status)
        found = self.files.get(request.match_info["name"])
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found[0], content_type=found[1])


def _nested(value: str) -> Any:
    try:
        return json.loads(value) if value[:1] in ("{", "[") else value
    except ValueError:
        return value


__all__ = ["Comment", "FakeGraph", "Shopper"]

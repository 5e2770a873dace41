"""The HTTP door: pictures, the web chat, the platforms' webhooks and `bot.health`, in one FastAPI application.

Nothing here decides anything about a sale. What comes in is stored by `bot.inbox.accept` before it is answered 200.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import health, meta, pay, privacy
from bot.app import App
from bot.telegram import webhook
from bot.widget import pages as widget
from bot.widget import render
from bot.widget.render import Pages
from bot.widget.stream import Streams
from kit import tasks, words
from kit.config import HttpConfig
from kit.errors import Misconfigured

log = structlog.get_logger(__name__)
_CHAT_BYTES = 40 * 1024 * 1024  # ten photos of a phone in one message
_BODY_BYTES = 2 * 1024 * 1024  # a batch of Meta's is some 100 kB
_GRACE_S = 5  # open requests may end; event streams are ended by us
_YEAR = "private, max-age=31536000, immutable"  # private: a receipt must not lie in a shared cache
_PICTURES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)
_CLOSE = {"Connection": "close"}  # the rest of a body that is too large is not even read
_FILE_POLICY = "default-src 'none'; sandbox"


def create(app: App) -> FastAPI:
    """The application; `state.streams` holds the open event streams, to be closed before the server stops."""
    pages, streams = Pages(), Streams()
    fastapi = FastAPI(title="Sotuv", docs_url=None, redoc_url=None, openapi_url=None)
    fastapi.state.streams = streams
    fastapi.add_middleware(Guard, ancestors=" ".join(app.config.http.frame_ancestors) or "'none'")
    for error in health.STORE_AWAY:
        fastapi.add_exception_handler(error, _away)
    fastapi.add_exception_handler(HTTPException, _Lost(pages).answer)
    _add_own_routes(fastapi, app)
    for router in (
        health.router(app),
        meta.router(app),
        webhook.router(app),
        pay.router(app),
        widget.router(app, pages, streams),
        privacy.router(app, pages),
    ):
        fastapi.include_router(router)
    return fastapi


def _add_own_routes(fastapi: FastAPI, app: App) -> None:
    async def first() -> Response:
        return RedirectResponse(f"/chat/{next(iter(app.config.shops))}", 307)

    async def media(name: str) -> Response:
        return _media(app, name)

    for path, endpoint in (("/", first), ("/media/{name}", media)):
        fastapi.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)


# ---- pictures --------------------------------------------------------------------------------------------------------


def _media(app: App, name: str) -> Response:
    """A stored file by its name, which is the hash of its content: who has the name has seen the file."""
    try:
        path = app.media.path(name)
    except FileNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise HTTPException(404)
    suffix = path.suffix[1:]
    headers = {"Cache-Control": _YEAR, "Content-Security-Policy": _FILE_POLICY, "X-Robots-Tag": "noindex"}
    if suffix in _PICTURES:
        return FileResponse(path, headers=headers, media_type=_PICTURES[suffix])
    kind = "application/pdf" if suffix == "pdf" else "application/octet-stream"
    return FileResponse(path, headers=headers, media_type=kind, filename=name)  # saved, never opened in our origin


# ---- what goes wrong -------------------------------------------------------------------------------------------------


class _Lost:
    """HTTP errors: a small page for people, JSON for programs."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    async def answer(self, request: Request, error: Exception) -> Response:
        """The answer to an HTTPException."""
        assert isinstance(error, HTTPException)
        if error.status_code != 404 or "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
        language = render.choose_language("", "", request.headers.get("accept-language", ""))
        facts = {
            "title": words.say(language, "web.not_found"),
            "sections": [("", [words.say(language, "web.not_found_1")])],
            "favicon": render.favicon("S", "#0d7a6c"),
        } | dict.fromkeys(("shop_name", "switch", "back", "foot"), "")
        return HTMLResponse(self.pages.page("paper.html", language, **facts), 404)


async def _away(request: Request, error: Exception) -> Response:
    log.warning("store_away", path=request.scope.get("route", request.scope).__class__.__name__, error=str(type(error)))
    return JSONResponse({"error": "try again"}, 503, headers={"Retry-After": "5"})


class Guard:
    """Outermost: no body larger than its door allows, and the headers that keep a page from being misused."""

    def __init__(self, app: ASGIApp, ancestors: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": _PAGE_POLICY + ancestors,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = _CHAT_BYTES if scope["path"].startswith("/chat/") else _BODY_BYTES

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        if (declared := _declared(scope)) is None or declared > limit:
            await JSONResponse({"error": "too large"}, 413, headers=_CLOSE)(scope, receive, guarded)
        else:
            await self.app(scope, _counted(receive, limit), guarded)


def _declared(scope: Scope) -> int | None:
    """The body's length as announced, 0 when it is not; None for nonsense."""
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() and len(value) < 16 else None


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive` that ends a body which turns out larger than `limit` (chunked ones announce nothing)."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > limit:
            raise HTTPException(413, "too large", headers=_CLOSE)
        return message

    return counted


# ---- serving ---------------------------------------------------------------------------------------------------------


def listen(http: HttpConfig) -> socket.socket:
    """The socket of the HTTP door. Raises Misconfigured when the address is taken or not ours."""
    try:
        family = socket.getaddrinfo(http.host, http.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((http.host, http.port), family=family, backlog=1024)
    except OSError as error:
        where = f"{http.host}:{http.port} ({error.strerror})"
        raise Misconfigured(f"http: cannot listen on {where}; set another http.port or stop who has it") from error


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to `main.py`, which has more to stop than a server, and tells when it answers."""

    opened: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.opened and self.started:
            self.opened.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    app: App, stop: asyncio.Event, door: socket.socket | None = None, opened: asyncio.Event | None = None
) -> None:
    """Serve HTTP on `door` (default: `listen(app.config.http)`) until `stop`; open requests then have 5 s to end.

    `opened` is set once requests are answered.
    """
    fastapi = create(app)
    await _serve(fastapi, stop, door or listen(app.config.http), opened, fastapi.state.streams.close)


async def serve_metrics(app: App, stop: asyncio.Event) -> None:
    """`bot.health` alone on `http.metrics_port`, until `stop`; a taken port is said and done without."""
    http = app.config.http
    try:
        door = listen(http.model_copy(update={"port": http.metrics_port}))
    except Misconfigured as taken:
        log.warning("no_metrics_port", why=str(taken))
        await stop.wait()
        return
    await _serve(health.create(app), stop, door)


async def _serve(
    fastapi: FastAPI,
    stop: asyncio.Event,
    door: socket.socket,
    opened: asyncio.Event | None = None,
    ending: Callable[[], None] | None = None,
) -> None:
    server = _Server(
        uvicorn.Config(
            fastapi,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
    server.opened = opened

    async def end() -> None:
        await stop.wait()
        if ending is not None:
            ending()
        server.should_exit = True

    ender = tasks.start(end(), "web stop")
    try:
        await server.serve(sockets=[door])
    finally:
        ender.cancel()

"""Pictures come from the listed hosts alone, from public addresses, and not without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from kit import http
from kit.errors import Unavailable

HOSTS = ["lookaside.fbsbx.com", ".fbcdn.net"]


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://lookaside.fbsbx.com/a.jpg?x=1", True),
        ("https://scontent.xx.fbcdn.net/a.jpg", True),
        ("https://LOOKASIDE.fbsbx.com:443/a", True),
        ("https://fbcdn.net/a", False),
        ("https://evilfbcdn.net/a", False),
        ("https://fbcdn.net.evil.com/a", False),
        ("http://lookaside.fbsbx.com/a", False),
        ("https://lookaside.fbsbx.com:8443/a", False),
        ("https://user:pw@lookaside.fbsbx.com/a", False),
        ("https://lookaside.fbsbx.com@evil.com/a", False),
        ("file:///etc/passwd", False),
        ("https://169.254.169.254/latest", False),
        ("http://127.0.0.1:9000/a", False),
        ("", False),
    ],
)
def test_which_addresses_may_be_fetched(url: str, may: bool) -> None:
    assert http.allowed(url, HOSTS) is may


def test_a_listed_port_is_trusted_as_it_stands() -> None:
    assert http.allowed("http://127.0.0.1:9000/a", ["127.0.0.1:9000"])
    assert not http.allowed("http://127.0.0.1:9001/a", ["127.0.0.1:9000"])


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, dict[str, bytes]]]:
    """A server on loopback that answers what `pages` says; and its host:port."""
    pages: dict[str, bytes] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode()
        while (await reader.readline()).strip():
            pass
        writer.write(pages.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
        await writer.drain()
        writer.close()

    running = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"127.0.0.1:{running.sockets[0].getsockname()[1]}", pages
    running.close()


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


def moved(to: str) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % to.encode()


async def fetch(url: str, hosts: list[str], most: int = 1000) -> bytes:
    async with http.make_client() as client:
        return await http.fetch_media(client, url, hosts, most)


async def test_bytes_come_back(server: tuple[str, dict[str, bytes]]) -> None:
    host, pages = server
    pages["/a"], pages["/r"] = ok(b"picture"), moved("/a")
    assert await fetch(f"http://{host}/a", [host]) == b"picture"
    assert await fetch(f"http://{host}/r", [host]) == b"picture"


@pytest.mark.parametrize(
    ("path", "code"),
    [("/big", "too_large"), ("/none", "404"), ("/away", "host"), ("/file", "host"), ("/loop", "redirect")],
)
async def test_what_is_refused_for_good(server: tuple[str, dict[str, bytes]], path: str, code: str) -> None:
    host, pages = server
    pages["/big"], pages["/away"] = ok(b"x" * 1001), moved("http://127.0.0.1:1/a")
    pages["/file"], pages["/loop"] = moved("file:///etc/passwd"), moved("/loop")
    with pytest.raises(Unavailable) as refused:
        await fetch(f"http://{host}{path}", [host])
    assert refused.value.permanent and refused.value.code == code


async def test_a_server_error_is_for_later(server: tuple[str, dict[str, bytes]]) -> None:
    host, pages = server
    pages["/a"] = b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(Unavailable) as failed:
        await fetch(f"http://{host}/a", [host])
    assert not failed.value.permanent


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1", "100.64.0.1", "0.0.0.0"]
)
async def test_a_name_that_means_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    async def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    with pytest.raises(Unavailable) as refused:
        await fetch("https://lookaside.fbsbx.com/a", HOSTS)
    assert refused.value.code == "private" and refused.value.permanent


async def test_the_looked_up_address_is_the_one_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("157.240.1.1", 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    async with http.make_client() as client:
        request = await http._request(client, "https://lookaside.fbsbx.com/a?b=c", HOSTS)
    assert str(request.url) == "https://157.240.1.1/a?b=c"
    assert request.headers["host"] == "lookaside.fbsbx.com"
    assert request.extensions["sni_hostname"] == "lookaside.fbsbx.com"

"""HTTP towards the outside: one way to make a client, one way to fetch a picture that a stranger's message points to.

A picture comes from the listed hosts alone. Its address is looked up once, must be a public one, and that very address
is then spoken to, so that a name cannot point elsewhere the second time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import httpx2

from kit.errors import Unavailable

_HOPS = 3  # platforms redirect once; a chain is somebody's game
_GONE = {400, 401, 403, 404, 410}


def make_client(timeout_s: float = 10.0) -> httpx2.AsyncClient:
    """A client that waits at most `timeout_s` for each step, follows no redirect and keeps its connections."""
    return httpx2.AsyncClient(timeout=httpx2.Timeout(timeout_s), follow_redirects=False)


def allowed(url: str, hosts: Sequence[str]) -> bool:
    """Whether `url` may be fetched: https and a host of the list (".x.com": below x.com), or a listed host:port."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        return False
    if _trusted(url, hosts):
        return True
    if parts.scheme != "https" or parts.port not in {None, 443}:
        return False
    return any(host == name or (name.startswith(".") and host.endswith(name)) for name in hosts if ":" not in name)


def _trusted(url: str, hosts: Sequence[str]) -> bool:
    """Whether host:port stands in the list as it is: the operator means it, be it private."""
    parts = urlsplit(url)
    return parts.port is not None and f"{parts.hostname}:{parts.port}" in hosts


async def fetch_media(client: httpx2.AsyncClient, url: str, hosts: Sequence[str], max_bytes: int) -> bytes:
    """The bytes behind `url`, at most `max_bytes`.

    Raises Unavailable: permanent for a host that is not listed, a private address, a file too large or gone.
    """
    for _ in range(_HOPS):
        if not allowed(url, hosts):
            raise Unavailable("media host is not allowed", permanent=True, code="host")
        try:
            answer = await _get(client, url, hosts, max_bytes)
        except (httpx2.HTTPError, OSError) as error:
            raise Unavailable(f"media fetch: {type(error).__name__}") from error
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
    raise Unavailable("media redirects in circles", permanent=True, code="redirect")


async def _get(client: httpx2.AsyncClient, url: str, hosts: Sequence[str], max_bytes: int) -> bytes | str:
    """The body, or the address of the next hop."""
    request = await _request(client, url, hosts)
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        if response.is_redirect:
            return str(response.headers["location"])
        if response.status_code != 200:
            code = response.status_code
            raise Unavailable(f"media fetch: HTTP {code}", permanent=code in _GONE, code=str(code))
        return await read_at_most(response, max_bytes, "media is too large")
    finally:
        await response.aclose()


async def read_at_most(response: httpx2.Response, max_bytes: int, too_large: str) -> bytes:
    """The body of an answer that is being streamed. Raises Unavailable (`too_large`, permanent) for a longer one."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > max_bytes:
            raise Unavailable(too_large, permanent=True, code="too_large")
    return bytes(body)


async def _request(client: httpx2.AsyncClient, url: str, hosts: Sequence[str]) -> httpx2.Request:
    """A request to the looked-up address itself, with the name in the Host header and in TLS."""
    if _trusted(url, hosts):
        return client.build_request("GET", url)
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = await _public_address(host)
    bare = f"[{address}]" if ":" in address else address
    pinned = parts._replace(netloc=bare).geturl()
    return client.build_request("GET", pinned, headers={"Host": host}, extensions={"sni_hostname": host})


async def _public_address(host: str) -> str:
    """One address of `host`. Raises Unavailable when any of them is private: then the name is not what it seems."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(f"media host is not found: {host}") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not ipaddress.ip_address(address.split("%")[0]).is_global:
            raise Unavailable("media host is a private address", permanent=True, code="private")
    return addresses[0]

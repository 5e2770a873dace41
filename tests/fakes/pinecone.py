"""Pinecone's data plane on loopback, as honest as it is strict: real inner products, and visible only a while later.

    async with FakePinecone(dim=4) as pinecone:
        config = {"index": "pinecone", "pinecone": {"host": pinecone.url, "api_key": KEY}}
        pinecone.lag_s = 0.5  # how long after a write it is seen: it is consistent only in the end
        pinecone.fail("refuse", "query", status=429, retry_after=1)  # see tests/fakes/server.py

It refuses what the real one refuses: a wrong key, an unknown field, an id that is not ASCII, vectors of another length,
more than 1,000 of them or 2 MB a request, metadata that is null or nested; and it deletes only where a namespace is.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from aiohttp import web

from tests.fakes.server import Call, Server, cut

KEY = "pc-fake-key"
_FIELDS = {
    "query": {"namespace", "topK", "filter", "includeValues", "includeMetadata", "vector", "id"},
    "upsert": {"vectors", "namespace"},
    "delete": {"ids", "deleteAll", "filter", "namespace"},
}
_VECTOR = {"id", "values", "metadata"}


@dataclass
class Kept:
    """A vector there; `seen_from`: when it shows in answers, `gone_from`: when it no longer does."""

    values: Any
    metadata: dict[str, Any]
    seen_from: float
    gone_from: float = float("inf")

    @property
    def seen(self) -> bool:
        return self.seen_from <= time.monotonic() < self.gone_from


class FakePinecone(Server):
    """POST /vectors/upsert, /query, /vectors/delete and GET /vectors/fetch. `spaces`: namespace -> id -> Kept."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim, self.metric = dim, "dotproduct"
        self.lag_s = 0.0
        self.spaces: dict[str, dict[str, Kept]] = {}

    def routes(self, app: web.Application) -> None:
        for name, path in (
            ("stats", "/describe_index_stats"),
            ("query", "/query"),
            ("upsert", "/vectors/upsert"),
            ("delete", "/vectors/delete"),
        ):
            app.router.add_post(path, self._handler(name))
        app.router.add_get("/vectors/fetch", self._handler("fetch"))

    def _handler(self, name: str) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            fields: dict[str, Any]
            if name == "fetch":
                fields = {"ids": request.query.getall("ids", []), "namespace": request.query.get("namespace", "")}
            else:
                fields = json.loads(await request.read() or b"{}")
            fault = self.fault_for(name)
            if fault is not None:
                self.record(Call(name, fields, {}, ok=False))
                if fault.kind == "hang":
                    await asyncio.sleep(fault.seconds)
                if fault.kind in ("cut", "hang"):
                    return cut(request)
                if fault.kind == "page":
                    return web.Response(status=fault.status, text="<html>bad gateway</html>", content_type="text/html")
                headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
                return _error(fault.status, "RESOURCE_EXHAUSTED", headers)
            wrong = self._wrong(request, name, fields)
            self.record(Call(name, fields, {}, ok=not wrong))
            if wrong:
                return _error(401 if wrong == "key" else 400, wrong)
            if name == "delete" and fields.get("namespace", "") not in self.spaces:
                return _error(404, "Namespace not found")
            return web.json_response(getattr(self, f"_{name}")(fields))

        return handle

    def _wrong(self, request: web.Request, name: str, fields: dict[str, Any]) -> str:
        """Why the request is refused, "" when it is not."""
        if request.headers.get("Api-Key") != KEY:
            return "key"
        if not request.headers.get("X-Pinecone-Api-Version"):
            return "no version"
        unknown = fields.keys() - _FIELDS.get(name, fields.keys())
        if unknown or (request.content_length or 0) > 2 * 2**20:
            return f"unknown {unknown}" if unknown else "larger than 2 MB"
        if not str(fields.get("namespace", "")).isascii():
            return "namespace"
        if name == "upsert":
            return next((why for why in map(self._wrong_vector, fields["vectors"]) if why), "") or (
                "more than 1000" if not 0 < len(fields["vectors"]) <= 1000 else ""
            )
        if name == "query":
            return "dimension" if len(fields["vector"]) != self.dim else ""
        return "ids" if name in ("fetch", "delete") and not 0 < len(fields["ids"]) <= 1000 else ""

    def _wrong_vector(self, one: dict[str, Any]) -> str:
        if one.keys() - _VECTOR or not 0 < len(one["id"]) <= 512 or not one["id"].isascii():
            return "vector"
        if any(not isinstance(value, str | int | float | bool | list) for value in one.get("metadata", {}).values()):
            return "metadata"
        return "dimension" if len(one["values"]) != self.dim else ""

    # ---- what it does ------------------------------------------------------------------------------------------------

    def _stats(self, fields: dict[str, Any]) -> dict[str, Any]:
        counts = {name: {"vectorCount": len(space)} for name, space in self.spaces.items()}
        total = sum(one["vectorCount"] for one in counts.values())
        whole = {"dimension": self.dim, "metric": self.metric, "vectorType": "dense", "indexFullness": 0.0}
        return whole | {"namespaces": counts, "totalVectorCount": total}

    def _upsert(self, fields: dict[str, Any]) -> dict[str, Any]:
        space = self.spaces.setdefault(fields.get("namespace", ""), {})
        for one in fields["vectors"]:
            values = np.array(one["values"], np.float32)
            space[one["id"]] = Kept(values, one.get("metadata", {}), time.monotonic() + self.lag_s)
        return {"upsertedCount": len(fields["vectors"])}

    def _query(self, fields: dict[str, Any]) -> dict[str, Any]:
        space, asked = self.spaces.get(fields.get("namespace", ""), {}), np.array(fields["vector"], np.float32)
        wanted = {name: rule["$eq"] for name, rule in fields.get("filter", {}).items()}
        found = [
            {"id": id_, "score": float(one.values @ asked)}
            | ({"metadata": one.metadata} if fields.get("includeMetadata") else {})
            for id_, one in space.items()
            if one.seen and all(one.metadata.get(name) == value for name, value in wanted.items())
        ]
        found.sort(key=lambda one: -one["score"])
        return {"matches": found[: fields["topK"]], "namespace": fields.get("namespace", ""), "usage": {"readUnits": 1}}

    def _delete(self, fields: dict[str, Any]) -> dict[str, Any]:
        space = self.spaces[fields.get("namespace", "")]
        for id_ in fields["ids"]:
            if id_ in space:
                space[id_].gone_from = time.monotonic() + self.lag_s
        return {}

    def _fetch(self, fields: dict[str, Any]) -> dict[str, Any]:
        space = self.spaces.get(fields["namespace"], {})
        there = {id_: space[id_] for id_ in fields["ids"] if id_ in space and space[id_].seen}
        vectors = {
            id_: {"id": id_, "values": one.values.tolist(), "metadata": one.metadata} for id_, one in there.items()
        }
        return {"vectors": vectors, "namespace": fields["namespace"], "usage": {"readUnits": 1}}


def _error(status: int, why: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"code": why, "message": why}, "status": status}, status=status, headers=headers)

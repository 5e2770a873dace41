"""The whole product as a child process, as a host runs it: `main.py run --config FILE`, driven through its contract."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import yaml

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """`async with Product(folder, settings) as product:` starts it and waits until it is ready."""

    def __init__(self, folder: Path, settings: dict[str, Any], *, command: str = "run") -> None:
        self.folder = folder
        self.port = settings.get("http", {}).get("port") or free_port()
        self.config = folder / "config.yaml"
        self.log = folder / "product.log"
        self.out = folder / "product.out"
        self.command = command
        self.process: asyncio.subprocess.Process | None = None
        tree = {
            "data_dir": "data",
            **settings,
            "http": {"host": "127.0.0.1", **settings.get("http", {}), "port": self.port},
        }
        self.config.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start the process; returns at once."""
        with self.log.open("ab") as log, self.out.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "main.py", self.command, "--config", str(self.config), cwd=ROOT, stdout=out, stderr=log
            )

    async def ready(self, timeout: float = 90.0) -> float:
        """Wait for 200 from /ready; the seconds it took. Raises TimeoutError with the end of the log."""
        started = time.monotonic()
        async with httpx2.AsyncClient() as client:
            while time.monotonic() - started < timeout:
                try:
                    if (await client.get(f"{self.url}/ready")).status_code == 200:
                        return time.monotonic() - started
                except httpx2.TransportError:
                    pass
                if self.process and self.process.returncode is not None:
                    break
                await asyncio.sleep(0.05)
        raise TimeoutError(self.log.read_text(encoding="utf-8")[-3000:])

    async def stop(self, timeout: float = 20.0) -> int:
        """Ctrl-C; the exit status."""
        assert self.process
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(timeout):
            return await self.process.wait()

    async def kill(self) -> None:
        """kill -9 of the process (its engines die with it or are found again)."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    async def run(self, *args: str) -> tuple[int, str, str]:
        """Another command beside the running product: exit status, stdout, stderr."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "main.py",
            *args,
            "--config",
            str(self.config),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    async def lines(self, *args: str) -> list[dict[str, Any]]:
        """The JSON lines that a command prints. Raises AssertionError when it fails."""
        status, out, err = await self.run(*args)
        assert status == 0, err
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def claim_code(self, shop_id: str) -> str:
        """The newest one-time code printed for the shop."""
        lines = [line.split() for line in self.out.read_text(encoding="utf-8").splitlines()]
        return next(line[2] for line in reversed(lines) if line[:2] == ["claim", shop_id])

    async def __aenter__(self) -> Product:
        await self.start()
        await self.ready()
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self.process and self.process.returncode is None:
            await self.stop()

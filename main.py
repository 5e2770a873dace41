"""Sotuv's command line. Each command's work is in `cli/`, imported when the command runs: `--help` must be instant.

Every command takes --config FILE; the log goes to stderr, results to stdout. Exit status: 0 done, 1 something outside
failed, 2 a setting or an argument is wrong (one line says which).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

try:
    import typer
except ModuleNotFoundError:  # started with a Python that has not our libraries
    raise SystemExit("sotuv: run `make install` first, then ./sotuv (or .venv/bin/python main.py)") from None

if TYPE_CHECKING:
    from kit.config import Config

app = typer.Typer(
    help="A sales agent for small shops: Telegram, Instagram and the web.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with the values of variables would print secrets
)

ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings; default: config.yaml.")]
ShopId = Annotated[str, typer.Option("--shop", metavar="ID", help="Which shop; may be left out when there is one.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Pictures.")]


def do(config: Path | None, work: Callable[[Config], int], *, level: str = "warning") -> None:
    """Run a command's work with the settings of `config`, logging from `level` on, and exit."""
    from cli.edge import guarded

    raise typer.Exit(guarded(config, work, level=level))


def one_shop(config: Config, shop_id: str) -> str:
    """The shop that --shop means."""
    from cli.edge import pick_shop

    return pick_shop(config, shop_id)


def serve(config: Path | None, *, web: bool, worker: bool) -> None:
    """One process until Ctrl-C."""

    def work(settings: Config) -> int:
        gc.disable()  # what is imported stays: looking through it for garbage is an eighth of a start
        from cli.run import run

        return run(settings, web=web, worker=worker)

    do(config, work, level="info")


@app.command()
def run(config: ConfigFile = None) -> None:
    """Everything in one process: web chat, webhooks, messengers, the agent."""
    serve(config, web=True, worker=True)


@app.command()
def web(config: ConfigFile = None) -> None:
    """The HTTP door alone; run as many as you like, with `worker` beside."""
    serve(config, web=True, worker=False)


@app.command()
def worker(config: ConfigFile = None) -> None:
    """The agent alone: answers what is stored, sends what is due."""
    serve(config, web=False, worker=True)


@app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="catalog.csv or .xlsx, photos beside it.")],
    shop: ShopId = "",
    config: ConfigFile = None,
) -> None:
    """Read a catalogue into a shop; refused rows are listed with their reasons and change nothing."""

    def work(settings: Config) -> int:
        from cli import import_

        return import_.run(settings, one_shop(settings, shop), path)

    do(config, work)


@app.command()
def orders(shop: ShopId = "", as_json: Json = False, config: ConfigFile = None) -> None:
    """The orders of a shop, newest last; works beside a running server."""

    def work(settings: Config) -> int:
        from cli.orders import orders

        return orders(settings, one_shop(settings, shop), as_json)

    do(config, work)


@app.command()
def chats(shop: ShopId = "", as_json: Json = False, config: ConfigFile = None) -> None:
    """The conversations of a shop, the latest first."""

    def work(settings: Config) -> int:
        from cli.orders import chats

        return chats(settings, one_shop(settings, shop), as_json)

    do(config, work)


@app.command(name="find-photo")
def find_photo(paths: Paths, shop: ShopId = "", as_json: Json = False, config: ConfigFile = None) -> None:
    """Which products a picture shows."""

    def work(settings: Config) -> int:
        from cli.vision import find_photo

        return find_photo(settings, one_shop(settings, shop), paths, as_json)

    do(config, work)


@app.command(name="read-receipt")
def read_receipt(
    paths: Paths,
    as_json: Json = False,
    expect_amount: Annotated[int | None, typer.Option(metavar="N", help="The sum it should show.")] = None,
    expect_last4: Annotated[str, typer.Option(metavar="XXXX", help="The card it should show.")] = "",
    config: ConfigFile = None,
) -> None:
    """What a picture of a payment says; with --expect-... also whether it fits."""

    def work(settings: Config) -> int:
        from cli.read_receipt import read_receipt

        return read_receipt(settings, paths, as_json, expect_amount, expect_last4)

    do(config, work)


@app.command()
def doctor(as_json: Json = False, config: ConfigFile = None) -> None:
    """Look at every dependency, token, webhook and right; say how to mend what is wrong."""

    def work(settings: Config) -> int:
        from cli.doctor import doctor

        return doctor(settings, as_json)

    do(config, work)


@app.command()
def claim(shop: ShopId = "", config: ConfigFile = None) -> None:
    """A fresh one-time code that makes its first user the owner; only while the shop has none."""

    def work(settings: Config) -> int:
        from cli.orders import claim

        return claim(settings, one_shop(settings, shop))

    do(config, work)


@app.command()
def connect(
    shop: ShopId = "",
    token: Annotated[str, typer.Option(help="BotFather's token; asked for when left out.", show_default=False)] = "",
    config: ConfigFile = None,
) -> None:
    """Connect a Telegram bot; a running server starts it at once."""

    def work(settings: Config) -> int:
        from cli import connect

        return connect.run(settings, one_shop(settings, shop), token)

    do(config, work)


@app.command(name="install-service")
def install_service(
    show: Annotated[bool, typer.Option("--print", help="Print the unit, change nothing.")] = False,
    config: ConfigFile = None,
) -> None:
    """Keep it running after a reboot (systemd)."""

    def work(settings: Config) -> int:
        from cli.service import install

        return install(settings, show=show)

    do(config, work)


if __name__ == "__main__":
    app(prog_name=os.environ.get("CALLED_AS"))  # ./sotuv says how it was called; None: this file's name

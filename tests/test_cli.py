"""The command line's edge: one clear line and the right status; results on stdout, nothing else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cli import service, table
from cli.edge import guarded, pick_shop
from kit.config import Config, ShopConfig
from kit.errors import Misconfigured, Refused, Unavailable

ROOT = Path(__file__).parents[1]


def sotuv(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Settings of a shop without products, on engines of its own."""
    (tmp_path / "shop").mkdir()
    path = tmp_path / "config.yaml"
    path.write_text("http: {port: 0}\nshops:\n  lola:\n    folder: shop\n")
    return path


@pytest.mark.parametrize("command", ["run", "web", "worker", "orders", "chats", "doctor", "claim"])
def test_bad_settings_are_one_line_and_status_2(command: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("http: {prt: 1}\nshops: {lola: {folder: .}}\n")
    done = sotuv(command, "--config", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "sotuv: config.yaml: http.prt: there is no such setting; remove it or mend its name\n"


def test_an_unknown_environment_name_is_status_2(file: Path) -> None:
    done = sotuv("orders", "--config", str(file), SOTUV_HTPP__PORT="1")
    assert done.returncode == 2 and "SOTUV_HTPP__PORT: there is no setting" in done.stderr


def test_an_unknown_shop_is_status_2(file: Path) -> None:
    done = sotuv("orders", "--config", str(file), "--shop", "zara")
    assert done.returncode == 2 and "there is no shop zara; known are lola" in done.stderr


def test_a_taken_port_is_one_line_and_status_2(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = sotuv("run", "--config", str(file), SOTUV_HTTP__PORT=port)
    assert done.returncode == 2 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert port in line and "set another http.port" in line


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("postgresql://nobody:hunter2@127.0.0.1:1/x", 1, "database_url: the server does not answer"),
        ("mysql://x", 2, "database_url: "),
    ],
)
def test_a_database_that_is_not_there(file: Path, url: str, status: int, says: str) -> None:
    done = sotuv("orders", "--config", str(file), SOTUV_DATABASE_URL=url)
    assert done.returncode == status and says in done.stderr and "hunter2" not in done.stderr


def test_an_empty_shop_has_no_orders_and_can_be_claimed(file: Path) -> None:
    done = sotuv("orders", "--config", str(file), "--json")
    assert (done.returncode, done.stdout) == (0, "")
    done = sotuv("chats", "--config", str(file), "--shop", "lola", "--json")
    assert (done.returncode, done.stdout) == (0, "")
    done = sotuv("claim", "--config", str(file))
    assert done.returncode == 0
    word, shop, code = done.stdout.split()
    assert (word, shop) == ("claim", "lola") and len(code) >= 8


def test_doctor_names_what_is_wrong_and_the_mend(file: Path) -> None:
    done = sotuv("doctor", "--config", str(file), "--json")
    checks = {check["check"]: check for check in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert checks["database"]["ok"] and "pgvector" in checks["database"]["says"]
    assert checks["redis"]["ok"] and checks["data_dir"]["ok"]
    assert checks["shop lola"]["ok"] is False and "shop.yaml" in checks["shop lola"]["mend"]
    assert checks["telegram lola"]["ok"] is None and "connect" in checks["telegram lola"]["mend"]


def test_doctor_says_when_messengers_cannot_open_the_privacy_page(file: Path) -> None:
    token = {
        "SOTUV_SHOPS__LOLA__TELEGRAM__TOKEN": "123456:" + "a" * 30,
        "SOTUV_SHOPS__LOLA__TELEGRAM__API_URL": "http://127.0.0.1:9",
    }
    done = sotuv("doctor", "--config", str(file), "--json", **token)
    checks = {check["check"]: check for check in map(json.loads, done.stdout.splitlines())}
    assert checks["privacy"]["ok"] is None and "http.public_url" in checks["privacy"]["mend"]


def test_help_shows_the_name_it_was_called_by() -> None:
    assert "main.py" in sotuv("--help").stdout
    assert "Usage: ./sotuv" in sotuv("--help", CALLED_AS="./sotuv").stdout


# ---- tables ----------------------------------------------------------------------------------------------------------


ORDER = {
    "no": "1204",
    "placed": "2026-11-21 11:05",
    "status": "awaiting payment",
    "total": "1249000",
    "paid": "1249000",
    "name": "Gulnora Abdurahmonova",
    "phone": "+998901234567",
    "channel": "instagram",
}


@pytest.mark.parametrize("terminal", [True, False])
def test_a_table_loses_nothing(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    table.show(list(ORDER), [list(ORDER.values())])
    head, _, *body = capsys.readouterr().out.splitlines()
    assert all(name in head for name in ORDER)
    assert len(body) == 1 or terminal
    assert max(len(line.rstrip()) for line in body) <= (80 if terminal else 200)
    letters = Counter("".join(body).replace(" ", ""))
    assert letters == Counter("".join(ORDER.values()).replace(" ", ""))  # folded it may be, cut it is not


# ---- the edge itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (Misconfigured("http.port: mend it"), 2, "sotuv: http.port: mend it\n"),
        (Unavailable("the database does not answer"), 1, "sotuv: the database does not answer\n"),
        (Refused("order.not_now"), 1, "sotuv: refused: order.not_now\n"),
        (Unavailable("bot123456789:" + "A" * 35), 1, "sotuv: bot<token>\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_errors_become_lines(
    file: Path, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, line: str
) -> None:
    def work(_: Config) -> int:
        raise error

    assert guarded(file, work) == status
    assert capsys.readouterr().err == line


def test_a_bug_is_a_cleaned_traceback(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def work(_: Config) -> int:
        raise ZeroDivisionError("8600123456789012")

    assert guarded(file, work) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said and "123456789012" not in said


def test_the_only_shop_need_not_be_named(tmp_path: Path) -> None:
    one = Config(shops={"lola": ShopConfig(folder=tmp_path)})
    two = Config(shops={"lola": ShopConfig(folder=tmp_path), "zara": ShopConfig(folder=tmp_path)})
    assert pick_shop(one, "") == "lola" and pick_shop(two, "zara") == "zara"
    with pytest.raises(Misconfigured, match="several shops"):
        pick_shop(two, "")


# ---- the service -----------------------------------------------------------------------------------------------------


def test_the_unit_starts_this_installation(file: Path) -> None:
    done = sotuv("install-service", "--print", "--config", str(file))
    assert done.returncode == 0
    assert f"ExecStart={sys.executable} {ROOT / 'main.py'} run --config {file}" in done.stdout
    assert "Restart=always" in done.stdout and "KillMode=mixed" in done.stdout


def test_strange_paths_are_quoted_for_systemd() -> None:
    assert service._quoted(Path("/srv/my shop/50%")) == '"/srv/my shop/50%%"'


@pytest.mark.skipif(Path("/run/systemd/system").exists(), reason="systemd runs here: the test would install a service")
def test_without_systemd_it_says_so(file: Path) -> None:
    done = sotuv("install-service", "--config", str(file))
    assert done.returncode == 2 and "--print" in done.stderr

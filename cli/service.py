"""`install-service`: a systemd unit, so that a reboot brings the shop back."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from kit.config import Config
from kit.errors import Misconfigured, Unavailable

_NAME = "sotuv.service"
_MAIN = Path(__file__).parent.parent / "main.py"
# KillMode=mixed: only we get SIGTERM; the engines, our children, are stopped by us in order. 30 s: we need at most 15
_UNIT = """\
[Unit]
Description=Sotuv, a sales agent for small shops
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
{user}WorkingDirectory={folder}
ExecStart={python} {main} run --config {config}
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec=30
UMask=0077

[Install]
WantedBy={target}
"""


def unit(config: Config, *, system: bool) -> str:
    """The unit's text: for the whole machine, or for the user who calls."""
    user = f"User={pwd.getpwuid(os.geteuid()).pw_name}\n" if system else ""
    return _UNIT.format(
        user=user,
        folder=_quoted(_MAIN.parent),
        python=_quoted(Path(sys.executable)),
        main=_quoted(_MAIN),
        config=_quoted(config.path),
        target="multi-user.target" if system else "default.target",
    )


def _quoted(path: Path) -> str:
    """`path` for a unit file: % and \\ mean something there, spaces end a word."""
    text = str(path).replace("\\", "\\\\").replace("%", "%%").replace('"', '\\"')
    return f'"{text}"' if " " in text else text


def install(config: Config, *, show: bool) -> int:
    """Write the unit and start it; with `show` only print it. As root for the machine, else for this user."""
    system = os.geteuid() == 0
    text = unit(config, system=system)
    if show:
        print(text, end="")
        return 0
    systemctl = shutil.which("systemctl")
    if systemctl is None or not Path("/run/systemd/system").exists():
        raise Misconfigured("install-service: systemd does not run here; see the unit with --print")
    folder = Path("/etc/systemd/system") if system else Path.home() / ".config" / "systemd" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _NAME).write_text(text)
    scope = [] if system else ["--user"]
    _run([systemctl, *scope, "daemon-reload"])
    _run([systemctl, *scope, "enable", "--now", _NAME])
    if not system and (loginctl := shutil.which("loginctl")):
        _run([loginctl, "enable-linger"])  # without it the user's services end with the last session
    print(f"installed {folder / _NAME}; see: systemctl {' '.join([*scope, 'status', _NAME])}")
    return 0


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  systemd's own programs
    if done.returncode != 0:
        raise Unavailable(f"install-service: {' '.join(command)}: {done.stderr.strip() or done.returncode}")

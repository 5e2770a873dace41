"""Becomes an engine: the last step before `postgres` or `valkey-server`, run by `python -I -S launch.py PLAN`.

PLAN is JSON: {argv, cwd, parent, signal, userns: uid | null, uid: int | null}. Between fork and exec only this small
process runs, so that nothing of the big one (threads, locks) can hang it. It imports nothing but the standard library.
Exit 90: the parent was gone before us. 91: the kernel or a folder refused. Otherwise it does not return.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any

PARENT_GONE, REFUSED = 90, 91
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def enter_user_namespace(inside: int) -> None:
    """Be `inside` (a uid that is not 0) in a namespace of our own, and still who we are on the disk."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are refused here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inside} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inside} {gid} 1")


def become(uid: int) -> None:
    """Give up every right but those of `uid`."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def follow(parent: int, signal: int) -> None:
    """Ask Linux to send us `signal` when the parent dies, even by kill -9: no engine outlives its supervisor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit(PARENT_GONE)


def main(plan: dict[str, Any]) -> None:
    """Run the plan. A probe (`argv` empty) only tries whether the way is open."""
    os.umask(0o077)
    try:
        os.chdir(plan["cwd"])  # as whoever we are: below it may lie a folder that `uid` could not walk to
        if plan["userns"] is not None:
            enter_user_namespace(plan["userns"])
        if plan["uid"] is not None:
            become(plan["uid"])  # this clears the death signal, so `follow` comes after
        for path in plan["needs"]:
            if not os.access(path, os.R_OK | os.X_OK):
                raise PermissionError(13, "not reachable", path)
        if not os.access(".", os.W_OK | os.X_OK):
            raise PermissionError(13, "not writable", plan["cwd"])
    except OSError as error:
        sys.stderr.write(f"launch: {error}\n")
        sys.exit(REFUSED)
    if plan["argv"]:
        follow(plan["parent"], plan["signal"])
        os.execv(plan["argv"][0], plan["argv"])  # noqa: S606  our own binary, no shell


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

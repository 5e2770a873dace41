"""The outermost edge of every command: settings in, exit status out, and one clear line for what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from kit import log
from kit.config import Config, secrets_of
from kit.errors import Misconfigured, Refused, Unavailable

FAILED, WRONG, INTERRUPTED = 1, 2, 130


def guarded(path: Path | None, work: Callable[[Config], int], *, level: str = "warning") -> int:
    """The exit status of `work` with the settings in `path`.

    A command that answers and ends says only what is wrong; one that serves logs from level info on.
    """
    log.set_up(level)
    try:
        config = Config.load(path)
        log.hide(*secrets_of(config))
        return work(config)
    except Misconfigured as error:
        return _say(str(error), WRONG)
    except Unavailable as error:
        return _say(error.what, FAILED)
    except Refused as error:
        return _say(f"refused: {error.key} {error.facts or ''}".rstrip(), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `main.py orders | head`
        sys.stderr.close()
        return FAILED
    except Exception:  # the CLI's top: a bug must leave a cleaned traceback in the log and a status
        structlog.get_logger(__name__).exception("command_failed")
        return FAILED


def _say(line: str, status: int) -> int:
    sys.stderr.write(f"sotuv: {log.clean(line)}\n")
    return status


def pick_shop(config: Config, shop_id: str) -> str:
    """The shop that --shop names, or the only one. Raises Misconfigured."""
    known = ", ".join(config.shops)
    if not shop_id and len(config.shops) > 1:
        raise Misconfigured(f"--shop: there are several shops ({known}); name one")
    if shop_id and shop_id not in config.shops:
        raise Misconfigured(f"--shop: there is no shop {shop_id}; known are {known}")
    return shop_id or next(iter(config.shops))

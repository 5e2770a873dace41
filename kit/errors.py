"""The error tree, sorted by consequence, not by library.

    Error
     ├── Refused       a person may not do this now; `key` is a sentence in the catalogues, `facts` fill it
     ├── Unavailable   something outside does not answer; try again later, or never if `permanent`
     ├── Fenced        this worker lost the conversation to another one; drop everything it was about to write
     └── Misconfigured the host must mend a setting; one line, exit status 2

Anything else is a bug: it ends the turn, goes to the log without its payload, and staff get a message.
"""

from __future__ import annotations


class Error(Exception):
    """Root of what this project raises on purpose."""


class Refused(Error):
    """A rule says no. `key` names the sentence for the person, `facts` are its placeholders."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Unavailable(Error):
    """An outside party (platform, store, provider) failed.

    `permanent`: repeating cannot help (blocked, window closed). `retry_after`: seconds the party asked us to wait.
    `code`: the party's own code, for staff and metrics.
    """

    def __init__(self, what: str, *, permanent: bool = False, retry_after: float | None = None, code: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.permanent = permanent
        self.retry_after = retry_after
        self.code = code


class Fenced(Error):
    """Another worker holds the conversation now; nothing of this turn may be written."""


class Misconfigured(Error):
    """A setting is wrong. The message names the key and the mend, in one line."""

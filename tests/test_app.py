"""Channels of a process: one that is only not built yet is waited for, one that nobody configured is not."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kit.config import Config
from kit.errors import Unavailable
from tests.queueing import Ledger, app_of


def test_a_configured_channel_is_worth_coming_back_for(config: Config) -> None:
    app = app_of(cast(Any, None), config)
    with pytest.raises(Unavailable) as unknown:
        app.channel("lola", "telegram")
    assert unknown.value.permanent
    app.states["lola", "telegram"] = ""
    with pytest.raises(Unavailable) as coming:
        app.channel("lola", "telegram")
    assert not coming.value.permanent and coming.value.retry_after
    app.channels["lola", "telegram"] = cast(Any, Ledger())
    assert app.channel("lola", "telegram")

"""Patterns over text that run in linear time (google-re2)."""

from __future__ import annotations

from typing import Any

import re2

from pipelines.errors import ConfigError


def text_pattern(pattern: str) -> Any:
    """Return the pattern, over text.

    Raises:
        ConfigError: It is not one that runs in linear time.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        why = b": ".join(one for one in error.args if isinstance(one, bytes)).decode() or error
        raise ConfigError(f"not a pattern of google-re2: {why}") from None

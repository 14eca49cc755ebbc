"""Finds: what a loaded model does with texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Span = tuple[int, int, str]
"""Start and end in characters of the text, and the model's label."""

Finds = Callable[[Sequence[str]], list[list[Span]]]
"""Gives what stands in each text."""

Loaded = tuple[list[str], Finds]
"""A model's labels, and what finds them."""

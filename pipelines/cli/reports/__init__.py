"""Reports of problems: for people, for programs, for code hosts."""

from __future__ import annotations

from typing import Literal

Format = Literal["text", "json", "sarif", "github"]
"""The forms in which problems can be told."""

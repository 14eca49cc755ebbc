"""Fate: what became of one offset. Every offset has exactly one."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """What became of one offset of a source topic."""

    PUBLISHED = "published"
    DROPPED = "dropped"
    SAMPLED_OUT = "sampled_out"
    DELAYED = "delayed"
    DEAD_LETTERED = "dead_lettered"

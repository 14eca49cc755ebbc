"""Overlap: whether what two paths mean is the same, in part or as a whole."""

from __future__ import annotations

from pipelines.field_path import EACH, FieldPath


def covers(outer: FieldPath, path: FieldPath) -> bool:
    """Return True if everything that `path` means is or lies in what `outer` means."""
    length = len(outer.segments)
    return len(path.segments) >= length and all(
        mine in (EACH, theirs)
        for mine, theirs in zip(outer.segments, path.segments[:length], strict=True)
    )


def meet(one: FieldPath, other: FieldPath) -> bool:
    """Return True if some field may be or lie in what both mean."""
    return all(
        mine == theirs or EACH in (mine, theirs)
        for mine, theirs in zip(one.segments, other.segments, strict=False)
    )

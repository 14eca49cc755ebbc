"""Tags: which of a policy's treatments a field gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.treatments import AnyTreatment


def treatment_of(
    tags: Iterable[str], treat: Mapping[str, AnyTreatment]
) -> tuple[str, AnyTreatment] | None:
    """Return the tag that decides and its treatment, or None if the policy names none of them.

    The most specific entry wins (`PII.EMAIL` over `PII`). Between tags of different families
    `keep` gives way: a field that is both public and personal is personal.
    """
    entries = {
        tag: entry for tag in sorted(tags) if (entry := most_specific(tag, treat)) is not None
    }
    named = set(entries.values())
    deciding = {
        tag: entry
        for tag, entry in entries.items()
        if not any(other.startswith(f"{entry}.") for other in named)
    }
    if not deciding:
        return None
    tag = max(
        deciding, key=lambda one: (treat[entries[one]].verb != "keep", entries[one].count("."))
    )
    return tag, treat[entries[tag]]


def most_specific(tag: str, treat: Mapping[str, AnyTreatment]) -> str | None:
    """Return the entry for a tag: itself, or the longest above it (`PII` for `PII.EMAIL`)."""
    parts = tag.split(".")
    for length in range(len(parts), 0, -1):
        above = ".".join(parts[:length])
        if above in treat:
            return above
    return None

"""Pages of what the text scan finds, one per entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pipelines.detector import Detector
from pipelines.detectors import DETECTORS, FIELDS
from pipelines.reference.page import Page

_MOST_NAMES = 12


def pages() -> Iterator[Page]:
    """Yield a page for each entity."""
    detectors: dict[str, list[Detector]] = defaultdict(list)
    for detector in DETECTORS:
        detectors[detector.entity].append(detector)
    names: dict[str, list[str]] = defaultdict(list)
    for field in FIELDS:
        names[field.entity] += field.names
    for entity in sorted({*detectors, *names}):
        several = detectors[entity]
        parts = [_told(one, is_alone=len(several) == 1) for one in several]
        if names[entity]:
            some = ", ".join(f"`{name}`" for name in names[entity][:_MOST_NAMES])
            more = len(names[entity]) - _MOST_NAMES
            rest = f" and {more} more, in several languages" if more > 0 else ""
            parts.append(f"Also by the name of the field: {some}{rest}.\n")
        kinds = [one.name.replace("_", " ") for one in detectors[entity]]
        summary = f"found by {', '.join(kinds)}" if kinds else "found by the name of the field"
        yield Page("entity", entity, f"{summary}.", "\n".join(parts))


def _told(detector: Detector, *, is_alone: bool) -> str:
    """Return what there is to say of one detector; its examples are published test numbers."""
    lines = [f"## {detector.name}", "", f"Source: {detector.source}."]
    if detector.context:
        words = ", ".join(detector.context[:_MOST_NAMES])
        lines.append(f"Only near a word such as: {words}; or in a field named so.")
    lines += ["", f"Found: {_quoted(detector.examples)}"]
    if detector.counterexamples:
        by_it = "" if is_alone else " by it"  # another may find them
        lines += ["", f"Not found{by_it}: {_quoted(detector.counterexamples)}"]
    return "\n".join(lines) + "\n"


def _quoted(texts: tuple[str, ...]) -> str:
    shown = [text for text in texts[:4] if "\n" not in text and "`" not in text]
    return ", ".join(f"`{text}`" for text in shown) or "(texts of several lines)"

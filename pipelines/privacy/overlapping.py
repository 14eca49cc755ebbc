"""Overlapping: findings of one text made into ones that do not overlap, and leave nothing out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipelines.detector import Finding

_MAX_FINDINGS = 2_000  # of one text: one of nothing but findings counts as a single one


def merged(found: list[Finding], text: str) -> list[Finding]:
    """Return findings that do not overlap, in order; what any of them covers stays covered.

    One inside of another is part of it. Where two overlap in part, the surer keeps all of it and
    the other the rest, of two equally sure ones the longer: else half of a number would stay.

    Args:
        found: Findings in a text, offsets in characters.
        text: The text.
    """
    if len(found) < 2:  # noqa: PLR2004 - nothing can overlap
        return found
    if len(found) > _MAX_FINDINGS:
        best = max(found, key=lambda one: one.score)
        end = max(one.end for one in found)
        return [Finding(0, end, best.entity, best.score)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.start - one.end, -one.score)):
        beside = [one for one in kept if one.start < finding.end and finding.start < one.end]
        if not beside:
            kept.append(finding)
        elif not any(one.start <= finding.start and finding.end <= one.end for one in beside):
            weaker = [one for one in beside if one.score < finding.score]
            rest = _outside(finding, (one for one in beside if one not in weaker), text)
            kept = [one for one in kept if one not in weaker]
            for one in weaker:
                kept += _outside(one, rest, text)
            kept += rest
    return sorted(kept, key=lambda one: one.start)


def _outside(finding: Finding, others: Iterable[Finding], text: str) -> list[Finding]:
    """Return what of a finding lies outside of others, if there is a letter or digit in it."""
    rest = [finding]
    for other in others:
        rest = [
            replace(one, start=start, end=end)
            for one in rest
            for start, end in (
                (one.start, min(one.end, other.start)),
                (max(one.start, other.end), one.end),
            )
            if start < end
        ]
    return [part for one in rest if (part := _stripped(one, text)).start < part.end]


def _stripped(finding: Finding, text: str) -> Finding:
    """Return a finding from its first letter or digit to its last."""
    readable = [at for at in range(finding.start, finding.end) if text[at].isalnum()]
    if not readable:
        return replace(finding, end=finding.start)
    return replace(finding, start=readable[0], end=readable[-1] + 1)

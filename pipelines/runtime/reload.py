"""Reload: what of a changed project a running worker can take up, and what needs a restart."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.declaration.pipeline import Pipeline


def needing_restart(
    running: Mapping[str, Pipeline], changed: Mapping[str, Pipeline]
) -> dict[str, str]:
    """Return why pipelines cannot change while the worker stays in its group, by name.

    What the group subscribes to is settled when the worker joins. A pipeline that is not named in
    the answer can be taken up, or has not changed.

    Args:
        running: What runs, by name.
        changed: What is declared now, by name. A pipeline whose file holds an error is not
            removed: leave it out of `running` as well.
    """
    reasons: dict[str, str] = {}
    for name in sorted({*running, *changed}):
        old, new = running.get(name), changed.get(name)
        if old is None:
            reasons[name] = "a new pipeline is taken up by a restart"
        elif new is None:
            reasons[name] = "a removed pipeline runs until a restart"
        elif old.source.topic != new.source.topic:
            reasons[name] = "a new source topic is taken up by a restart"
    return reasons

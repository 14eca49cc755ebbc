"""Tags that a policy treats and no field of any schema has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.declaration.project import Project
from pipelines.engine.variant import Variant
from pipelines.errors import Problem, unknown


def unused_tags(project: Project, variants: Mapping[str, Variant]) -> Iterator[Problem]:
    """Yield the policies' entries for tags that could never apply, as warnings.

    A policy is told of only where all pipelines that use it compiled and one has a schema: a
    policy for topics without schemas may be written for others.

    Args:
        project: The declarations.
        variants: The pipelines that compiled, by name, each for its newest schema.
    """
    for name, policy in project.policies.items():
        users = [
            one.model.pipeline
            for one in project.pipelines.values()
            if name in (one.model.privacy.policy, *one.model.privacy.destinations.values())
        ]
        if not users or not all(user in variants for user in users):
            continue
        with_schema = [variants[user] for user in users if variants[user].reading.schema]
        if not with_schema:
            continue
        tags: set[str] = set()
        for variant in with_schema:
            for shape in (variant.reading.shape, variant.shape):
                tags |= {tag for _, field in shape.leaves() for tag in field.tags}
        for entry in policy.model.treat:
            if not any(tag == entry or tag.startswith(f"{entry}.") for tag in tags):
                problem = _never(entry, tags)
                yield policy.document.problem(("treat", entry), problem, at_key=True)


def _never(entry: str, tags: set[str]) -> Problem:
    known = unknown("", entry, tags, "")
    return Problem(
        f"no field of any schema has the tag `{entry}`: its treatment never applies",
        severity="warning",
        code="CW0510",
        known=known.known,
        near=known.near,
        fix="take the entry out",
    )

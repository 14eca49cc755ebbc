"""The revision: a short name of exactly this version of a pipeline and all it refers to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pipelines.declaration.pipeline import Pipeline
from pipelines.privacy.policy import Policy

_LENGTH = 12


def revision(pipeline: Pipeline, policies: Mapping[str, Policy], package: str) -> str:
    """Return 12 hexadecimal digits of SHA-256 over pipeline, policies and package version.

    The same declarations under the same package version have the same revision everywhere.
    """
    digest = hashlib.sha256(package.encode())
    digest.update(pipeline.model_dump_json(by_alias=True).encode())
    named = {pipeline.privacy.policy, *pipeline.privacy.destinations.values()}
    for name in sorted(one for one in named if one is not None):
        digest.update(policies[name].model_dump_json(by_alias=True).encode())
    return digest.hexdigest()[:_LENGTH]

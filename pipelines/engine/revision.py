"""The revision: a short name of exactly this version of a pipeline and all it refers to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pydantic import BaseModel

from pipelines.declaration.pipeline import Pipeline
from pipelines.privacy.policy import Policy

_LENGTH = 12


def revision(
    pipeline: Pipeline,
    policies: Mapping[str, Policy],
    package: str,
    tables: Mapping[str, BaseModel] | None = None,
) -> str:
    """Return 12 hexadecimal digits of SHA-256 over pipeline, policies, tables and package version.

    Of a table it is the declaration that counts, not what stands in its file.

    The same declarations under the same package version have the same revision everywhere.
    """
    digest = hashlib.sha256(package.encode())
    digest.update(pipeline.model_dump_json(by_alias=True).encode())
    named = {pipeline.privacy.policy, *pipeline.privacy.destinations.values()}
    for name in sorted(one for one in named if one is not None):
        digest.update(policies[name].model_dump_json(by_alias=True).encode())
    for name, table in sorted((tables or {}).items()):
        digest.update(f"{name}\0{table.model_dump_json(by_alias=True)}".encode())
    return digest.hexdigest()[:_LENGTH]

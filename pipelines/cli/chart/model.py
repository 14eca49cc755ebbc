"""ChartModel: the base of the Helm chart's values, and the types they share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from pipelines.strict_model import StrictModel

Map = dict[str, Any]
"""An object of Kubernetes, as its own API has it."""

Objects = list[Map]
"""A list of such objects."""

Texts = dict[str, str]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[int, Field(ge=0)]
ObjectName = Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$")]
"""Name of an object in the same namespace; empty: none."""

DataKey = Annotated[str, Field(pattern=r"^[-._a-zA-Z0-9]{0,253}$")]
"""Key in a Secret or ConfigMap, which becomes a file name; empty: none."""

Amount = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(m|[kKMGT]i?)?$")]
"""A quantity of Kubernetes: `64Mi`, `500m`."""

CountOrPercent = Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern=r"^[0-9]{1,3}%$")]


class ChartModel(StrictModel):
    """Values, spelled in camel case as charts do."""

    model_config = ConfigDict(alias_generator=to_camel)

"""merge: the metrics of several processes as one exposition, told apart by a label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector


class _Merged(Collector):
    def __init__(self, families: Mapping[str, Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families.values()


def merge(expositions: Mapping[str, str], accept: str = "") -> tuple[bytes, str]:
    """Return one exposition with the label `worker` on every series that has none.

    Args:
        expositions: Text in Prometheus' format, by the name of the worker it is from.
        accept: The `Accept` header of who asked.

    Returns:
        The text and its content type.
    """
    families: dict[str, Metric] = {}
    for worker, text in expositions.items():
        for family in text_string_to_metric_families(text):
            merged = families.setdefault(
                family.name, Metric(family.name, family.documentation, family.type)
            )
            merged.samples.extend(
                sample._replace(labels={"worker": worker, **sample.labels})
                for sample in family.samples
            )
    encode, content_type = choose_encoder(accept)
    return encode(_Merged(families)), content_type

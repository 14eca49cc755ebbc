from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from pipelines.telemetry.merge import merge
from pipelines.telemetry.metrics import Metrics


def test_every_series_of_every_worker_is_there_once_under_its_label() -> None:
    expositions = {}
    for index in ("0", "1"):
        metrics = Metrics()
        metrics.started("orders", "r1")
        metrics.rebalances.inc(int(index) + 1)
        metrics.loop_lag.observe(0.01)
        expositions[index] = metrics.exposition()[0].decode()
    body, content_type = merge(expositions)

    families = list(text_string_to_metric_families(body.decode()))
    names = [family.name for family in families]
    series = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }
    assert content_type.startswith("text/plain")
    assert len(names) == len(set(names))
    assert series["clearwater_rebalances_total", ("worker", "0")] == 1
    assert series["clearwater_rebalances_total", ("worker", "1")] == 2
    assert series["clearwater_loop_lag_seconds_count", ("worker", "1")] == 1
    assert series["clearwater_loop_lag_seconds_bucket", ("le", "0.01"), ("worker", "1")] == 1
    assert series["clearwater_stopped", ("pipeline", "orders"), ("worker", "0")] == 0


def test_a_series_that_names_its_worker_keeps_it() -> None:
    metrics = Metrics()
    metrics.worker_up[("1",)].set(1)
    body, _ = merge({"supervisor": metrics.exposition()[0].decode()})
    assert b'clearwater_worker_up{worker="1"} 1.0' in body

"""Grafana dashboards, made by `python -m pipelines.telemetry.dashboards FOLDER`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = 39  # of Grafana's dashboard JSON
_WIDTH, _HEIGHT = 12, 8
_ONE = '{pipeline=~"$pipeline"}'


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Attributes:
        title: What it shows.
        unit: Grafana's name of the unit.
        queries: PromQL by legend.
        about: One sentence for whoever does not know the metric.
    """

    title: str
    unit: str
    queries: Mapping[str, str]
    about: str = ""


OVERVIEW = (
    Panel("Records in", "ops", {"{{pipeline}}": f"sum by (pipeline) (rate(clearwater_records_in_total{_ONE}[$__rate_interval]))"}),
    Panel("Fates", "ops", {"{{fate}}": f"sum by (fate) (rate(clearwater_fates_total{_ONE}[$__rate_interval]))"}, "What became of every record; they add up to records in."),
    Panel("Lag", "short", {"{{pipeline}}": f"sum by (pipeline) (clearwater_lag_records{_ONE})"}, "Records between the last commit and the end of the source."),
    Panel("Latency, 99th percentile", "s", {"{{pipeline}} {{record}}": f"histogram_quantile(0.99, sum by (le, pipeline, record) (rate(clearwater_latency_seconds_bucket{_ONE}[$__rate_interval])))"}, "From the source's timestamp to delivery, for the newest and the oldest record of a chunk."),
    Panel("Bytes out", "Bps", {"{{topic}}": f"sum by (topic) (rate(clearwater_output_bytes_total{_ONE}[$__rate_interval]))"}),
    Panel("Bytes saved", "percentunit", {"{{pipeline}}": f"1 - sum by (pipeline) (rate(clearwater_output_bytes_total{_ONE}[$__rate_interval])) / sum by (pipeline) (rate(clearwater_input_bytes_total{_ONE}[$__rate_interval]))"}, "Part of what came in that does not leave."),
    Panel("Stopped", "bool_yes_no", {"{{pipeline}}": f"max by (pipeline) (clearwater_stopped{_ONE})"}),
    Panel("Revisions", "short", {"{{pipeline}} {{revision}}": f"count by (pipeline, revision) (clearwater_pipeline_info{_ONE})"}, "Workers that run each revision; two for long are drift."),
)  # fmt: skip
PIPELINE = (
    Panel("Records each step applied to", "ops", {"{{step}}": f"sum by (step) (rate(clearwater_step_records_total{_ONE}[$__rate_interval]))"}),
    Panel("Records each step ended", "ops", {"{{step}} {{fate}} {{reason}}": f"sum by (step, fate, reason) (rate(clearwater_fates_total{_ONE}[$__rate_interval]))"}),
    Panel("Dead letters by code", "ops", {"{{code}}": f"sum by (code) (rate(clearwater_dead_letters_total{_ONE}[$__rate_interval]))"}),
    Panel("Time per record", "s", {"{{pipeline}}": f"sum by (pipeline) (rate(clearwater_chunk_seconds_sum{_ONE}[$__rate_interval])) / sum by (pipeline) (rate(clearwater_chunk_records_sum{_ONE}[$__rate_interval]))"}),
    Panel("Records a chunk, median", "short", {"{{pipeline}}": f"histogram_quantile(0.5, sum by (le, pipeline) (rate(clearwater_chunk_records_bucket{_ONE}[$__rate_interval])))"}),
    Panel("Waiting", "short", {"{{pipeline}} {{step}}": f"sum by (pipeline, step) (clearwater_waiting_records{_ONE})"}, "Records that a delay or throttle holds back."),
    Panel("Come back", "ops", {"{{pipeline}} {{step}}": f"sum by (pipeline, step) (rate(clearwater_resumed_records_total{_ONE}[$__rate_interval]))"}, "Records that have waited and gone on."),
    Panel("Records out by topic", "ops", {"{{topic}}": f"sum by (topic) (rate(clearwater_output_records_total{_ONE}[$__rate_interval]))"}),
)  # fmt: skip
PRIVACY = (
    Panel("Findings by entity", "ops", {"{{entity}}": f"sum by (entity) (rate(clearwater_findings_total{_ONE}[$__rate_interval]))"}, "What detectors found in text; fields that rules treat are not counted."),
    Panel("Findings by treatment", "ops", {"{{treatment}}": f"sum by (treatment) (rate(clearwater_findings_total{_ONE}[$__rate_interval]))"}),
    Panel("Findings per thousand records", "short", {"{{pipeline}} {{entity}}": f"1000 * sum by (pipeline, entity) (rate(clearwater_findings_total{_ONE}[$__rate_interval])) / on (pipeline) group_left sum by (pipeline) (rate(clearwater_records_in_total{_ONE}[$__rate_interval]))"}, "A step up means that a producer began to send something new."),
    Panel("Fields without a rule", "short", {"{{pipeline}}": f"max by (pipeline) (clearwater_unclassified_fields{_ONE})"}, "Of the schema learned last; their text is scanned, or leaves as it is. A step up means that a schema grew."),
    Panel("Findings in all", "short", {"{{pipeline}} {{entity}}": f"sum by (pipeline, entity) (increase(clearwater_findings_total{_ONE}[$__range]))"}),
)  # fmt: skip
OPERATIONS = (
    Panel("Rebalances", "short", {"{{pod}}": "sum by (pod) (increase(clearwater_rebalances_total[$__rate_interval]))"}),
    Panel("Partitions assigned", "short", {"{{pod}} {{pipeline}}": f"sum by (pod, pipeline) (clearwater_assigned_partitions{_ONE})"}),
    Panel("Age of the last commit", "s", {"{{pipeline}} {{partition}}": f"max by (pipeline, partition) (clearwater_commit_age_seconds{_ONE})"}, "0 where nothing waits."),
    Panel("Event loop lag, 99th percentile", "s", {"{{pod}}": "histogram_quantile(0.99, sum by (le, pod) (rate(clearwater_loop_lag_seconds_bucket[$__rate_interval])))"}),
    Panel("Memory", "bytes", {"{{pod}}": "sum by (pod) (process_resident_memory_bytes)"}),
    Panel("CPU", "percentunit", {"{{pod}}": "sum by (pod) (rate(process_cpu_seconds_total[$__rate_interval]))"}),
    Panel("Errors outside single records", "ops", {"{{pipeline}} {{stage}} {{error}}": f"sum by (pipeline, stage, error) (rate(clearwater_errors_total{_ONE}[$__rate_interval]))"}),
    Panel("Refused declarations, restarts", "short", {"refused {{pipeline}}": f"sum by (pipeline) (increase(clearwater_reload_failures_total{_ONE}[$__rate_interval]))", "restarts {{worker}}": "sum by (worker) (increase(clearwater_worker_restarts_total[$__rate_interval]))", "processes up": "sum(clearwater_worker_up)"}),
    Panel("Closed offsets", "short", {"{{topic}} {{partition}}": f"max by (topic, partition) (clearwater_closed_offset{_ONE})"}, "Every record before it has met a fate, and all that came of it is durable."),
    Panel("Records without a fate", "short", {"{{topic}} {{partition}}": f"sum by (topic, partition) (clearwater_unaccounted_records_total{_ONE})"}, "Of closed ranges of offsets; anything but 0 is a defect."),
    Panel("Certificates and tokens end in", "s", {"{{credential}}": "min by (credential) (clearwater_credential_expiry_timestamp_seconds) - time()"}),
)  # fmt: skip
DASHBOARDS: dict[str, tuple[str, tuple[Panel, ...]]] = {
    "overview": ("Clearwater: overview", OVERVIEW),
    "pipeline": ("Clearwater: one pipeline, step by step", PIPELINE),
    "privacy": ("Clearwater: privacy", PRIVACY),
    "operations": ("Clearwater: operations", OPERATIONS),
}
"""Title and panels by file name."""


def dashboard(name: str) -> dict[str, Any]:
    """Return one dashboard as Grafana reads it."""
    title, panels = DASHBOARDS[name]
    return {
        "uid": f"clearwater-{name}",
        "title": title,
        "tags": ["clearwater"],
        "schemaVersion": _SCHEMA,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_source(), _pipeline(several=name != "pipeline")]},
        "panels": [_panel(one, place) for place, one in enumerate(panels)],
    }


def write(folder: Path) -> list[Path]:
    """Write every dashboard as JSON; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in DASHBOARDS:
        file = folder / f"{name}.json"
        file.write_text(json.dumps(dashboard(name), indent=2) + "\n", encoding="utf-8")
        files.append(file)
    return files


def _panel(panel: Panel, place: int) -> dict[str, Any]:
    row, column = divmod(place, 2)
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": _DATASOURCE,
        "gridPos": {"x": column * _WIDTH, "y": row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}},
        "targets": _targets(panel.queries),
    }


def _targets(queries: Mapping[str, str]) -> Sequence[dict[str, Any]]:
    return [
        {
            "refId": chr(ord("A") + number),
            "expr": query,
            "legendFormat": legend,
            "datasource": _DATASOURCE,
        }
        for number, (legend, query) in enumerate(queries.items())
    ]


_DATASOURCE = {"type": "prometheus", "uid": "${source}"}


def _source() -> dict[str, Any]:
    return {"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"}


def _pipeline(*, several: bool) -> dict[str, Any]:
    return {
        "name": "pipeline",
        "label": "Pipeline",
        "type": "query",
        "datasource": _DATASOURCE,
        "query": "label_values(clearwater_pipeline_info, pipeline)",
        "refresh": 2,
        "multi": several,
        "includeAll": several,
        "sort": 1,
    }


if __name__ == "__main__":
    for written in write(Path(sys.argv[1])):
        sys.stdout.write(f"{written}\n")

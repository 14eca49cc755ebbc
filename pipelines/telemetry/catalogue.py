"""Every metric, declared once: the only place that names one.

Add one: write it here; `metrics.py` makes it, the docs list it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_AGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)
_COUNTS = (1.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0)


@dataclass(frozen=True, slots=True)
class Declared:
    """One metric.

    Attributes:
        name: Full name as scraped, less a histogram's `_bucket`, `_sum` and `_count`.
        kind: What Prometheus makes of it.
        unit: What one of it is; flags are 0 or 1.
        labels: Names of its labels; every value is from a closed set that a declaration names.
        meaning: What it counts, one sentence.
        buckets: Upper bounds of a histogram, in its unit.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    unit: Literal[
        "records", "bytes", "seconds", "chunks", "events", "flag", "partitions", "fields", "offset"
    ]
    labels: tuple[str, ...]
    meaning: str
    buckets: tuple[float, ...] = ()


RECORDS_IN = Declared(
    "clearwater_records_in_total",
    "counter",
    "records",
    ("pipeline",),
    "Records read and processed, those that come back after a delay included; equals the sum of "
    "clearwater_fates_total.",
)
FATES = Declared(
    "clearwater_fates_total",
    "counter",
    "records",
    ("pipeline", "step", "fate", "reason"),
    "What became of every record, and the step or stage that decided.",
)
RESUMED = Declared(
    "clearwater_resumed_records_total",
    "counter",
    "records",
    ("pipeline", "step"),
    "Records that came back after they had waited at a step; clearwater_records_in_total and "
    "clearwater_fates_total count them a second time.",
)
WAITING = Declared(
    "clearwater_waiting_records",
    "gauge",
    "records",
    ("pipeline", "step", "partition"),
    "Records that wait at a step in one partition, about: transactions count as records.",
)
CLOSED_OFFSET = Declared(
    "clearwater_closed_offset",
    "gauge",
    "offset",
    ("pipeline", "topic", "partition"),
    "Offset before which every record that this process read of a partition has met a fate, and "
    "everything that came of it is durable.",
)
UNACCOUNTED = Declared(
    "clearwater_unaccounted_records_total",
    "counter",
    "records",
    ("pipeline", "topic", "partition"),
    "Records fetched in closed ranges of offsets that met no fate, or more than one; anything but "
    "0 is a defect.",
)
STEP_RECORDS = Declared(
    "clearwater_step_records_total",
    "counter",
    "records",
    ("pipeline", "step"),
    "Records a step applied to, because its `when` held.",
)
INPUT_BYTES = Declared(
    "clearwater_input_bytes_total",
    "counter",
    "bytes",
    ("pipeline",),
    "Bytes of keys and values read.",
)
OUTPUT_RECORDS = Declared(
    "clearwater_output_records_total",
    "counter",
    "records",
    ("pipeline", "topic"),
    "Records delivered to a destination, copies included.",
)
OUTPUT_BYTES = Declared(
    "clearwater_output_bytes_total",
    "counter",
    "bytes",
    ("pipeline", "topic"),
    "Bytes delivered to a destination.",
)
DEAD_LETTERS = Declared(
    "clearwater_dead_letters_total",
    "counter",
    "records",
    ("pipeline", "code"),
    "Records dead-lettered, by reason code.",
)
FINDINGS = Declared(
    "clearwater_findings_total",
    "counter",
    "events",
    ("pipeline", "entity", "treatment"),
    "Personal data found in text and treated.",
)
UNCLASSIFIED_FIELDS = Declared(
    "clearwater_unclassified_fields",
    "gauge",
    "fields",
    ("pipeline",),
    "Fields of the schema learned last that no rule names: scanned, or as they are.",
)
ERRORS = Declared(
    "clearwater_errors_total",
    "counter",
    "events",
    ("pipeline", "stage", "error"),
    "Failures outside single records, by stage and type of the error.",
)
RELOAD_FAILURES = Declared(
    "clearwater_reload_failures_total",
    "counter",
    "events",
    ("pipeline",),
    "Changed declarations that a running worker refused; the last good one runs on.",
)
CHUNK_SECONDS = Declared(
    "clearwater_chunk_seconds",
    "histogram",
    "seconds",
    ("pipeline",),
    "Time to process one chunk: decode, steps, gate, encode.",
    _SECONDS,
)
CHUNK_RECORDS = Declared(
    "clearwater_chunk_records",
    "histogram",
    "records",
    ("pipeline",),
    "Records in one chunk.",
    _COUNTS,
)
LATENCY_SECONDS = Declared(
    "clearwater_latency_seconds",
    "histogram",
    "seconds",
    ("pipeline", "record"),
    "Age of the newest and the oldest record of a chunk when its fate was durable.",
    _AGES,
)
LAG_RECORDS = Declared(
    "clearwater_lag_records",
    "gauge",
    "records",
    ("pipeline", "partition"),
    "Records of a source partition not yet processed.",
)
COMMIT_AGE_SECONDS = Declared(
    "clearwater_commit_age_seconds",
    "gauge",
    "seconds",
    ("pipeline", "partition"),
    "Age of the oldest chunk whose offsets are not committed; 0 when all are.",
)
ASSIGNED = Declared(
    "clearwater_assigned_partitions",
    "gauge",
    "partitions",
    ("pipeline",),
    "Source partitions assigned to this process.",
)
STOPPED = Declared(
    "clearwater_stopped",
    "gauge",
    "flag",
    ("pipeline",),
    "1 while the pipeline is stopped.",
)
PIPELINE_INFO = Declared(
    "clearwater_pipeline_info",
    "gauge",
    "flag",
    ("pipeline", "revision"),
    "1 for the revision of the declaration that runs.",
)
REBALANCES = Declared(
    "clearwater_rebalances_total",
    "counter",
    "events",
    (),
    "Rebalances of the consumer group that this process took part in.",
)
LOOP_LAG_SECONDS = Declared(
    "clearwater_loop_lag_seconds",
    "histogram",
    "seconds",
    (),
    "How late the worker's event loop woke up.",
    _SECONDS,
)
CREDENTIAL_EXPIRY = Declared(
    "clearwater_credential_expiry_timestamp_seconds",
    "gauge",
    "seconds",
    ("credential",),
    "When a certificate or token ends, since the epoch, by the setting that names its file.",
)
WORKER_UP = Declared(
    "clearwater_worker_up",
    "gauge",
    "flag",
    ("worker",),
    "1 if a supervised worker process answers.",
)
WORKER_RESTARTS = Declared(
    "clearwater_worker_restarts_total",
    "counter",
    "events",
    ("worker",),
    "Restarts of a supervised worker process.",
)

CATALOGUE: tuple[Declared, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Declared)
)
"""Every metric above, in that order."""

"""What the Helm chart's values say of one worker: a consumer group and the pods that are it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.cli.chart.model import (
    Amount,
    ChartModel,
    Count,
    CountOrPercent,
    Map,
    ObjectName,
    Objects,
    Seconds,
    Texts,
)


class Rollout(ChartModel):
    """How pods are replaced. Every join and leave stops the whole group for a moment."""

    profile: Literal["surge", "recreate", "gentle"] = "surge"
    """Of a Deployment. `surge`: all new pods first, then the old ones leave, about 3 rebalances;
    `recreate`: all at once, 2 rebalances and a pause; `gentle`: one after the other, up to two
    rebalances a pod. A StatefulSet keeps its members and needs none."""
    strategy: Map = Field(default_factory=dict)
    """Instead of the profile: `strategy` of a Deployment, `updateStrategy` of a StatefulSet."""
    min_ready_seconds: Seconds | None = None
    """Seconds a new pod must be ready; default: by the profile (10, `gentle` 30, StatefulSet 0)."""
    progress_deadline_seconds: Count = 600
    """Seconds without progress after which a Deployment's rollout counts as failed."""


class Keda(ChartModel):
    """Scaling by lag. One Kafka trigger for each source topic; the greatest answer holds."""

    lag_threshold: Count = 10000
    """Records of lag that one pod is for."""
    activation_lag_threshold: Seconds = 0
    """Lag from which on there are pods at all, where `minReplicas` is 0."""
    exclude_persistent_lag: bool = True
    """A partition that does not move asks for no more pods."""
    limit_to_partitions_with_lag: bool = False
    """No more pods than partitions that lag."""
    polling_interval: Count = 30
    """Seconds between two looks."""
    cooldown_period: Seconds = 300
    """Seconds without lag before scaling to 0."""
    authentication_ref: ObjectName = ""
    """A TriggerAuthentication that is there; default: made from `kafka`."""
    fallback: Map = Field(default_factory=dict)
    """Replicas where the brokers do not answer: `failureThreshold`, `replicas`."""
    triggers: Objects = Field(default_factory=list)
    """Further triggers, such as `cron` windows or `prometheus`."""


class Autoscaling(ChartModel):
    """Who says how many pods. Never more than partitions: the rest would idle."""

    mode: Literal["none", "hpa", "keda", "external"] = "none"
    """`none`: `replicas`; `hpa`: by CPU; `keda`: by lag; `external`: another controller."""
    min_replicas: Seconds = 2
    """Least pods; 0 only with `keda`."""
    max_replicas: Count = 6
    """Most pods; never more than `partitions` over `processes`, rounded up."""
    partitions: Count | None = None
    """Partitions of the source topic that has most; needed by `hpa` and `keda`."""
    target_cpu: Annotated[int, Field(ge=1, le=100)] = 75
    """CPU utilization that `hpa` aims at, percent of the request."""
    behavior: Map = Field(
        default_factory=lambda: {
            "scaleUp": {
                "stabilizationWindowSeconds": 60,
                "policies": [{"type": "Percent", "value": 100, "periodSeconds": 60}],
            },
            "scaleDown": {
                "stabilizationWindowSeconds": 600,
                "policies": [{"type": "Pods", "value": 1, "periodSeconds": 300}],
            },
        }
    )
    """`behavior` of the HorizontalPodAutoscaler. Slow on purpose: each step is a rebalance."""
    keda: Keda = Keda()


class DisruptionBudget(ChartModel):
    """What drains of nodes may take at once. Made where there are at least two pods."""

    enabled: bool = True
    """Make one."""
    max_unavailable: CountOrPercent = 1
    """Most pods that may be away."""
    min_available: CountOrPercent | None = None
    """Instead: least pods that must stay."""


class Probe(ChartModel):
    """Timing of a probe."""

    initial_delay_seconds: Seconds = 0
    """Seconds before the first."""
    period_seconds: Count = 10
    """Seconds between two."""
    timeout_seconds: Count = 5
    """Seconds to answer."""
    failure_threshold: Count = 3
    """Failures in a row that count."""


class Probes(ChartModel):
    """`/livez` says whether the event loop turns, `/readyz` whether the worker takes part.

    Neither asks brokers or registries: a restart mends none of them.
    """

    startup: Probe = Probe(period_seconds=2, failure_threshold=60)
    """Until the declarations are compiled: 120 s as it is."""
    liveness: Probe = Probe()
    """A failure restarts the pod."""
    readiness: Probe = Probe(period_seconds=5, failure_threshold=2)
    """A failure holds a rollout."""


class TopologySpread(ChartModel):
    """Pods over zones and nodes."""

    enabled: bool = True
    """Spread."""
    constraints: Objects = Field(default_factory=list)
    """Instead of the default: zone, then node, as far as possible."""


class Worker(ChartModel):
    """One consumer group and its pods."""

    enabled: bool = True
    """Run it."""
    kind: Literal["Deployment", "StatefulSet"] = "Deployment"
    """`Deployment`: members come and go, may be scaled by itself. `StatefulSet`: static membership
    by pod name, `replicas` fixed; a restart within `session_timeout` costs no rebalance."""
    pipelines: Annotated[list[str], Field(min_length=1)] = Field(default_factory=lambda: ["*"])
    """Names of its pipelines; `*`: all that no other worker names."""
    existing_pipeline_config_maps: list[ObjectName] = Field(default_factory=list)
    """ConfigMaps with more pipeline files."""
    group_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,200}$")] = ""
    """Consumer group; default: release and worker name. Another group starts anew."""
    replicas: Annotated[int, Field(ge=0)] = 2
    """Pods, where `autoscaling.mode` is `none`."""
    processes: Annotated[int, Field(ge=1, le=256)] = 1
    """Worker processes in a pod; each is a member of the group and uses one core."""
    rollout: Rollout = Rollout()
    revision_history_limit: Seconds = 5
    """Old revisions kept for `kubectl rollout undo`."""
    restart_on_pipeline_change: bool = False
    """Restart pods when a declaration changes; they take changes up by themselves otherwise."""
    drain_timeout_seconds: Count = 20
    """Seconds to deliver and commit what is in flight after SIGTERM."""
    termination_grace_period_seconds: Count = 45
    """Seconds to SIGKILL; at least 15 more than `drainTimeoutSeconds`."""
    autoscaling: Autoscaling = Autoscaling()
    pod_disruption_budget: DisruptionBudget = DisruptionBudget()
    probes: Probes = Probes()
    resources: Map = Field(
        default_factory=lambda: {
            "requests": {"cpu": "1", "memory": "512Mi"},
            "limits": {"memory": "512Mi"},
        }
    )
    """One core a process, no CPU limit: throttling looks like lag."""
    topology_spread: TopologySpread = TopologySpread()
    node_selector: Texts = Field(default_factory=dict)
    """Labels of nodes."""
    tolerations: Objects = Field(default_factory=list)
    """Taints that are tolerated."""
    affinity: Map = Field(default_factory=dict)
    """Affinity."""
    priority_class_name: str = ""
    """Priority class."""
    runtime_class_name: str = ""
    """Runtime class."""
    scheduler_name: str = ""
    """Scheduler."""
    dns_policy: str = ""
    """DNS policy."""
    dns_config: Map = Field(default_factory=dict)
    """DNS configuration."""
    host_aliases: Objects = Field(default_factory=list)
    """Lines of `/etc/hosts`."""
    annotations: Texts = Field(default_factory=dict)
    """Of the workload."""
    pod_annotations: Texts = Field(default_factory=dict)
    """Of its pods."""
    pod_labels: Texts = Field(default_factory=dict)
    """Of its pods, such as those for workload identity."""
    extra_env: Objects = Field(default_factory=list)
    """More environment, templates allowed."""
    extra_env_from: Objects = Field(default_factory=list)
    """Secrets and ConfigMaps as environment."""
    extra_volumes: Objects = Field(default_factory=list)
    """More volumes."""
    extra_volume_mounts: Objects = Field(default_factory=list)
    """More mounts in the worker's container."""
    init_containers: Objects = Field(default_factory=list)
    """Before the worker; with `restartPolicy: Always` beside it."""
    extra_containers: Objects = Field(default_factory=list)
    """Beside the worker."""
    lifecycle: Map = Field(default_factory=dict)
    """Hooks of the worker's container."""


class TmpVolume(ChartModel):
    """The only place that is writable."""

    size_limit: Amount = "64Mi"
    """Most that `/tmp` may hold."""

"""The Helm chart's values: every key with its type, default and meaning."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from pipelines.cli.chart.connections import Kafka, Keys, SchemaRegistry
from pipelines.cli.chart.model import (
    ChartModel,
    Count,
    Map,
    ObjectName,
    Objects,
    Texts,
)
from pipelines.cli.chart.worker import TmpVolume, Worker


class Global(ChartModel, extra="allow"):
    """Shared with parent charts; keys of others are allowed."""

    image_registry: str = ""
    """Registry instead of `image.registry`."""
    image_pull_secrets: list[str | Map] = Field(default_factory=list)
    """Secrets to pull with."""


class Image(ChartModel):
    """The one image of worker and jobs."""

    registry: str = "ghcr.io"
    """Registry."""
    repository: Annotated[str, Field(min_length=1)] = "clearwater/clearwater"
    """Repository."""
    tag: str = ""
    """Tag; default: the chart's appVersion."""
    digest: Annotated[str, Field(pattern=r"^(sha256:[0-9a-f]{64})?$")] = ""
    """Digest; wins over the tag."""
    pull_policy: Literal["IfNotPresent", "Always", "Never"] = "IfNotPresent"
    """When to pull."""


class Hook(ChartModel):
    """The check before an installation or upgrade: the new image reads the new declarations."""

    enabled: bool = True
    """Run it; what it refuses leaves everything as it is."""
    active_deadline_seconds: Count = 120
    """Seconds it may take."""
    resources: Map = Field(
        default_factory=lambda: {
            "requests": {"cpu": "100m", "memory": "256Mi"},
            "limits": {"memory": "512Mi"},
        }
    )
    """Of the hooks' containers."""


class Look(ChartModel):
    """The look before an upgrade: `clearwater doctor`. Not with `topics.mode: strimzi`."""

    enabled: bool = True
    """Run it; a broker, topic, login or registry it calls bad leaves everything as it is."""


class Hooks(ChartModel):
    """Jobs around an upgrade."""

    check: Hook = Hook()
    doctor: Look = Look()


class Strimzi(ChartModel):
    """KafkaTopic and KafkaUser for Strimzi's operators."""

    cluster: str = ""
    """Name of the Kafka cluster."""
    namespace: str = ""
    """Namespace that the operators watch; default: the release's."""
    api_version: Literal["kafka.strimzi.io/v1", "kafka.strimzi.io/v1beta2"] = "kafka.strimzi.io/v1"
    """Version of the resources."""
    source_topics: bool = False
    """Make the source topics too; they are their producers' otherwise."""
    config: Map = Field(default_factory=dict)
    """`config` of the topics."""
    user: bool = False
    """Make a KafkaUser with the least rights that the pipelines need."""
    user_authentication: Literal["tls", "scram-sha-512"] = "tls"
    """How the user logs in."""


class Topics(ChartModel):
    """Who makes the topics that the pipelines need. None is ever changed or deleted."""

    mode: Literal["none", "job", "strimzi"] = "none"
    """`job`: `clearwater topics ensure` before an installation or upgrade; `strimzi`: resources."""
    partitions: Count = 12
    """Of topics that are made."""
    replication: Count = 3
    """Copies of topics that are made."""
    strimzi: Strimzi = Strimzi()


class ServiceAccount(ChartModel):
    """Whom the pods are. They never speak to the Kubernetes API."""

    create: bool = True
    """Make one."""
    name: str = ""
    """Its name; default: that of the release."""
    annotations: Texts = Field(default_factory=dict)
    """Such as those for workload identity."""
    automount_service_account_token: bool = False
    """Mount its token."""


class NetworkPolicy(ChartModel):
    """What pods may reach and be reached by."""

    enabled: bool = False
    """Make one: DNS, brokers, registry and token endpoint out; metrics in."""
    kafka_ports: list[Annotated[int, Field(ge=1, le=65535)]] = Field(
        default_factory=lambda: [9092, 9093, 9094]
    )
    """Ports of the brokers."""
    kafka_to: Objects = Field(default_factory=list)
    """Where the brokers are; default: anywhere."""
    registry_ports: list[Annotated[int, Field(ge=1, le=65535)]] = Field(
        default_factory=lambda: [443, 8081]
    )
    """Ports of registry and token endpoint."""
    registry_to: Objects = Field(default_factory=list)
    """Where they are; default: anywhere."""
    metrics_from: Objects = Field(default_factory=list)
    """Who may read metrics; default: anyone."""
    extra_ingress: Objects = Field(default_factory=list)
    """More rules in."""
    extra_egress: Objects = Field(default_factory=list)
    """More rules out."""


class MetricsService(ChartModel):
    """A headless Service for each worker, for metrics."""

    enabled: bool = True
    """Make it; a StatefulSet has one always."""
    annotations: Texts = Field(default_factory=dict)
    """Of the Services."""


class Monitor(ChartModel):
    """A monitor of the Prometheus operator."""

    enabled: bool = False
    """Make one."""
    labels: Texts = Field(default_factory=dict)
    """Labels that Prometheus selects it by."""
    interval: str = "30s"
    """Time between two scrapes."""
    scrape_timeout: str = "10s"
    """Time to answer."""
    relabelings: Objects = Field(default_factory=list)
    """Before the scrape."""
    metric_relabelings: Objects = Field(default_factory=list)
    """After it."""


class Rule(ChartModel):
    """The alerts, as a PrometheusRule."""

    enabled: bool = False
    """Make it."""
    labels: Texts = Field(default_factory=dict)
    """Labels that Prometheus selects it by."""
    additional_rule_labels: Texts = Field(default_factory=dict)
    """Labels added to every alert, such as a team."""
    runbook_base_url: str = ""
    """Where the runbooks are served: `runbook_url` of each alert; default: none."""
    disabled: list[str] = Field(default_factory=list)
    """Names of alerts to leave out."""


class Dashboards(ChartModel):
    """The Grafana dashboards, as ConfigMaps for its sidecar."""

    enabled: bool = False
    """Make them."""
    namespace: str = ""
    """Where; default: the release's namespace."""
    label: str = "grafana_dashboard"
    """Label that the sidecar looks for."""
    label_value: str = "1"
    """Its value."""
    annotations: Texts = Field(default_factory=dict)
    """Such as the folder."""


class Metrics(ChartModel):
    """What is measured, and who reads it."""

    service: MetricsService = MetricsService()
    pod_monitor: Monitor = Monitor()
    """PodMonitor: or a ServiceMonitor, not both."""
    service_monitor: Monitor = Monitor()
    """ServiceMonitor: needs `service`."""
    prometheus_rule: Rule = Rule()
    dashboards: Dashboards = Dashboards()


class Values(ChartModel):
    """Everything that the chart can be told."""

    global_: Annotated[Global, Field(alias="global")] = Global()
    name_override: str = ""
    """Instead of the chart's name."""
    fullname_override: str = ""
    """Instead of release and chart name."""
    namespace_override: str = ""
    """Instead of the release's namespace."""
    common_labels: Texts = Field(default_factory=dict)
    """Labels of everything."""
    common_annotations: Texts = Field(default_factory=dict)
    """Annotations of everything."""
    image: Image = Image()
    image_pull_secrets: list[str | Map] = Field(default_factory=list)
    """Secrets to pull with."""
    kafka: Kafka = Kafka()
    schema_registry: SchemaRegistry = SchemaRegistry()
    keys: Keys = Keys()
    settings: dict[str, Any] = Field(default_factory=dict)
    """Other settings of the process: `commit_interval` is CLEARWATER_COMMIT_INTERVAL."""
    pipelines: dict[str, Any] = Field(default_factory=dict)
    """Pipelines by name, in the language of the pipeline files."""
    policies: dict[str, Any] = Field(default_factory=dict)
    """Privacy policies by name."""
    existing_policy_config_maps: list[ObjectName] = Field(default_factory=list)
    """ConfigMaps with more policy files."""
    tables: dict[str, Any] = Field(default_factory=dict)
    """Files of lookup tables by file name; mounted as `tables/` beside the pipelines."""
    existing_table_config_maps: list[ObjectName] = Field(default_factory=list)
    """ConfigMaps with more files of tables."""
    worker_defaults: Worker = Worker()
    """What holds for every worker, unless it says otherwise."""
    workers: dict[str, Any] = Field(default_factory=lambda: {"default": {}})
    """Workers by name; each takes all keys of `workerDefaults`."""
    topics: Topics = Topics()
    hooks: Hooks = Hooks()
    service_account: ServiceAccount = ServiceAccount()
    pod_security_context: Map = Field(
        default_factory=lambda: {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "fsGroup": 10001,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        }
    )
    """Of pods: the restricted Pod Security level."""
    security_context: Map = Field(
        default_factory=lambda: {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        }
    )
    """Of containers."""
    openshift: bool = False
    """Leave user and group to OpenShift."""
    tmp: TmpVolume = TmpVolume()
    network_policy: NetworkPolicy = NetworkPolicy()
    metrics: Metrics = Metrics()
    extra_objects: Objects = Field(default_factory=list)
    """More objects, templates allowed."""

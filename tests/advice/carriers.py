"""One good and one bad resource for each kind that carries each control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.engine.kind import Live

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
OTHER_KEY = "arn:aws:kms:us-east-1:123456789012:key/2"
OWN = Live("kms_key.main", "1", {"enabled": True, "rotation": True}, {"id": "1", "arn": KEY, "alias": "alias/shop"})
SEALED = {"encrypted": True, "kms_key": KEY}
BOX = {
    "name": "web",
    "readonlyRootFilesystem": True,
    "logConfiguration": {"logDriver": "awslogs"},
    "environment": [{"name": "TOKEN_TTL", "value": "60"}, {"name": "API_TOKEN", "value": "arn:aws:ssm:x"}],
}
SHARE = {"efsVolumeConfiguration": {"fileSystemId": "fs-1", "transitEncryption": "ENABLED"}}
PLAIN_SHARE = {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
TASK = {"containers": [BOX], "volumes": [SHARE]}
AMQPS, AMQP = {"endpoint": "amqps://b-1.mq:5671"}, {"endpoint": "amqp://b-1.mq:5672"}
WORLD = {"protocol": "tcp", "from_port": 22, "to_port": 22, "sentence": "in tcp 22 from 0.0.0.0/0"}


def box(**changes: Any) -> dict[str, Any]:
    """A container that differs in one thing."""
    return {"containers": [{**BOX, **changes}]}


@dataclass(frozen=True)
class Example:
    """One live resource that carries a control, and what breaks it. None: AWS itself settles it, nothing breaks it."""

    control: str
    kind: str
    good: Mapping[str, Any]
    bad: Mapping[str, Any] | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    bad_attributes: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.control}-{self.kind}"


EXAMPLES = (
    Example("data-encrypted", "bucket", {"encryption": KEY}, {"encryption": "sse-s3"}),
    Example("data-encrypted", "file_system", SEALED, {"kms_key": OTHER_KEY}),
    Example("data-encrypted", "db_instance", SEALED, {"kms_key": OTHER_KEY}),
    Example("data-encrypted", "db_cluster", SEALED, {"encrypted": False}),
    Example("data-encrypted", "table", {"kms_key": KEY}, {"kms_key": ""}),
    Example("data-encrypted", "queue", {"encryption": "alias/shop"}, {"encryption": "sse-sqs"}),
    Example("data-encrypted", "topic", {"kms_key": "1"}, {"kms_key": "alias/aws/sns"}),
    Example("data-encrypted", "broker", {}, None),
    Example("secrets-encrypted", "secret", {"kms_key": KEY}, {"kms_key": ""}),
    Example("secrets-encrypted", "parameter", {"kms_key": KEY}, {"kms_key": "alias/aws/ssm"}),
    Example(
        "secrets-encrypted", "db_instance", {"managed_password": True, "secret_key": KEY}, {"secret_key": OTHER_KEY}
    ),
    Example(
        "secrets-encrypted", "db_cluster", {"managed_password": True, "secret_key": KEY}, {"secret_key": OTHER_KEY}
    ),
    Example("logs-encrypted", "log_group", {"kms_key": KEY}, {"kms_key": ""}),
    Example("logs-encrypted", "trail", {"kms_key": KEY}, {"kms_key": ""}),
    Example("images-encrypted", "repository", {"encryption": KEY}, {"encryption": "aes256"}),
    Example("key-rotated", "kms_key", {"enabled": True, "rotation": True}, {"rotation": False}),
    Example("tasks-private", "service", {"public_ip": False}, {"public_ip": True}),
    Example("tasks-private", "app_runner_service", {}, {}),
    Example("tasks-private", "express_service", {}, None),
    Example("data-private", "db_instance", {"public": False}, {"public": True}),
    Example("data-private", "db_cluster_instance", {"public": False}, {"public": True}),
    Example("data-private", "broker", {"public": False}, {"public": True}),
    Example("data-private", "bucket", {"block_public": True}, {"block_public": False}),
    Example("doors-closed", "security_group", {}, {}, {"open_in": []}, {"open_in": [WORLD]}),
    Example("firewall", "web_acl_association", {"web_acl": "arn:aws:wafv2:x"}, {"web_acl": ""}),
    Example(
        "tls-at-the-door",
        "listener",
        {"protocol": "HTTPS", "tls_policy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"},
        {"tls_policy": "ELBSecurityPolicy-2016-08"},
    ),
    Example(
        "tls-to-data", "db_parameter_group", {"parameters": {"rds.force_ssl": "1"}}, {"parameters": {"tls": "disabled"}}
    ),
    Example("tls-to-data", "bucket", {"tls_only": True}, {"tls_only": False}),
    Example("tls-to-data", "queue", {"tls_only": True}, {"tls_only": False}),
    Example("tls-to-data", "broker", {}, {}, AMQPS, AMQP),
    Example("tls-to-data", "task_definition", TASK, {"volumes": [SHARE, PLAIN_SHARE]}),
    Example("logs-written", "task_definition", TASK, box(logConfiguration=None)),
    Example("logs-written", "db_instance", {"log_exports": ["postgresql"]}, {"log_exports": []}),
    Example("logs-written", "broker", {"logs": True}, {"logs": False}),
    Example("logs-kept", "log_group", {"retention_days": 365}, {"retention_days": 180}),
    Example("logs-kept", "broker", {}, None),
    Example("traffic-recorded", "flow_log", {"traffic": "ALL"}, {"traffic": "REJECT"}),
    Example(
        "calls-recorded",
        "trail",
        {"logging": True, "log_validation": True, "multi_region": True},
        {"log_validation": False},
    ),
    *(
        Example("deletion-protected", kind, {"deletion_protection": True}, {"deletion_protection": False})
        for kind in ("db_instance", "db_cluster", "table", "load_balancer", "user_pool")
    ),
    Example("restorable", "bucket", {"versioning": True}, {"versioning": False}),
    Example("restorable", "file_system", {"backups": True}, {"backups": False}),
    Example("restorable", "db_instance", {"backup_days": 35}, {"backup_days": 1}),
    Example("restorable", "db_cluster", {"backup_days": 7}, {"backup_days": None}),
    Example("restorable", "table", {"pitr": True}, {"pitr": False}),
    Example("root-read-only", "task_definition", TASK, box(readonlyRootFilesystem=False)),
    Example("no-plain-secret", "task_definition", TASK, box(environment=[{"name": "DB_PASSWORD", "value": "x"}])),
    Example("images-scanned", "repository", {"scan_on_push": True}, {"scan_on_push": False}),
)

"""The changes that people make, continued: data, what carries messages, secrets, and whole deployments.

`loses` names what would be lost. Such a change is refused until somebody says --yes-delete-data, and a person in a
terminal types each of those names.
"""

from __future__ import annotations

from tests.acceptance.change import Edit, Row
from tests.acceptance.changes import NETWORK, NEW_REVISION, NOTES, SERVICES, SHOP, WATCHING, WAYS_IN, edit

ARCHIVE = "archive"
RESTARTED = "service*2 task_definition*2"
"""Both services start anew, because what one of their secrets holds has changed."""


def database(line: str) -> tuple[Edit, ...]:
    """One more line for the database."""
    return edit("storage_gib: 50", f"storage_gib: 50\n  {line}")


DATABASES = (
    Row("another database class", SHOP, edit("db.t4g.micro", "db.t4g.small"), update="db_instance", carried_out=True),
    Row("a larger disk", SHOP, edit("storage_gib: 50", "storage_gib: 100"), update="alarm db_instance"),
    Row(
        "a smaller disk",
        SHOP,
        edit("storage_gib: 50", "storage_gib: 20"),
        update="alarm",
        why="AWS makes no disk smaller: it stays as large as it is",
    ),
    Row("a standby in another zone", SHOP, database("multi_az: true"), update="db_instance"),
    Row("protection from deletion", SHOP, database("deletion_protection: true"), update="db_instance"),
    Row(
        "a newer version",
        SHOP,
        database('version: "18"'),
        replace="db_parameter_group",
        update="db_instance",
        delete="db_parameter_group",
    ),
    Row("an older version", SHOP, database('version: "16"'), refused="AWS upgrades a database and never takes it back"),
    Row(
        "another user",
        SHOP,
        database("user: other"),
        replace="db_instance.main",
        update=f"alarm*2 secret {RESTARTED}",
        loses="db_instance.main",
    ),
    Row(
        "RDS to Aurora",
        SHOP,
        edit("kind: rds-postgres\n  class: db.t4g.micro\n  storage_gib: 50", "kind: aurora-postgres"),
        create="alarm db_cluster.main db_cluster_instance",
        replace="db_parameter_group",
        update=f"alarm secret {RESTARTED}",
        delete="alarm db_instance.main db_parameter_group",
        loses="db_instance.main",
        why="nothing is copied: export first, or restore the final snapshot",
    ),
    Row(
        "no database any more",
        SHOP,
        (
            Edit("database:\n  kind: rds-postgres\n  class: db.t4g.micro\n  storage_gib: 50\n", ""),
            Edit(", DATABASE_URL: database-url", ""),
            Edit(", DATABASE_URL: database-url", ""),
            Edit("  database-url: {composed: database-uri}\n", ""),
        ),
        update=f"role {RESTARTED}",
        delete="alarm*2 db_instance.main db_parameter_group db_subnet_group secret*2 security_group "
        "security_group_rule*4",
        loses="db_instance.main",
    ),
    Row(
        "MongoDB elsewhere to DocumentDB",
        NOTES,
        (
            Edit("kind: external, secret: mongo-uri", "kind: documentdb"),
            Edit("MONGO_URI: mongo-uri", "MONGO_URI: documents-uri"),
            Edit("mongo-uri: {}", "documents-uri: {composed: database-uri}"),
        ),
        create="db_cluster db_cluster_instance db_parameter_group db_subnet_group secret*2 security_group "
        "security_group_rule",
        replace="security_group_rule",
        update=f"role {NEW_REVISION}",
        delete="secret",
        why="under the old secret's name the address that was given would stay the one in use",
    ),
    Row(
        "DocumentDB to MongoDB elsewhere",
        ARCHIVE,
        (
            Edit("kind: documentdb", "kind: external, secret: mongo-uri"),
            Edit("mongo-uri: {composed: database-uri}", "mongo-uri: {}"),
        ),
        replace="security_group_rule",
        update=f"secret {NEW_REVISION}",
        delete="db_cluster.main db_cluster_instance db_parameter_group db_subnet_group secret security_group "
        "security_group_rule",
        loses="db_cluster.main",
    ),
)

FILES = (
    Row(
        "a bucket less",
        SHOP,
        (
            Edit("  files: {kind: s3, versioning: true}\n", ""),
            Edit("    rights:\n      - {to: files, allow: [read, write]}\n", ""),
        ),
        update="role",
        delete="bucket.files",
        loses="bucket.files",
    ),
    Row(
        "a renamed bucket",
        SHOP,
        (Edit("  files: {", "  papers: {"), Edit("to: files", "to: papers")),
        create="bucket.papers",
        update="role",
        delete="bucket.files",
        loses="bucket.files",
        why="a bucket cannot be renamed: copy the objects first",
    ),
    Row("no versions any more", SHOP, edit("versioning: true", "versioning: false"), update="bucket"),
    Row(
        "an own key for a bucket",
        SHOP,
        edit("versioning: true", "versioning: true, encryption: kms"),
        create="kms_key",
        update="bucket role",
    ),
    Row(
        "a file system less",
        SHOP,
        (Edit("  uploads: {kind: efs}\n", ""), Edit("        mounts: {uploads: /srv/uploads}\n", "")),
        update=f"role {NEW_REVISION}",
        delete="access_point file_system.uploads mount_target*3 security_group security_group_rule*2",
        loses="file_system.uploads",
        carried_out=True,
    ),
)

MESSAGES = (
    Row("a larger broker", SHOP, edit("mq.m7g.medium", "mq.m7g.large"), update="alarm broker", carried_out=True),
    Row(
        "one broker to a cluster",
        SHOP,
        edit("mode: single", "mode: cluster"),
        replace="broker.main",
        update=f"secret {NEW_REVISION}",
        loses="broker.main",
    ),
    Row(
        "Amazon MQ to SQS",
        SHOP,
        (
            Edit("kind: amazon-mq\n  mode: single\n  instance: mq.m7g.medium", "kind: sqs"),
            Edit("BROKER_URL: broker-url, ", ""),
            Edit("  broker-url: {composed: broker-uri}\n", ""),
        ),
        create="queue*2",
        update=f"role {NEW_REVISION}",
        delete="alarm*3 broker.main secret*2 security_group security_group_rule*2",
        loses="broker.main",
    ),
    Row(
        "SQS to Amazon MQ",
        NOTES,
        edit("kind: sqs", "kind: amazon-mq"),
        create="broker secret security_group",
        delete="queue.dead-letter queue.main",
        loses="queue.dead-letter queue.main",
    ),
)

SEALED = "alarm*2 bucket log_group*2 role*2 secret*6 service*2 task_definition*2 topic"
UNSEALED = "db_instance.main file_system.uploads repository.web"
"""AWS encrypts these when they are made, or never."""

KEYS_AND_SECRETS = (
    Row(
        "an own key for everything",
        SHOP,
        edit("observability:", "hardening: {kms: true}\nobservability:"),
        create="kms_key log_group",
        update=SEALED,
        replace=f"access_point mount_target*3 {UNSEALED}",
        loses=UNSEALED,
    ),
    Row(
        "the hipaa preset",
        SHOP,
        edit("observability:\n  log_days: 30", "hardening: {preset: hipaa}\nobservability:\n  log_days: 365"),
        create="bucket flow_log kms_key log_group*2 role trail",
        update=f"load_balancer {SEALED}",
        replace=f"access_point mount_target*3 {UNSEALED}",
        loses=UNSEALED,
    ),
    Row(
        "a given secret generated",
        SHOP,
        edit("api-token: {}", "api-token: {generate: true}"),
        why="the value that is there stays",
    ),
    Row(
        "a generated secret given",
        SHOP,
        edit("session-key: {generate: true}", "session-key: {source: GIVEN_KEY}"),
        update=f"secret.session-key {NEW_REVISION}",
        why="tasks learn a secret when they start, so new ones are started",
        carried_out=True,
    ),
    Row(
        "a renamed secret",
        SHOP,
        (Edit("  session-key:", "  cookie-key:"), Edit("SESSION_KEY: session-key", "SESSION_KEY: cookie-key")),
        create="secret.cookie-key",
        update=f"role {NEW_REVISION}",
        delete="secret.session-key",
        why="a generated one gets a new value; the old one can be restored for seven days",
    ),
    Row(
        "a secret moved to SSM",
        SHOP,
        edit("api-token: {}", "api-token: {store: ssm}"),
        create="parameter",
        update=f"role {NEW_REVISION}",
        delete="secret",
    ),
)

ALL_NEW = (
    "access_point alarm*14 broker bucket certificate cluster db_instance db_parameter_group db_subnet_group elastic_ip "
    "file_system internet_gateway listener*2 load_balancer log_group*2 mount_target*3 nat_gateway record*2 repository "
    "role*3 route_table*2 secret*6 security_group*6 security_group_rule*14 service*2 subnet*6 target_group "
    "task_definition*2 topic vpc vpc_endpoint"
)

DEPLOYMENTS = (
    Row(
        "a second environment, dev -> prod",
        SHOP,
        edit(
            "observability:",
            "environments:\n  prod: {ingress: {host: www.example.com}, network: {cidr: 10.1.0.0/16}}\nobservability:",
        ),
        create=ALL_NEW,
        why="environments are deployments of their own: what runs is not touched",
    ),
    Row(
        "a second environment on the same host",
        SHOP,
        edit("observability:", "environments: {prod: {}}\nobservability:"),
        refused="exists and belongs to shop/main",
    ),
    Row(
        "a renamed application",
        SHOP,
        (Edit("name: shop\n", "name: store\n"), Edit("host: shop.", "host: store.")),
        create=ALL_NEW,
        why="everything is made anew; the old deployment stays until it is destroyed by its name",
    ),
    Row(
        "another Region",
        SHOP,
        edit("region: us-east-1", "region: eu-west-1"),
        refused="the role serves shop/main in us-east-1",
    ),
)

ROWS = (
    *SERVICES,
    *WAYS_IN,
    *NETWORK,
    *WATCHING,
    *DATABASES,
    *FILES,
    *MESSAGES,
    *KEYS_AND_SECRETS,
    *DEPLOYMENTS,
)

"""Controls about what lies still: data, secrets, logs and images are encrypted with the deployment's own key."""

from __future__ import annotations

from wizard.advice.controls.commands import BROKER, CLUSTER, INSTANCE, LOG_GROUP, REPOSITORY
from wizard.advice.controls.control import Carrier, Control, State
from wizard.advice.controls.judging import both, is_on, known, own_key
from wizard.engine.graph import Resource

ENCRYPTION = "164.312(a)(2)(iv)"


def _keeps_a_secret(resource: Resource) -> bool:
    return resource.properties.get("managed_password") is True


_SECRET = "aws secretsmanager describe-secret --secret-id {secret_arn} --query KmsKeyId"
_NEW_SECRET = (
    "AWS never changes the key of this secret: have a new one made by `password: generated` under `database:`, a "
    "replay, then `password: rotated` and another replay; in between, new connections may be refused"
)
_BROKER = "encrypted with a key of AWS: Amazon MQ takes no other for RabbitMQ"

AT_REST = (
    Control(
        "data-encrypted",
        "Data at rest is encrypted with a key of this deployment alone.",
        ENCRYPTION,
        (
            Carrier("bucket", own_key("encryption"), "aws s3api get-bucket-encryption --bucket {name}"),
            Carrier(
                "file_system",
                both(is_on("encrypted", "encryption"), own_key("kms_key")),
                "aws efs describe-file-systems --file-system-id {id} --query 'FileSystems[].KmsKeyId'",
            ),
            Carrier(
                "db_instance",
                both(is_on("encrypted", "encryption"), own_key("kms_key")),
                INSTANCE.format("KmsKeyId"),
            ),
            Carrier(
                "db_cluster",
                both(is_on("encrypted", "encryption"), own_key("kms_key")),
                CLUSTER.format("KmsKeyId"),
            ),
            Carrier(
                "table",
                own_key("kms_key"),
                "aws dynamodb describe-table --table-name {name} --query Table.SSEDescription",
            ),
            Carrier(
                "queue",
                own_key("encryption"),
                "aws sqs get-queue-attributes --queue-url {url} --attribute-names KmsMasterKeyId",
            ),
            Carrier(
                "topic",
                own_key("kms_key"),
                "aws sns get-topic-attributes --topic-arn {arn} --query Attributes.KmsMasterKeyId",
            ),
            Carrier(
                "broker",
                known(State.OK, _BROKER),
                BROKER.format("EncryptionOptions"),
            ),
        ),
    ),
    Control(
        "secrets-encrypted",
        "Passwords and other secrets lie in Secrets Manager or SSM, encrypted with a key of this deployment alone.",
        ENCRYPTION,
        (
            Carrier("secret", own_key("kms_key"), "aws secretsmanager describe-secret --secret-id {name}"),
            Carrier(
                "parameter",
                own_key("kms_key"),
                "aws ssm describe-parameters --parameter-filters Key=Name,Values={name} --query 'Parameters[].KeyId'",
            ),
            Carrier("db_instance", own_key("secret_key"), _SECRET, _keeps_a_secret, _NEW_SECRET),
            Carrier("db_cluster", own_key("secret_key"), _SECRET, _keeps_a_secret, _NEW_SECRET),
        ),
    ),
    Control(
        "logs-encrypted",
        "Logs and the record of calls are encrypted with a key of this deployment alone.",
        ENCRYPTION,
        (
            Carrier(
                "log_group",
                own_key("kms_key"),
                LOG_GROUP.format("kmsKeyId"),
            ),
            Carrier("trail", own_key("kms_key"), "aws cloudtrail get-trail --name {name} --query Trail.KmsKeyId"),
        ),
    ),
    Control(
        "images-encrypted",
        "Container images are encrypted with a key of this deployment alone.",
        ENCRYPTION,
        (
            Carrier(
                "repository",
                own_key("encryption"),
                REPOSITORY.format("encryptionConfiguration"),
            ),
        ),
    ),
    Control(
        "key-rotated",
        "The key is in use, and AWS makes a new one of its kind every year.",
        ENCRYPTION,
        (
            Carrier(
                "kms_key",
                both(is_on("enabled", "the key"), is_on("rotation", "yearly rotation")),
                "aws kms get-key-rotation-status --key-id {id}",
            ),
        ),
    ),
)

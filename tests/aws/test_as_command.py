"""A call is shown as the command that does the same, and never with a secret in it."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.aws.as_command import as_command, kebab
from wizard.aws.calls import CallRecord

CANARY = "canary-7f3a"


def command(service: str, operation: str, **params: Any) -> str:
    return as_command(CallRecord(service, operation, True, "200", 5.0, params))


@pytest.mark.parametrize(
    ("operation", "spelled"),
    [
        ("DescribeServices", "describe-services"),
        ("DescribeDBInstances", "describe-db-instances"),
        ("CreateVpcEndpoint", "create-vpc-endpoint"),
        ("PutBucketLifecycleConfiguration", "put-bucket-lifecycle-configuration"),
    ],
)
def test_operations_are_spelled_as_the_command_line_spells_them(operation: str, spelled: str) -> None:
    assert kebab(operation) == spelled


def test_plain_values_flags_lists_and_structures() -> None:
    told = command("ecs", "UpdateService", cluster="c", forceNewDeployment=True, tags=[{"key": "a", "value": "b"}])
    assert told == 'aws ecs update-service --cluster c --force-new-deployment --tags \'[{"key":"a","value":"b"}]\''
    assert command("ecs", "DescribeServices", services=["a", "b"]) == "aws ecs describe-services --services a b"


def test_s3_has_a_command_of_another_name() -> None:
    assert command("s3", "PutObject", Bucket="b", Body=b"data").startswith(
        "aws s3api put-object --bucket b --body FILE"
    )


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("secretsmanager", "CreateSecret", {"Name": "n", "SecretString": CANARY}),
        ("ssm", "PutParameter", {"Name": "n", "Value": CANARY}),
        ("rds", "CreateDBInstance", {"MasterUserPassword": CANARY}),
        ("mq", "CreateBroker", {"Users": [{"Username": "u", "Password": CANARY}]}),
    ],
)
def test_values_of_secrets_are_masked_however_deep_they_lie(
    service: str, operation: str, params: dict[str, Any]
) -> None:
    told = command(service, operation, **params)
    assert CANARY not in told
    assert "***" in told

"""Requests that break botocore's model are refused, in the style of the service that is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Aws
from wizard.sandbox import patterns

TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "parts"),
    [
        ("ecr", "create_repository", {"repositoryName": "UPPER"}, "InvalidParameterException", ["repositoryName"]),
        ("ecr", "create_repository", {}, "InvalidParameterException", ["repositoryName", "must not be null"]),
        ("logs", "create_log_group", {"logGroupName": "x" * 513}, "InvalidParameterException", ["512"]),
        (
            "iam",
            "create_role",
            {"RoleName": "a b", "AssumeRolePolicyDocument": TRUST},
            "ValidationError",
            ["RoleName", "a b"],
        ),
        ("acm", "request_certificate", {"DomainName": "no"}, "ValidationException", ["DomainName"]),
        (
            "secretsmanager",
            "create_secret",
            {"Name": "s", "ClientRequestToken": "short"},
            "ValidationException",
            ["ClientRequestToken"],
        ),
        (
            "elbv2",
            "create_target_group",
            {"Name": "t", "TargetType": "cloud"},
            "ValidationError",
            ["TargetType", "enum value set"],
        ),
        (
            "elbv2",
            "create_rule",
            {"ListenerArn": "x", "Conditions": [], "Actions": [], "Priority": 0},
            "ValidationError",
            ["Priority", "greater than or equal to 1"],
        ),
        ("ec2", "create_subnet", {"CidrBlock": "10.0.0.0/24"}, "MissingParameter", ["VpcId"]),
        (
            "ec2",
            "run_instances",
            {"MinCount": 1, "MaxCount": 1, "InstanceType": "t9.huge"},
            "InvalidParameterValue",
            [],
        ),
        ("mq", "create_broker", {"BrokerName": "b"}, "BadRequestException", ["EngineType"]),
    ],
)
def test_a_broken_rule_is_named_with_its_member(
    aws: Aws, service: str, operation: str, params: dict[str, Any], code: str, parts: list[str]
) -> None:
    found, message = aws.refusal(service, operation, **params)
    assert found == code
    for part in parts:
        assert part in message


def test_a_list_is_checked_to_its_last_member(aws: Aws) -> None:
    tags = [{"Key": "good", "Value": "x"}, {"Key": "k" * 129, "Value": "x"}]
    _, message = aws.refusal("secretsmanager", "create_secret", Name="s", SecretString="x", Tags=tags)
    assert "Tags.2.member.Key" in message


def test_a_sensitive_value_is_not_repeated(aws: Aws) -> None:
    _, message = aws.refusal("secretsmanager", "create_secret", Name="s", SecretString="hush" * 20_000)
    assert "SecretString" in message
    assert "hush" not in message


def test_everything_that_was_left_unchecked_is_listed_with_its_reason(aws: Aws) -> None:
    assert all(": " in line for line in aws.control("GET", "unchecked"))


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", "Größe 1", "a;b"),
        (r"[\w-_]+", "a-b_c", "a b"),
        ("[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF]*", "a😀", "\x00"),
        (r"\P{C}+", "abc", "\x07"),
        (r"(?!-)[a-z-]{1,5}(?<!-)", "a-b", "-ab"),
    ],
)
def test_javas_patterns_work_in_python(pattern: str, good: str, bad: str) -> None:
    expression = patterns.compiled(pattern)
    assert expression is not None
    assert expression.fullmatch(good)
    assert not expression.fullmatch(bad)


def test_a_pattern_without_an_equal_is_skipped() -> None:
    assert patterns.compiled("[a-z&&[^x]]") is None

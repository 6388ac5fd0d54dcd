"""What AWS would refuse is said before it is asked, and spellings that mean the same are no difference."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.kinds.cases.compute import allow, container, sensitive
from tests.kinds.driver import Account, Builder
from wizard.engine.graph import Resource
from wizard.errors import UsageError
from wizard.kinds._fargate import task_monthly_usd
from wizard.kinds.registry import all_kinds

KINDS = all_kinds()


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("role", {"name": "a b"}, "role name"),
        ("role", {"path": "pilotage"}, "begin and end with /"),
        ("log_group", {"name": "aws/mine"}, "not begin with aws/"),
        ("log_group", {"retention_days": 31}, "31 days"),
        ("bucket", {"name": "Shop"}, "lower-case"),
        ("bucket", {"lifecycle": [{"id": "x", "transitions": {"STANDARD_IA": 7}}]}, "30 days"),
        ("cluster", {"name": "a.b"}, "cluster name"),
        ("task_definition", {"cpu": 256, "memory": 4096}, "512, 1024, 2048 MiB"),
        ("task_definition", {"cpu": 300, "memory": 512}, "no tasks with 300"),
        ("task_definition", {"containers": []}, "1-10 containers"),
        ("task_definition", {"containers": [container(), container()]}, "same name"),
        ("task_definition", {"containers": [container(essential=False)]}, "essential"),
        ("task_definition", {"containers": [container(healthCheck={"interval": 1})]}, "5-300"),
        ("task_definition", {"containers": [container(stopTimeout=121)]}, "120 seconds"),
        (
            "task_definition",
            {"containers": [container(dependsOn=[{"containerName": "db", "condition": "START"}])]},
            "not in the task",
        ),
        (
            "task_definition",
            {
                "containers": [
                    container(dependsOn=[{"containerName": "db", "condition": "HEALTHY"}]),
                    container(name="db"),
                ]
            },
            "would never start",
        ),
        ("broker", {"name": "x" * 51}, "1-50"),
        ("broker", {"user": "guest"}, "not guest"),
        ("broker", {"instance": "mq.t3.micro"}, "smallest is mq.m7g.medium"),
        ("broker", {"instance": "mq.m5.large", "version": "4.2"}, "only on mq.m7g"),
        ("broker", {"version": "3.11"}, "no RabbitMQ 3.11"),
        ("broker", {"mode": "single", "subnets": ["a", "b"]}, "exactly one subnet"),
    ],
)
def test_a_broken_rule_is_named(kind: str, properties: dict[str, Any], words: str) -> None:
    assert any(words in problem for problem in KINDS[kind].problems(properties))


@pytest.mark.parametrize("cpu,memory", [(256, 512), (1024, 8192), (8192, 20480), (32768, 124928 * 2)])
def test_every_size_of_the_list_is_accepted(cpu: int, memory: int) -> None:
    assert KINDS["task_definition"].problems({"cpu": cpu, "memory": memory}) == []


ANSWERED = {
    "cpu": 0,
    "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
    "environment": [{"name": "A", "value": "1"}, {"name": "MODE", "value": "dev"}],
    "mountPoints": [],
    "volumesFrom": [],
    "systemControls": [],
    "healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3},
}


def test_what_ecs_adds_to_a_container_is_no_difference() -> None:
    wanted = container(healthCheck={"command": ["CMD", "true"]})
    assert KINDS["task_definition"].same("containers", [wanted], [container(**ANSWERED)])


@pytest.mark.parametrize(
    "other",
    [
        {"image": "another"},
        {"command": ["serve"]},
        {"environment": [{"name": "MODE", "value": "prod"}]},
        {"portMappings": [{"containerPort": 8080, "protocol": "udp"}]},
        {"readonlyRootFilesystem": True},
        {"secrets": [{"name": "KEY", "valueFrom": "arn"}]},
        {"healthCheck": {"command": ["CMD", "true"], "retries": 5}},
    ],
)
def test_what_a_person_changes_in_a_container_is_a_difference(other: dict[str, Any]) -> None:
    wanted = container(healthCheck={"command": ["CMD", "true"]}) | other
    assert not KINDS["task_definition"].same("containers", [wanted], [container(**ANSWERED)])


def test_a_policy_is_compared_by_meaning() -> None:
    text = '{"Statement": {"Effect": "Allow", "Resource": ["*"], "Action": "s3:GetObject"}, "Version": "2012-10-17"}'
    assert KINDS["role"].same("policy", allow("s3:GetObject"), text)
    assert not KINDS["role"].same("policy", allow("s3:GetObject"), allow("s3:PutObject"))


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "with,a-comma-inside", "with:a-colon-inside"])
def test_a_password_that_amazon_mq_refuses_is_refused_without_being_told(account: Account, password: str) -> None:
    properties = {"name": "shop", "password": sensitive(password)}
    with pytest.raises(UsageError) as raised:
        KINDS["broker"].create(account.context(), "broker.main", properties, "token")
    assert password not in f"{raised.value!r} {raised.value.evidence} {raised.value.next_step}"


def test_a_bucket_keeps_the_statements_of_others_in_its_policy(account: Account) -> None:
    wanted = Resource("bucket", "files", {"name": "shop-dev-files-0a1b2c", "tls_only": False})
    builder = Builder(account, account.context())
    builder.converge(wanted)
    theirs = {
        "Sid": "Theirs",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account.id}:root"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::shop-dev-files-0a1b2c/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [theirs]})
    account.aws.write("s3", "put_bucket_policy", Bucket="shop-dev-files-0a1b2c", Policy=policy)
    builder.converge(Resource("bucket", "files", {**wanted.properties, "tls_only": True}))
    assert "Theirs" in account.aws.read("s3", "get_bucket_policy", Bucket="shop-dev-files-0a1b2c")["Policy"]


def test_a_bucket_with_old_versions_in_it_can_be_deleted(account: Account) -> None:
    wanted = Resource("bucket", "files", {"name": "shop-dev-files-0a1b2c", "versioning": True})
    builder = Builder(account, account.context())
    live = builder.converge(wanted)
    for text in (b"one", b"two"):
        account.aws.write("s3", "put_object", Bucket=live.id, Key="a", Body=text)
    account.aws.write("s3", "delete_object", Bucket=live.id, Key="a")
    builder.remove(KINDS["bucket"], live)
    assert builder.look(KINDS["bucket"], live.address, wanted.properties) == []


def test_a_bucket_of_a_run_that_ended_before_it_could_tag_it_is_taken_on(account: Account) -> None:
    account.aws.write("s3", "create_bucket", Bucket="shop-dev-files-0a1b2c")
    wanted = Resource("bucket", "files", {"name": "shop-dev-files-0a1b2c", "versioning": True, "tls_only": True})
    assert Builder(account, account.context()).converge(wanted).owner == "shop/dev"


def test_a_running_task_costs_what_the_price_list_says() -> None:
    assert task_monthly_usd(256, 512) == pytest.approx(9.01, abs=0.01)
    assert task_monthly_usd(256, 512, "ARM64") == pytest.approx(7.21, abs=0.01)

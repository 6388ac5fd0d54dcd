"""Game days: each scenario leaves AWS in a state that the diagnosis understands, and `heal` takes back what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.sandbox.conftest import ACCOUNT, REGION, Aws
from tests.sandbox.ecs_account import trust
from wizard.aws.calls import AwsCalls
from wizard.aws.session import Session, Target
from wizard.engine.clock import Clock
from wizard.errors import AwsError
from wizard.release.diagnosis.rule import Diagnosis
from wizard.release.examination import examine, refusal

REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
EXPECTED = {
    "bad-image": "image not found",
    "crash": "environment variable missing",
    "out-of-memory": "out of memory",
    "wrong-architecture": "wrong architecture",
    "unhealthy-path": "health check path missing",
    "loopback": "listens on loopback only",
    "slow-start": "grace period too short",
    "access-denied": "task role lacks a permission",
    "missing-secret": "secret scheduled for deletion",
    "expired-image": "image was removed",
    "missing-logs": "log group missing",
    "database-down": "database refuses connections",
    "no-capacity": "no capacity",
    "no-addresses": "no free addresses",
    "no-way-out": "registry not reachable",
    "throttling": "call throttled",
    "paused-hook": "deployment waits for a decision",
    "alarm": "alarm rolled it back",
    "scaled-to-zero": "scaled to zero",
}
NEEDS_SHIFTING = ("paused-hook",)
WORLD_IS_AT_FAULT = ("missing-secret", "expired-image", "missing-logs", "database-down", "no-capacity", "no-addresses")
"""Scenarios in which the running version is blameless: healing alone must bring it back."""


@dataclass
class Town:
    """An account with one service, `shop/dev/api`, that runs well."""

    aws: Aws
    calls: AwsCalls

    def examined(self) -> Diagnosis:
        return examine(self.calls, "main", "api")

    def until(self, said: Callable[[], bool], seconds: int = 3600) -> None:
        """Let AWS time pass until something is so."""
        for _ in range(0, seconds, 60):
            if said():
                return
            self.aws.pass_time(60)
        raise AssertionError(f"not within {seconds} s: {self.examined()}")

    def service(self) -> dict[str, Any]:
        found = self.aws.client("ecs").describe_services(cluster="main", services=["api"])
        return dict(found["services"][0])

    def is_steady(self) -> bool:
        service = self.service()
        return [each["rolloutState"] for each in service["deployments"]] == ["COMPLETED"] and service[
            "runningCount"
        ] == 2

    def play(self, scenario: str) -> dict[str, Any]:
        return dict(self.aws.control("POST", "break", {"scenario": scenario, "service": "shop/dev/api"}))


def founded(aws: Aws, *, shifting: bool = False) -> Town:
    """Make the town."""
    network = aws.network()
    aws.client("iam").create_role(
        RoleName="execution", AssumeRolePolicyDocument=json.dumps(trust("ecs-tasks.amazonaws.com"))
    )
    aws.client("logs").create_log_group(logGroupName="/ecs/api")
    aws.client("ecr").create_repository(repositoryName="api")
    secret = aws.client("secretsmanager").create_secret(Name="shop/dev/key", SecretString="x")["ARN"]
    aws.client("ecs").create_cluster(clusterName="main")
    groups, rule = _doors(aws, network.vpc, network.subnets)
    balancer: dict[str, Any] = {"targetGroupArn": groups[0], "containerName": "web", "containerPort": 8000}
    role = f"arn:aws:iam::{ACCOUNT}:role/execution"
    configuration: dict[str, Any] = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    if shifting:
        configuration = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 1}
        balancer["advancedConfiguration"] = {
            "alternateTargetGroupArn": groups[1],
            "productionListenerRule": rule,
            "roleArn": role,
        }
    definition = aws.client("ecs").register_task_definition(
        family="api",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[_container(secret)],
    )["taskDefinition"]["taskDefinitionArn"]
    aws.client("ecs").create_service(
        cluster="main",
        serviceName="api",
        taskDefinition=definition,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": network.subnets, "securityGroups": [network.group]},
        },
        loadBalancers=[balancer],
        deploymentConfiguration=configuration,
        tags=[
            {"key": "pilotage:deployment", "value": "shop/dev"},
            {"key": "pilotage:address", "value": "service.api"},
        ],
    )
    session = Session(Target(region=REGION, sandbox_url=aws.endpoint.url))
    town = Town(aws, AwsCalls(session, Clock(1_000_000), lambda _: None))
    town.until(town.is_steady)
    return town


def _container(secret: str) -> dict[str, Any]:
    return {
        "name": "web",
        "image": f"{REGISTRY}/api:v1",
        "portMappings": [{"containerPort": 8000}],
        "secrets": [{"name": "KEY", "valueFrom": secret}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {"awslogs-group": "/ecs/api", "awslogs-region": REGION, "awslogs-stream-prefix": "api"},
        },
    }


def _doors(aws: Aws, vpc: str, subnets: list[str]) -> tuple[list[str], str]:
    elb = aws.client("elbv2")
    balancer = elb.create_load_balancer(Name="api", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    groups = [
        elb.create_target_group(
            Name=name, Protocol="HTTP", Port=8000, VpcId=vpc, TargetType="ip", HealthCheckIntervalSeconds=15
        )["TargetGroups"][0]["TargetGroupArn"]
        for name in ("blue", "green")
    ]
    forward = [{"Type": "forward", "TargetGroupArn": groups[0]}]
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    arn = listener["Listeners"][0]["ListenerArn"]
    return groups, str(elb.describe_rules(ListenerArn=arn)["Rules"][0]["RuleArn"])


def test_every_scenario_has_a_line_and_an_expected_cause(aws: Aws) -> None:
    listed = aws.control("GET", "scenarios")
    assert {each["scenario"] for each in listed} == set(EXPECTED)
    assert all(each["line"] for each in listed)


def test_a_service_that_is_well_is_said_to_be_well(aws: Aws) -> None:
    town = founded(aws)
    before = len(aws.control("GET", "calls"))
    found = town.examined()
    assert (found.cause, found.normal) == ("nothing wrong", True)
    assert len(aws.control("GET", "calls")) - before <= 8


@pytest.mark.parametrize("scenario", [name for name in EXPECTED if name != "throttling"])
def test_a_scenario_is_diagnosed_as_what_it_is_and_healing_undoes_it(aws: Aws, scenario: str) -> None:
    town = founded(aws, shifting=scenario in NEEDS_SHIFTING)
    serving = town.service()["taskDefinition"]
    assert town.play(scenario)["service"] == "shop/dev/api"
    before = len(aws.control("GET", "calls"))
    town.until(lambda: town.examined().cause == EXPECTED[scenario])
    assert town.examined().evidence
    assert len(aws.control("GET", "calls")) > before
    healed = aws.control("POST", "heal")
    assert [each["scenario"] for each in healed] == [scenario]
    if scenario in WORLD_IS_AT_FAULT:
        town.until(town.is_steady)
        town.aws.client("ecs").update_service(cluster="main", service="api", forceNewDeployment=True)
        town.until(town.is_steady)
        assert town.service()["taskDefinition"] == serving
        assert town.examined().cause == "nothing wrong"
    assert aws.control("POST", "heal") == []


def test_throttling_refuses_ecs_and_nothing_else_until_it_is_healed(aws: Aws) -> None:
    town = founded(aws)
    town.play("throttling")
    with pytest.raises(AwsError) as raised:
        town.examined()
    assert refusal(raised.value).cause == EXPECTED["throttling"]
    assert aws.client("logs").describe_log_groups()["logGroups"]
    aws.control("POST", "heal")
    assert town.examined().cause == "nothing wrong"


def test_a_paused_deployment_goes_on_once_it_is_healed(aws: Aws) -> None:
    town = founded(aws, shifting=True)
    town.play("paused-hook")
    town.until(lambda: town.examined().cause == "deployment waits for a decision")
    assert "--hook-id" in town.examined().command and "HOOK" not in town.examined().command
    aws.control("POST", "heal")
    town.until(town.is_steady)
    assert town.service()["taskDefinition"].endswith(":2")


def test_a_version_of_a_teammate_is_left_for_the_person_to_roll_back(aws: Aws) -> None:
    town = founded(aws)
    town.play("crash")
    aws.control("POST", "heal")
    revisions = aws.client("ecs").list_task_definitions(familyPrefix="api")["taskDefinitionArns"]
    assert [arn.rpartition(":")[2] for arn in revisions] == ["1", "2"]
    told = aws.client("ecs").describe_task_definition(taskDefinition="api:2", include=["TAGS"])["tags"]
    assert {"key": "pilotage:by", "value": "sam"} in told


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"scenario": "earthquake"}, "there is no scenario earthquake; there are: bad-image"),
        (
            {"scenario": "crash", "service": "shop/dev/worker"},
            "there is no service shop/dev/worker; there are: shop/dev/api",
        ),
        ({"scenario": "paused-hook"}, "deploys by ROLLING, which has no hooks"),
    ],
)
def test_what_cannot_be_played_says_what_can(aws: Aws, asked: dict[str, str], words: str) -> None:
    founded(aws)
    assert words in aws.control("POST", "break", asked)["error"]


def test_without_a_service_there_is_nothing_to_break(aws: Aws) -> None:
    assert "deploy one first" in aws.control("POST", "break", {"scenario": "crash"})["error"]

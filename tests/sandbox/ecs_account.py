"""An account for the tests of the sandbox's ECS: a network, roles, images, and a clock that is moved by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.validate import ParamValidator
from moto import mock_aws

from wizard.sandbox import ecs
from wizard.sandbox.clock import SandboxClock
from wizard.sandbox.handling import HANDLERS, Call

ACCOUNT = "123456789012"
REGION = "us-east-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
MODELS = botocore.session.get_session()
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


@dataclass(frozen=True)
class HandClock(SandboxClock):
    """A clock that stands still until it is moved; one AWS second a second."""

    scale: float = 1.0
    moved: list[float] = field(default_factory=lambda: [0.0])
    began: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def monotonic(self) -> float:
        return self.moved[0]

    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.moved[0])


class Account:
    """Calls the handlers as the front door does, and checks every answer against botocore's model."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.aws("iam").create_role(
            RoleName="execution", AssumeRolePolicyDocument=json.dumps(trust("ecs-tasks.amazonaws.com"))
        )
        ec2 = self.aws("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{REGION}{zone}")[
                "Subnet"
            ]["SubnetId"]
            for index, zone in enumerate("ab")
        ]
        self.group = ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=self.vpc)["GroupId"]
        self.aws("logs").create_log_group(logGroupName="/app")
        self.aws("ecr").create_repository(repositoryName="app")
        self.call("CreateCluster", clusterName="main")

    def aws(self, service: str) -> Any:
        return client(service)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self._call("ecs", operation, params, dict)

    def target_health(self, group: str) -> list[dict[str, Any]]:
        def moto() -> dict[str, Any]:
            return dict(self.aws("elbv2").describe_target_health(TargetGroupArn=group))

        answer = self._call("elbv2", "DescribeTargetHealth", {"TargetGroupArn": group}, moto)
        return list(answer["TargetHealthDescriptions"])

    def _call(self, service: str, operation: str, params: dict[str, Any], moto: Any) -> dict[str, Any]:
        model = MODELS.get_service_model(service).operation_model(operation)
        asked = ParamValidator().validate(params, model.input_shape)
        assert not asked.has_errors(), asked.generate_report()
        answer = HANDLERS[(service, operation)](Call(service, operation, params, ACCOUNT, REGION, self.clock, moto))
        told = ParamValidator().validate(answer, model.output_shape)
        assert not told.has_errors(), told.generate_report()
        return answer

    def wait(self, seconds: float) -> None:
        self.clock.moved[0] += seconds

    def push(self, tag: str) -> str:
        """Push an image under a tag of its own; returns its reference."""
        kind = "application/vnd.oci.image.manifest.v1+json"
        manifest = {"schemaVersion": 2, "mediaType": kind, "layers": [{"digest": f"sha256:{tag}", "size": 1}]}
        self.aws("ecr").put_image(repositoryName="app", imageManifest=json.dumps(manifest), imageTag=tag)
        return f"{REGISTRY}/app:{tag}"

    def register(self, image: str = "public.ecr.aws/nginx/nginx:1", **container: Any) -> str:
        """Register a revision of `app` with one container; returns its ARN."""
        definition = {
            "name": "web",
            "image": image,
            "portMappings": [{"containerPort": 8080}],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "/app", "awslogs-region": REGION, "awslogs-stream-prefix": "web"},
            },
        }
        answer = self.call("RegisterTaskDefinition", **task_definition(definition | container))
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def target_group(self, **checks: Any) -> str:
        """Make a target group behind a load balancer of its own; returns its ARN."""
        elb = self.aws("elbv2")
        count = len(elb.describe_target_groups()["TargetGroups"])
        group = elb.create_target_group(
            Name=f"web-{count}", Protocol="HTTP", Port=8080, VpcId=self.vpc, TargetType="ip", **checks
        )["TargetGroups"][0]["TargetGroupArn"]
        balancer = elb.create_load_balancer(Name=f"web-{count}", Subnets=self.subnets)["LoadBalancers"][0]
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        return str(group)

    def create(self, definition: str, name: str = "app", group: str | None = None, **more: Any) -> dict[str, Any]:
        """Create a Fargate service, behind a target group when one is given."""
        params: dict[str, Any] = {
            "cluster": "main",
            "serviceName": name,
            "taskDefinition": definition,
            "desiredCount": 1,
            "launchType": "FARGATE",
            "networkConfiguration": self.network(),
            "deploymentConfiguration": BREAKER,
        }
        if group:
            params["loadBalancers"] = [{"targetGroupArn": group, "containerName": "web", "containerPort": 8080}]
        return dict(self.call("CreateService", **params | more)["service"])

    def network(self) -> dict[str, Any]:
        return {"awsvpcConfiguration": {"subnets": self.subnets, "securityGroups": [self.group]}}

    def update(self, name: str = "app", **changes: Any) -> dict[str, Any]:
        return dict(self.call("UpdateService", cluster="main", service=name, **changes)["service"])

    def service(self, name: str = "app") -> dict[str, Any]:
        answer = self.call("DescribeServices", cluster="main", services=[name], include=["TAGS"])
        return dict(answer["services"][0])

    def deployment(self, name: str = "app", index: int = 0) -> dict[str, Any]:
        """The service deployment that is `index` back from the newest."""
        found = self.call("ListServiceDeployments", cluster="main", service=name)["serviceDeployments"][index]
        arns = [found["serviceDeploymentArn"]]
        answer = self.call("DescribeServiceDeployments", serviceDeploymentArns=arns)
        return dict(answer["serviceDeployments"][0])

    def tasks(self, status: str = "RUNNING", name: str = "app") -> list[dict[str, Any]]:
        arns = self.call("ListTasks", cluster="main", serviceName=name, desiredStatus=status)["taskArns"]
        return list(self.call("DescribeTasks", cluster="main", tasks=arns)["tasks"]) if arns else []

    def events(self, name: str = "app") -> list[str]:
        return [event["message"] for event in self.service(name)["events"]]

    def seconds_until(self, status: str, limit: int = 3600, name: str = "app") -> int:
        """Let time pass until the newest service deployment has the status; returns how long it took."""
        for second in range(0, limit, 5):
            if self.deployment(name)["status"] == status:
                return second
            self.wait(5)
        raise AssertionError(f"{self.deployment(name)['status']} after {limit} s, not {status}")


@cache
def client(service: str) -> Any:
    """One client for all tests: making one costs more than most tests."""
    return boto3.client(service, REGION, aws_access_key_id="testing", aws_secret_access_key="testing")


def trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def task_definition(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "family": "app",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
        "containerDefinitions": list(containers),
    } | more


@pytest.fixture
def fresh_account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """A fresh account whose ECS knows nothing of other tests; no machine images, which take moto half a second."""
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with mock_aws():
        ecs.reset()
        yield Account()
        ecs.reset()

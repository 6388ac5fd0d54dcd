"""Express Mode of the sandbox: one request makes everything, updates are canaries, the end leaves nothing around."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import ACCOUNT, Aws

ROLES = {"execution": "ecs-tasks.amazonaws.com", "infrastructure": "ecs.amazonaws.com"}


@pytest.fixture
def roles(aws: Aws) -> dict[str, str]:
    """The two roles that Express Mode needs."""
    found = {}
    for name, principal in ROLES.items():
        statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        found[name] = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    return found


def made(aws: Aws, roles: dict[str, str], image: str = "public.ecr.aws/shop/web:v1", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = aws.client("ecs").create_express_gateway_service(
        serviceName="web",
        executionRoleArn=roles["execution"],
        infrastructureRoleArn=roles["infrastructure"],
        primaryContainer={"image": image, "containerPort": 8080},
        healthCheckPath="/health",
        **more,
    )
    return answer["service"]  # type: ignore[no-any-return]


def described(aws: Aws, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("ecs").describe_express_gateway_service(serviceArn=arn)["service"]
    return found


def rollout(aws: Aws) -> dict[str, Any]:
    listed = aws.client("ecs").list_service_deployments(cluster="default", service="web")["serviceDeployments"]
    return dict(max(listed, key=lambda one: one["createdAt"]))


def types(aws: Aws) -> set[str]:
    kinds = {"loadbalancer", "targetgroup", "service", "task"}
    live = [one for one in aws.control("GET", "inventory") if one.get("status") not in ("INACTIVE", "STOPPED")]
    return {one["type"] for one in live} & kinds


def test_one_request_makes_cluster_load_balancer_and_an_address(aws: Aws, roles: dict[str, str]) -> None:
    service = made(aws, roles)
    aws.pass_time(300)
    shown = described(aws, service["serviceArn"])
    (active,) = shown["activeConfigurations"]
    assert active["ingressPaths"] == [{"accessType": "PUBLIC", "endpoint": "https://web.ecs.us-east-1.on.aws"}]
    assert (shown["cluster"], shown["status"]["statusCode"]) == ("default", "ACTIVE")
    assert (active["cpu"], active["memory"]) == ("256", "512")
    assert types(aws) == {"loadbalancer", "targetgroup", "service", "task"}
    (plain,) = aws.client("ecs").describe_services(cluster="default", services=["web"])["services"]
    assert (plain["resourceManagementType"], plain["runningCount"]) == ("ECS", 1)


def test_an_update_is_a_canary_of_two_bakes(aws: Aws, roles: dict[str, str]) -> None:
    arn = made(aws, roles)["serviceArn"]
    aws.pass_time(400)
    container = {"image": "public.ecr.aws/shop/web:v2", "containerPort": 8080}
    aws.client("ecs").update_express_gateway_service(serviceArn=arn, primaryContainer=container)
    aws.pass_time(240)
    assert rollout(aws)["status"] == "IN_PROGRESS"
    assert len(described(aws, arn)["activeConfigurations"]) == 2
    aws.pass_time(600)
    assert rollout(aws)["status"] == "SUCCESSFUL"
    (active,) = described(aws, arn)["activeConfigurations"]
    assert active["primaryContainer"]["image"].endswith(":v2")


def test_a_version_that_crashes_is_taken_back(aws: Aws, roles: dict[str, str]) -> None:
    repository = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web"
    ecr = aws.client("ecr")
    ecr.create_repository(repositoryName="web")
    manifest = json.dumps({"schemaVersion": 2, "layers": [], "annotations": {"tag": "v2-crash"}})
    media = "application/vnd.oci.image.manifest.v1+json"
    ecr.put_image(repositoryName="web", imageTag="v2-crash", imageManifest=manifest, imageManifestMediaType=media)
    arn = made(aws, roles, f"{repository}:v1")["serviceArn"]
    aws.pass_time(400)
    container = {"image": f"{repository}:v2-crash", "containerPort": 8080}
    aws.client("ecs").update_express_gateway_service(serviceArn=arn, primaryContainer=container)
    for _ in range(4):
        aws.pass_time(200)
        described(aws, arn)
    assert rollout(aws)["status"] == "ROLLBACK_SUCCESSFUL"
    (active,) = described(aws, arn)["activeConfigurations"]
    assert active["primaryContainer"]["image"].endswith(":v1")


def test_a_deleted_service_takes_what_was_made_around_it_along(aws: Aws, roles: dict[str, str]) -> None:
    arn = made(aws, roles)["serviceArn"]
    aws.pass_time(300)
    aws.client("ecs").delete_express_gateway_service(serviceArn=arn)
    assert described(aws, arn)["status"]["statusCode"] == "DRAINING"
    for _ in range(4):
        aws.pass_time(120)
        described(aws, arn)
    assert described(aws, arn)["status"]["statusCode"] == "INACTIVE"
    assert types(aws) == set()
    assert made(aws, roles)["serviceArn"] == arn


def test_a_second_service_of_the_vpc_shares_the_load_balancer(aws: Aws, roles: dict[str, str]) -> None:
    made(aws, roles)
    other = {"image": "public.ecr.aws/shop/api:v1", "containerPort": 8080}
    aws.client("ecs").create_express_gateway_service(
        serviceName="api",
        executionRoleArn=roles["execution"],
        infrastructureRoleArn=roles["infrastructure"],
        primaryContainer=other,
    )
    balancers = aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert [one["LoadBalancerName"].startswith("ecs-express-gateway-alb-") for one in balancers] == [True]
    assert len(aws.client("elbv2").describe_target_groups()["TargetGroups"]) == 4


def test_a_taken_name_an_unknown_role_and_a_missing_container_are_refused(aws: Aws, roles: dict[str, str]) -> None:
    made(aws, roles)
    create, role = "create_express_gateway_service", roles["infrastructure"]
    container = {"image": "public.ecr.aws/shop/web:v1"}
    given: dict[str, Any] = {"serviceName": "web", "infrastructureRoleArn": role, "primaryContainer": container}
    assert "not idempotent" in aws.refusal("ecs", create, **given)[1]
    nobody = {"infrastructureRoleArn": f"arn:aws:iam::{ACCOUNT}:role/nobody"}
    assert "Unable to assume" in aws.refusal("ecs", create, **{**given, "serviceName": "api"} | nobody)[1]
    assert "primaryContainer" in aws.refusal("ecs", create, serviceName="api", infrastructureRoleArn=role)[1]

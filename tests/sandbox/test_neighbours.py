"""What ECS services hold in other services, and what goes with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import Aws, Network

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/app/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}


@pytest.fixture
def service(aws: Aws) -> Network:
    """A service `web` with one task in a network."""
    net, ecs = aws.network(), aws.client("ecs")
    ecs.create_cluster(clusterName="app")
    role = aws.client("iam").create_role(RoleName="tasks", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    ecs.register_task_definition(
        family="web",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[{"name": "web", "image": "ghcr.io/example/web:v1"}],
    )
    awsvpc: dict[str, Any] = {"subnets": net.subnets, "securityGroups": [net.group], "assignPublicIp": "ENABLED"}
    ecs.create_service(
        cluster="app",
        serviceName="web",
        taskDefinition="web",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": awsvpc},
    )
    aws.pass_time(10)
    ecs.describe_services(cluster="app", services=["web"])
    return net


def test_the_interface_of_a_task_holds_subnet_group_and_gateway(aws: Aws, service: Network) -> None:
    of_group = [{"Name": "group-id", "Values": [service.group]}]
    found = aws.client("ec2").describe_network_interfaces(Filters=of_group)["NetworkInterfaces"]
    assert len(found) == 1
    again = aws.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[found[0]["NetworkInterfaceId"]])
    assert again["NetworkInterfaces"] == found
    for operation, params in (
        ("delete_subnet", {"SubnetId": found[0]["SubnetId"]}),
        ("delete_security_group", {"GroupId": service.group}),
        ("detach_internet_gateway", {"VpcId": service.vpc, "InternetGatewayId": service.gateway}),
    ):
        assert aws.refusal("ec2", operation, **params)[0] == "DependencyViolation"


def test_a_service_settles_while_time_passes(aws: Aws, service: Network) -> None:
    aws.pass_time(300)
    shown = aws.client("ecs").describe_services(cluster="app", services=["web"])["services"][0]
    assert (shown["runningCount"], shown["deployments"][0]["rolloutState"]) == (1, "COMPLETED")


def test_scaling_needs_its_service_and_takes_policies_and_alarms_along(aws: Aws, service: Network) -> None:
    scaling = aws.client("application-autoscaling")
    limits = {"MinCapacity": 1, "MaxCapacity": 3}
    code, message = aws.refusal(
        "application-autoscaling",
        "register_scalable_target",
        **(TARGET | {"ResourceId": "service/app/none"}),
        **limits,
    )
    assert (code, "ECS service doesn't exist" in message) == ("ValidationException", True)
    scaling.register_scalable_target(**TARGET, **limits)
    cpu = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    scaling.put_scaling_policy(
        **TARGET,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 70.0, "PredefinedMetricSpecification": cpu},
    )
    assert len(aws.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 2
    scaling.deregister_scalable_target(**TARGET)
    assert aws.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    left = {entry["service"] for entry in aws.control("GET", "inventory")}
    assert not left & {"application-autoscaling", "cloudwatch"}


def test_flow_logs_have_a_token_and_a_role_that_exists(aws: Aws) -> None:
    ec2, net = aws.client("ec2"), aws.network()
    aws.client("logs").create_log_group(logGroupName="/flow")
    wanted: dict[str, Any] = {
        "ResourceType": "VPC",
        "ResourceIds": [net.vpc],
        "TrafficType": "ALL",
        "LogGroupName": "/flow",
        "ClientToken": "one",
    }
    missing = wanted | {"DeliverLogsPermissionArn": "arn:aws:iam::000000000000:role/none"}
    code, message = aws.refusal("ec2", "create_flow_logs", **missing)
    assert (code, "Unable to assume given IAM role" in message) == ("InvalidParameter", True)
    role = aws.client("iam").create_role(RoleName="flow", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    made = ec2.create_flow_logs(**wanted, DeliverLogsPermissionArn=role)["FlowLogIds"]
    assert ec2.create_flow_logs(**wanted, DeliverLogsPermissionArn=role)["FlowLogIds"] == made
    assert len(ec2.describe_flow_logs()["FlowLogs"]) == 1

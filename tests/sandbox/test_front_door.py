"""The front door: who is asked, what is not built, what is recorded, faults and delays on demand."""

from __future__ import annotations

import socket
import time

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.sandbox.conftest import ACCOUNT, Aws


def test_everyone_is_the_sandboxs_user(aws: Aws) -> None:
    caller = aws.client("sts").get_caller_identity()
    assert caller["Account"] == ACCOUNT
    assert caller["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/sandbox"


def test_a_new_world_has_a_default_vpc_and_a_public_zone_in_it(aws: Aws) -> None:
    vpcs = aws.client("ec2").describe_vpcs()["Vpcs"]
    assert [vpc["IsDefault"] for vpc in vpcs] == [True]
    zones = aws.client("route53").list_hosted_zones()["HostedZones"]
    assert [(zone["Name"], zone["Config"]["PrivateZone"]) for zone in zones] == [("example.com.", False)]


def test_regions_are_apart(aws: Aws) -> None:
    aws.client("logs").create_log_group(logGroupName="/here")
    assert aws.client("logs", "eu-west-1").describe_log_groups()["logGroups"] == []


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("pricing", "describe_services", {}),
        ("bedrock", "list_foundation_models", {}),
        ("iam", "simulate_custom_policy", {"PolicyInputList": ["{}"], "ActionNames": ["s3:GetObject"]}),
        ("apprunner", "list_connections", {}),
        ("s3", "list_directory_buckets", {}),
    ],
)
def test_what_is_not_built_says_so_in_the_services_protocol(
    aws: Aws, service: str, operation: str, params: dict[str, object]
) -> None:
    code, message = aws.refusal(service, operation, **params)
    assert code == "SandboxNotBuilt"
    assert service in message


def test_a_dry_run_of_ec2_does_nothing(aws: Aws) -> None:
    assert aws.refusal("ec2", "create_vpc", CidrBlock="10.0.0.0/16", DryRun=True)[0] == "DryRunOperation"
    assert len(aws.client("ec2").describe_vpcs()["Vpcs"]) == 1


def test_calls_are_recorded_with_what_they_may_change(aws: Aws) -> None:
    aws.client("ecr").create_repository(repositoryName="app")
    aws.client("ecr").describe_repositories()
    aws.refusal("ecr", "describe_repositories", repositoryNames=["none"])
    calls = aws.control("GET", "calls")
    assert [(call["operation"], call["mutating"], call["status"]) for call in calls] == [
        ("CreateRepository", True, 200),
        ("DescribeRepositories", False, 200),
        ("DescribeRepositories", False, 400),
    ]
    assert calls[2]["code"] == "RepositoryNotFoundException"
    assert aws.control("GET", "calls?since=2") == calls[2:]


def test_a_throttled_call_has_the_services_own_code_and_changes_nothing(aws: Aws) -> None:
    aws.control("POST", "faults", {"service": "ec2", "operation": "CreateVpc", "mode": "throttle"})
    assert aws.refusal("ec2", "create_vpc", CidrBlock="10.0.0.0/16")[0] == "RequestLimitExceeded"
    assert aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def test_a_lost_answer_leaves_the_work_done_and_a_lost_request_does_not(aws: Aws) -> None:
    aws.control("POST", "faults", {"service": "ecr", "operation": "CreateRepository", "mode": "lost_answer"})
    aws.control("POST", "faults", {"service": "logs", "operation": "CreateLogGroup", "mode": "lost_request"})
    with pytest.raises(ConnectionClosedError):
        aws.client("ecr").create_repository(repositoryName="app")
    with pytest.raises(ConnectionClosedError):
        aws.client("logs").create_log_group(logGroupName="/app")
    assert len(aws.client("ecr").describe_repositories()["repositories"]) == 1
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_an_injected_error_comes_as_often_as_asked_and_can_be_taken_back(aws: Aws) -> None:
    fault = {"service": "*", "operation": "ListBuckets", "mode": "error", "code": "Odd", "message": "no", "times": 2}
    aws.control("POST", "faults", fault)
    assert aws.refusal("s3", "list_buckets") == ("Odd", "no")
    aws.control("DELETE", "faults")
    assert aws.client("s3").list_buckets()["Buckets"] == []
    assert "error" in aws.control("POST", "faults", {"mode": "explode"})


def test_latency_is_added_to_each_call(aws: Aws) -> None:
    aws.client("sts").get_caller_identity()
    aws.control("POST", "latency", {"ms": 60})
    began = time.perf_counter()
    aws.client("sts").get_caller_identity()
    assert time.perf_counter() - began >= 0.06


def test_a_reset_gives_a_fresh_world(aws: Aws) -> None:
    aws.network()
    aws.client("s3").create_bucket(Bucket="something")
    aws.control("POST", "reset")
    assert aws.control("GET", "inventory") == []
    assert aws.control("GET", "calls") == []


def test_status_tells_pid_port_and_scale(aws: Aws) -> None:
    status = aws.control("GET", "status")
    assert (status["pid"], status["port"], status["scale"]) == (aws.endpoint.pid, aws.endpoint.port, 1.0)
    assert "endpoints" in aws.control("GET", "nonsense")


def test_a_request_whose_client_dies_in_the_middle_was_never_made(aws: Aws) -> None:
    aws.client("s3").create_bucket(Bucket="half-a-request")
    address = aws.endpoint.url.removeprefix("http://").split(":")
    scope = "Credential=x/20261126/us-east-1/s3/aws4_request"
    with socket.create_connection((address[0], int(address[1]))) as connection:
        head = f"PUT /half-a-request/key HTTP/1.1\r\nHost: s3\r\nAuthorization: AWS4-HMAC-SHA256 {scope}, x=y\r\n"
        connection.sendall(f"{head}Content-Length: 100\r\n\r\nhalf".encode())
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket="half-a-request")

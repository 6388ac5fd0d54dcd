"""App Runner of the sandbox: operations take their time, one at a time; failed ones leave what AWS leaves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import ACCOUNT, Aws

NO_SCALING = f"arn:aws:apprunner:us-east-1:{ACCOUNT}:autoscalingconfiguration/none/1/0a"
REPOSITORY = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web"


@pytest.fixture
def access(aws: Aws) -> str:
    """A repository with its first images, and a role that may pull them."""
    aws.client("ecr").create_repository(repositoryName="web")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "build.apprunner.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = aws.client("iam").create_role(RoleName="access", AssumeRolePolicyDocument=trust)
    return str(role["Role"]["Arn"])


def request(access: str, tag: str = "v1", **change: Any) -> dict[str, Any]:
    repository = {
        "ImageIdentifier": f"{REPOSITORY}:{tag}",
        "ImageRepositoryType": "ECR",
        "ImageConfiguration": {"Port": "8080"},
    }
    source = {"ImageRepository": repository, "AuthenticationConfiguration": {"AccessRoleArn": access}}
    return {"ServiceName": "web-service", "SourceConfiguration": source} | change


def made(aws: Aws, access: str, tag: str = "v1") -> str:
    """A service after ten minutes."""
    arn = aws.client("apprunner").create_service(**request(access, tag))["Service"]["ServiceArn"]
    aws.pass_time(610)
    return str(arn)


def status(aws: Aws, arn: str) -> str:
    return str(aws.client("apprunner").describe_service(ServiceArn=arn)["Service"]["Status"])


def last(aws: Aws, arn: str) -> tuple[str, str]:
    newest = aws.client("apprunner").list_operations(ServiceArn=arn, MaxResults=1)["OperationSummaryList"][0]
    return newest["Type"], newest["Status"]


def push(aws: Aws, tag: str) -> None:
    manifest = json.dumps({"schemaVersion": 2, "layers": [], "annotations": {"tag": tag}})
    media = "application/vnd.oci.image.manifest.v1+json"
    aws.client("ecr").put_image(
        repositoryName="web", imageTag=tag, imageManifest=manifest, imageManifestMediaType=media
    )


def test_a_service_runs_after_four_minutes_and_deploys_pushed_tags_by_default(aws: Aws, access: str) -> None:
    answer = aws.client("apprunner").create_service(**request(access))
    service = answer["Service"]
    assert service["Status"] == "OPERATION_IN_PROGRESS"
    assert service["SourceConfiguration"]["AutoDeploymentsEnabled"] is True
    assert service["ServiceUrl"].endswith(".us-east-1.awsapprunner.com")
    aws.pass_time(235)
    assert status(aws, service["ServiceArn"]) == "OPERATION_IN_PROGRESS"
    aws.pass_time(10)
    assert status(aws, service["ServiceArn"]) == "RUNNING"
    assert last(aws, service["ServiceArn"]) == ("CREATE_SERVICE", "SUCCEEDED")


def test_nothing_else_can_be_asked_while_an_operation_is_under_way(aws: Aws, access: str) -> None:
    arn = aws.client("apprunner").create_service(**request(access))["Service"]["ServiceArn"]
    for operation in ("update_service", "pause_service", "delete_service"):
        assert aws.refusal("apprunner", operation, ServiceArn=arn)[0] == "InvalidStateException"


@pytest.mark.parametrize("tag", ["never-pushed", "v2-crash", "v2-unhealthy"])
def test_a_failed_creation_holds_its_name_until_it_is_deleted(tag: str, aws: Aws, access: str) -> None:
    if tag.startswith("v2"):
        push(aws, tag)
    arn = made(aws, access, tag)
    assert (status(aws, arn), last(aws, arn)) == ("CREATE_FAILED", ("CREATE_SERVICE", "FAILED"))
    assert aws.refusal("apprunner", "update_service", ServiceArn=arn)[0] == "InvalidStateException"
    code, message = aws.refusal("apprunner", "create_service", **request(access))
    assert code == "InvalidRequestException"
    assert "already exists" in message
    aws.client("apprunner").delete_service(ServiceArn=arn)
    aws.pass_time(95)
    assert aws.client("apprunner").list_services()["ServiceSummaryList"] == []
    aws.client("apprunner").create_service(**request(access))


def test_a_failed_update_goes_back_to_what_was_before_it(aws: Aws, access: str) -> None:
    arn = made(aws, access)
    push(aws, "v2-crash")
    aws.client("apprunner").update_service(
        ServiceArn=arn, SourceConfiguration=request(access, "v2-crash")["SourceConfiguration"]
    )
    aws.pass_time(605)
    assert last(aws, arn) == ("UPDATE_SERVICE", "ROLLBACK_IN_PROGRESS")
    aws.pass_time(65)
    assert last(aws, arn) == ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED")
    service = aws.client("apprunner").describe_service(ServiceArn=arn)["Service"]
    assert service["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"].endswith(":v1")
    assert service["Status"] == "RUNNING"


def test_a_paused_service_takes_no_update_and_can_be_resumed(aws: Aws, access: str) -> None:
    arn, runner = made(aws, access), aws.client("apprunner")
    runner.pause_service(ServiceArn=arn)
    aws.pass_time(65)
    assert status(aws, arn) == "PAUSED"
    assert aws.refusal("apprunner", "update_service", ServiceArn=arn)[0] == "InvalidStateException"
    runner.resume_service(ServiceArn=arn)
    aws.pass_time(125)
    assert status(aws, arn) == "RUNNING"


def test_an_autoscaling_configuration_has_revisions_and_stays_while_a_service_uses_it(aws: Aws, access: str) -> None:
    runner = aws.client("apprunner")
    arns = [
        runner.create_auto_scaling_configuration(AutoScalingConfigurationName="some", MaxSize=size)[
            "AutoScalingConfiguration"
        ]["AutoScalingConfigurationArn"]
        for size in (2, 3)
    ]
    listed = runner.list_auto_scaling_configurations(AutoScalingConfigurationName="some", LatestOnly=True)
    (latest,) = listed["AutoScalingConfigurationSummaryList"]
    assert (latest["AutoScalingConfigurationArn"], latest["AutoScalingConfigurationRevision"]) == (arns[1], 2)
    runner.create_service(**request(access, AutoScalingConfigurationArn=arns[1]))
    assert (
        "in use"
        in aws.refusal("apprunner", "delete_auto_scaling_configuration", AutoScalingConfigurationArn=arns[1])[1]
    )
    runner.delete_auto_scaling_configuration(AutoScalingConfigurationArn=arns[0])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"InstanceConfiguration": {"Cpu": "1024", "Memory": "512"}}, "does not go with"),
        ({"ServiceName": "web"}, "ServiceName"),
        (
            {"AutoScalingConfigurationArn": "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/x/1/a"},
            "x",
        ),
    ],
)
def test_what_app_runner_does_not_take_is_refused(change: dict[str, Any], says: str, aws: Aws, access: str) -> None:
    assert says.lower() in aws.refusal("apprunner", "create_service", **request(access, **change))[1].lower()


def test_a_closed_account_may_look_but_not_make(aws: Aws, access: str) -> None:
    assert aws.control("POST", "app-runner", {"open": False}) == {"open": False}
    assert aws.refusal("apprunner", "create_service", **request(access))[0] == "AccessDeniedException"
    assert aws.client("apprunner").list_services()["ServiceSummaryList"] == []
    aws.control("POST", "reset")
    assert aws.control("POST", "app-runner", {"open": True}) == {"open": True}

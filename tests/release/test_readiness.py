"""Targets of a rollback that could start, then something happened to them: none may still be called ready."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.release.conftest import SCALE
from tests.release.shop import ACCOUNT, REGION, Shop, trust
from wizard.aws import sandbox
from wizard.aws.calls import AwsCalls
from wizard.aws.session import Session
from wizard.engine.clock import Clock
from wizard.engine.kind import Calls
from wizard.errors import AwsError
from wizard.release.readiness import Can, Readiness
from wizard.release.ready import readiness_of
from wizard.release.standing import read_standing

Break = Callable[[Shop], object]


@pytest.fixture(scope="module")
def open_shop(practice_home: Path, practice_session: Session) -> Iterator[Shop]:
    """One shop for all cases; each breaks only what is its own."""
    sandbox.reset(practice_home)
    shop = Shop(AwsCalls(practice_session, Clock(SCALE))).build()
    shop.create(shop.register(shop.push("running")))
    yield shop


def secret(shop: Shop, name: str, value: str = '{"password": "x"}') -> str:
    return str(shop.aws.write("secretsmanager", "create_secret", Name=name, SecretString=value)["ARN"])


def with_secret(value_from: str) -> dict[str, Any]:
    return {"secrets": [{"name": "PASSWORD", "valueFrom": value_from}]}


def gone_secret(shop: Shop) -> tuple[str, Break]:
    arn = secret(shop, "gone")
    drop = lambda s: s.aws.write("secretsmanager", "delete_secret", SecretId=arn, ForceDeleteWithoutRecovery=True)  # noqa: E731
    return shop.register(shop.push("s1"), with_secret(arn)), drop


def secret_marked_for_deletion(shop: Shop) -> tuple[str, Break]:
    arn = secret(shop, "marked")
    drop = lambda s: s.aws.write("secretsmanager", "delete_secret", SecretId=arn)  # noqa: E731
    return shop.register(shop.push("s2"), with_secret(arn)), drop


def secret_made_again_under_its_name(shop: Shop) -> tuple[str, Break]:
    arn = secret(shop, "again")

    def swap(s: Shop) -> None:
        s.aws.write("secretsmanager", "delete_secret", SecretId=arn, ForceDeleteWithoutRecovery=True)
        assert secret(s, "again") != arn

    return shop.register(shop.push("s3"), with_secret(arn)), swap


def secret_without_its_key(shop: Shop) -> tuple[str, Break]:
    arn = secret(shop, "keyed")
    text = json.dumps({"user": "x"})
    change = lambda s: s.aws.write("secretsmanager", "put_secret_value", SecretId=arn, SecretString=text)  # noqa: E731
    return shop.register(shop.push("s4"), with_secret(f"{arn}:password::")), change


def secret_that_is_no_longer_json(shop: Shop) -> tuple[str, Break]:
    arn = secret(shop, "text")
    change = lambda s: s.aws.write("secretsmanager", "put_secret_value", SecretId=arn, SecretString="plain")  # noqa: E731
    return shop.register(shop.push("s5"), with_secret(f"{arn}:password::")), change


def gone_parameter_by_name(shop: Shop) -> tuple[str, Break]:
    shop.aws.write("ssm", "put_parameter", Name="/shop/one", Value="x", Type="SecureString")
    drop = lambda s: s.aws.write("ssm", "delete_parameter", Name="/shop/one")  # noqa: E731
    return shop.register(shop.push("p1"), with_secret("/shop/one")), drop


def gone_parameter_by_arn(shop: Shop) -> tuple[str, Break]:
    shop.aws.write("ssm", "put_parameter", Name="/shop/two", Value="x", Type="String")
    arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/shop/two"
    return shop.register(
        shop.push("p2"), with_secret(arn)
    ), lambda s: s.aws.write("ssm", "delete_parameter", Name="/shop/two") and None


def gone_image_by_digest(shop: Shop) -> tuple[str, Break]:
    reference = shop.push("d1")
    answer = shop.aws.read("ecr", "describe_images", repositoryName="app", imageIds=[{"imageTag": "d1"}])
    digest = answer["imageDetails"][0]["imageDigest"]
    return shop.register(f"{reference.rpartition(':')[0]}@{digest}"), lambda s: s.remove_image("d1")


def gone_repository(shop: Shop) -> tuple[str, Break]:
    shop.aws.write("ecr", "create_repository", repositoryName="other")
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "layers": [{"digest": "sha256:o", "size": 1}]})
    put = shop.aws.write("ecr", "put_image", repositoryName="other", imageManifest=manifest, imageTag="o")
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/other@{put['image']['imageId']['imageDigest']}"
    return shop.register(
        image
    ), lambda s: s.aws.write("ecr", "delete_repository", repositoryName="other", force=True) and None


def gone_log_group(shop: Shop) -> tuple[str, Break]:
    shop.aws.write("logs", "create_log_group", logGroupName="/shop-old")
    options = {"awslogs-group": "/shop-old", "awslogs-region": REGION, "awslogs-stream-prefix": "web"}
    log = {"logConfiguration": {"logDriver": "awslogs", "options": options}}
    drop = lambda s: s.aws.write("logs", "delete_log_group", logGroupName="/shop-old")  # noqa: E731
    return shop.register(shop.push("l1"), log), drop


def gone_execution_role(shop: Shop) -> tuple[str, Break]:
    arn = shop.role("old-execution")
    drop = lambda s: s.aws.write("iam", "delete_role", RoleName="old-execution")  # noqa: E731
    return shop.register(shop.push("r1"), executionRoleArn=arn), drop


def gone_task_role(shop: Shop) -> tuple[str, Break]:
    arn = shop.role("old-task")
    drop = lambda s: s.aws.write("iam", "delete_role", RoleName="old-task")  # noqa: E731
    return shop.register(shop.push("r2"), taskRoleArn=arn), drop


def role_that_trusts_somebody_else(shop: Shop) -> tuple[str, Break]:
    arn = shop.role("moved")
    policy = trust("lambda.amazonaws.com")
    change = lambda s: s.aws.write("iam", "update_assume_role_policy", RoleName="moved", PolicyDocument=policy)  # noqa: E731
    return shop.register(shop.push("r3"), taskRoleArn=arn), change


def efs(shop: Shop, token: str) -> str:
    return str(shop.aws.write("efs", "create_file_system", CreationToken=token)["FileSystemId"])


def volume(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"volumes": [{"name": "data", "efsVolumeConfiguration": dict(settings)}]}


def gone_file_system(shop: Shop) -> tuple[str, Break]:
    one = efs(shop, "one")
    shop.aws.clock.sleep(120)
    drop = lambda s: s.aws.write("efs", "delete_file_system", FileSystemId=one)  # noqa: E731
    return shop.register(shop.push("e1"), **volume({"fileSystemId": one})), drop


def gone_access_point(shop: Shop) -> tuple[str, Break]:
    one = efs(shop, "two")
    shop.aws.clock.sleep(120)
    point = shop.aws.write("efs", "create_access_point", ClientToken="two", FileSystemId=one)["AccessPointId"]
    shop.aws.clock.sleep(120)
    settings = {
        "fileSystemId": one,
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": point},
    }
    drop = lambda s: s.aws.write("efs", "delete_access_point", AccessPointId=point)  # noqa: E731
    return shop.register(shop.push("e2"), **volume(settings)), drop


def deleted_definition(shop: Shop) -> tuple[str, Break]:
    arn = shop.register(shop.push("t1"))

    def drop(s: Shop) -> None:
        s.aws.write("ecs", "deregister_task_definition", taskDefinition=arn)
        s.aws.write("ecs", "delete_task_definitions", taskDefinitions=[arn])

    return arn, drop


CASES: tuple[tuple[Callable[[Shop], tuple[str, Break]], str], ...] = (
    (gone_secret, "secret"),
    (secret_marked_for_deletion, "marked for deletion"),
    (secret_made_again_under_its_name, "gone"),
    (secret_without_its_key, "has no key password"),
    (secret_that_is_no_longer_json, "is not JSON"),
    (gone_parameter_by_name, "the parameter /shop/one is gone"),
    (gone_parameter_by_arn, "the parameter /shop/two is gone"),
    (gone_image_by_digest, "is gone from ECR"),
    (gone_repository, "the repository other is gone"),
    (gone_log_group, "the log group /shop-old is gone"),
    (gone_execution_role, "role old-execution is gone"),
    (gone_task_role, "role old-task is gone"),
    (role_that_trusts_somebody_else, "cannot be assumed by ecs-tasks.amazonaws.com"),
    (gone_file_system, "file system"),
    (gone_access_point, "access point"),
    (deleted_definition, "is deleted"),
)


def readiness(shop: Shop, arn: str, aws: Calls | None = None) -> Readiness:
    """The readiness of one revision, as the service stands now."""
    standing = read_standing(shop.aws, shop.found(), shop.aws.clock.now(), limit=100)
    known = {one.id: one for one in standing.revisions}
    one = known.get(arn) or replace(standing.revisions[0], id=arn, label=arn.rpartition("/")[2], status="GONE")
    return readiness_of(aws or shop.aws, standing, [one])[one.id]


@pytest.mark.parametrize(("case", "reason"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_a_target_that_could_start_cannot_any_more(
    open_shop: Shop, case: Callable[[Shop], tuple[str, Break]], reason: str
) -> None:
    arn, happen = case(open_shop)
    before = readiness(open_shop, arn)
    assert before.can in (Can.YES, Can.UNKNOWN), before.reason
    assert "gone" not in before.reason
    happen(open_shop)
    after = readiness(open_shop, arn)
    assert after.can is Can.NO
    assert reason in after.reason


SHAPES: Mapping[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "no container to which the load balancer sends": ({"name": "other"}, {}, "has no container web"),
    "another port": ({"portMappings": [{"containerPort": 9090}]}, {}, "has no port 8080"),
    "not made for Fargate": ({}, {"requiresCompatibilities": ["EC2"]}, "is not made for Fargate"),
    "another network mode": (
        {},
        {"requiresCompatibilities": ["EC2"], "networkMode": "bridge"},
        "has not the network mode awsvpc",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_revision_of_another_shape_does_not_fit_its_service(open_shop: Shop, shape: str) -> None:
    container, more, reason = SHAPES[shape]
    found = readiness(open_shop, open_shop.register(open_shop.push("shape"), container, **more))
    assert found.can is Can.NO
    assert reason in found.reason


def changed_service(shop: Shop, change: Callable[[dict[str, Any]], None]) -> Readiness:
    """The readiness of what runs when its service were set otherwise."""
    standing = shop.standing()
    service = json.loads(json.dumps(standing.service, default=str))
    change(service)
    current = standing.current
    assert current is not None
    return readiness_of(shop.aws, replace(standing, service=service), [current])[current.id]


SURROUNDINGS: Mapping[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "a subnet is gone": (
        lambda s: s["networkConfiguration"]["awsvpcConfiguration"].update(subnets=["subnet-00000000000000000"]),
        "subnet",
    ),
    "a security group is gone": (
        lambda s: s["networkConfiguration"]["awsvpcConfiguration"].update(securityGroups=["sg-00000000000000000"]),
        "security group",
    ),
    "the target group is gone": (
        lambda s: s["loadBalancers"][0].update(
            targetGroupArn=f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/old/0123456789abcdef"
        ),
        "target group old is gone",
    ),
    "the service gives no network": (lambda s: s.update(networkConfiguration={}), "the service gives none"),
}


@pytest.mark.parametrize("what", SURROUNDINGS)
def test_a_service_whose_surroundings_are_gone_cannot_start_any_revision(open_shop: Shop, what: str) -> None:
    change, reason = SURROUNDINGS[what]
    found = changed_service(open_shop, change)
    assert found.can is Can.NO
    assert reason in found.reason


def test_a_target_group_without_a_load_balancer_gets_no_requests(open_shop: Shop) -> None:
    group = open_shop.aws.write(
        "elbv2",
        "create_target_group",
        Name="lonely",
        Protocol="HTTP",
        Port=8080,
        VpcId=open_shop.vpc,
        TargetType="ip",
    )["TargetGroups"][0]["TargetGroupArn"]
    found = changed_service(open_shop, lambda s: s["loadBalancers"][0].update(targetGroupArn=group))
    assert found.can is Can.NO
    assert "belongs to no load balancer" in found.reason


class Refusing:
    """Calls that AWS refuses for one service; all others go through."""

    def __init__(self, aws: Calls, service: str) -> None:
        self._aws = aws
        self._service = service

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        if service == self._service:
            raise AwsError(f"{service}:{operation}", "AccessDeniedException", "not authorized")
        return self._aws.read(service, operation, **params)

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        if service == self._service:
            raise AwsError(f"{service}:{operation}", "AccessDeniedException", "not authorized")
        return self._aws.pages(service, operation, key, **params)

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        raise AssertionError("looking changes nothing")

    once = write


@pytest.mark.parametrize("service", ["ecr", "iam", "logs", "ec2", "elbv2", "secretsmanager", "ssm", "efs"])
def test_what_may_not_be_asked_is_unknown_with_the_reason_and_never_ready(open_shop: Shop, service: str) -> None:
    value = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:any-AbCdEf"
    secrets = [{"name": "A", "valueFrom": value}, {"name": "B", "valueFrom": "/any"}]
    needs = {"secretsmanager": {"secrets": secrets[:1]}, "ssm": {"secrets": secrets[1:]}}
    more = volume({"fileSystemId": "fs-0123456789abcdef0"}) if service == "efs" else {}
    arn = open_shop.register(open_shop.push("denied"), needs.get(service, {}), **more)
    found = readiness(open_shop, arn, Refusing(open_shop.aws, service))
    assert found.can is Can.UNKNOWN
    assert "AccessDeniedException" in found.reason


def test_an_image_in_a_foreign_registry_is_unknown(open_shop: Shop) -> None:
    found = readiness(open_shop, open_shop.register("ghcr.io/shop/api:1.2"))
    assert (found.can, "ghcr.io" in found.reason) == (Can.UNKNOWN, True)


def test_an_image_by_a_tag_of_which_nobody_knows_the_digest_is_unknown(open_shop: Shop) -> None:
    found = readiness(open_shop, open_shop.register(open_shop.push("never-deployed")))
    assert (found.can, "named by the tag never-deployed" in found.reason) == (Can.UNKNOWN, True)


def test_a_whole_revision_that_ran_can_start(open_shop: Shop) -> None:
    current = open_shop.standing().current
    assert current is not None
    found = readiness(open_shop, current.id)
    assert (found.can, found.reason) == (Can.YES, "")


def test_an_image_made_for_another_processor_cannot_start(open_shop: Shop) -> None:
    kind = "application/vnd.oci.image.index.v1+json"
    children = [
        {"digest": "sha256:" + "a" * 64, "platform": {"architecture": "amd64", "os": "linux"}},
        {"digest": "sha256:" + "b" * 64, "platform": {"architecture": "unknown", "os": "unknown"}},
    ]
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": children})
    put = open_shop.aws.write("ecr", "put_image", repositoryName="app", imageManifest=manifest, imageTag="amd")
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/app@{put['image']['imageId']['imageDigest']}"
    arm = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    found = readiness(open_shop, open_shop.register(image, runtimePlatform=arm))
    assert (found.can, "made for X86_64" in found.reason) == (Can.NO, True)


def test_twenty_revisions_cost_few_calls(open_shop: Shop) -> None:
    for _ in range(20):
        open_shop.register(open_shop.push("many"))
    calls: list[str] = []
    aws = AwsCalls(open_shop.aws.session, open_shop.aws.clock, lambda call: calls.append(call.operation))
    standing = read_standing(aws, open_shop.found(), aws.clock.now())
    readiness_of(aws, standing, standing.revisions)
    assert len(standing.revisions) == 20
    assert len(calls) - calls.count("DescribeTaskDefinition") <= 12, calls

"""What goes wrong on the way, and that the same command carries on from there."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from tests.acceptance.practice import SECRETS, Finished, Practice, shape
from wizard.aws import sandbox

STARTER = "carepolicy-hub.yaml"
SINGLE_CREATES = [
    ("ec2", "CreateVpc"),
    ("ec2", "CreateSubnet"),
    ("ec2", "CreateInternetGateway"),
    ("ec2", "CreateRouteTable"),
    ("ec2", "CreateVpcEndpoint"),
    ("ec2", "AuthorizeSecurityGroupIngress"),
    ("iam", "CreateRole"),
    ("s3", "CreateBucket"),
    ("ecr", "CreateRepository"),
    ("logs", "CreateLogGroup"),
    ("secretsmanager", "CreateSecret"),
    ("acm", "RequestCertificate"),
    ("route53", "ChangeResourceRecordSets"),
    ("elbv2", "CreateLoadBalancer"),
    ("elbv2", "CreateTargetGroup"),
    ("elbv2", "CreateListener"),
    ("ecs", "RegisterTaskDefinition"),
    ("ecs", "CreateService"),
]


def client(practice: Practice, service: str) -> Any:
    endpoint = sandbox.find(practice.home)
    assert endpoint is not None
    keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
    return boto3.client(service, endpoint_url=endpoint.url, region_name="us-east-1", **keys)


def push(practice: Practice, tag: str) -> None:
    """Put an image under a tag; what it does in the sandbox follows from the tag's words."""
    ecr = client(practice, "ecr")
    image = ecr.batch_get_image(repositoryName="carepolicy-hub", imageIds=[{"imageTag": "v1"}])["images"][0]
    manifest = json.loads(image["imageManifest"]) | {"annotations": {"tag": tag}}
    ecr.put_image(repositoryName="carepolicy-hub", imageManifest=json.dumps(manifest), imageTag=tag)


def assert_carries_on(practice: Practice) -> None:
    carried_on = practice.replay(STARTER)
    assert (carried_on.code, carried_on.last["verdict"]) == (0, "ok"), carried_on.stderr
    assert practice.replay(STARTER).last["verdict"] == "no_changes"


def told(finished: Finished, type_: str) -> list[dict[str, Any]]:
    return [line for line in finished.lines if line["type"] == type_]


def test_lost_answers_of_every_create_end_with_one_of_each(practice: Practice) -> None:
    for service, operation in SINGLE_CREATES:
        fault = {"service": service, "operation": operation, "mode": "lost_answer", "times": 1}
        practice.control("POST", "faults", fault)
    hurt = practice.replay(STARTER)
    assert (hurt.code, hurt.last["verdict"]) == (0, "ok"), hurt.stderr
    world = shape(practice.inventory())
    practice.reset()
    assert practice.replay(STARTER).code == 0
    assert world == shape(practice.inventory())


def test_a_throttle_storm_slows_a_run_down_and_fails_nothing(practice: Practice) -> None:
    for service, operation in SINGLE_CREATES:
        practice.control("POST", "faults", {"service": service, "operation": operation, "mode": "throttle", "times": 3})
    assert practice.replay(STARTER).last["verdict"] == "ok"


def test_a_refused_permission_names_action_and_resource_and_all_else_is_made(practice: Practice) -> None:
    cluster = "arn:aws:ecs:us-east-1:000000000000:cluster/carepolicy-hub-cluster"
    user = "arn:aws:iam::000000000000:user/ci"
    message = f"User: {user} is not authorized to perform: ecs:CreateCluster on resource: {cluster}"
    practice.control(
        "POST",
        "faults",
        {
            "service": "ecs",
            "operation": "CreateCluster",
            "mode": "error",
            "code": "AccessDeniedException",
            "message": message,
            "times": 99,
        },
    )
    denied = practice.replay(STARTER)
    assert (denied.code, denied.last["verdict"]) == (4, "denied")
    assert f"the permission ecs:CreateCluster is lacking on {cluster}" in denied.stderr
    skipped = {line["address"]: line["detail"]["cause"] for line in told(denied, "apply_skipped")}
    assert skipped == {"service.carepolicy-hub": "cluster.main"}
    practice.control("DELETE", "faults")
    assert_carries_on(practice)


def test_a_used_up_quota_names_itself_and_where_to_raise_it(practice: Practice) -> None:
    fault = {"service": "ec2", "operation": "CreateVpc", "mode": "error", "code": "VpcLimitExceeded", "times": 99}
    practice.control("POST", "faults", fault | {"message": "The maximum number of VPCs has been reached."})
    full = practice.replay(STARTER)
    assert (full.code, full.last["verdict"]) == (7, "failed")
    assert "VPCs per Region is used up (L-F678F1CE)" in full.stderr
    assert "console.aws.amazon.com/servicequotas" in full.stderr
    practice.control("DELETE", "faults")
    assert_carries_on(practice)


def test_an_image_that_is_not_pushed_is_waited_for_and_never_a_success(practice: Practice) -> None:
    waiting = practice.replay(STARTER, "--tag", "4f2a")
    assert (waiting.code, waiting.last["verdict"]) == (11, "waiting")
    assert "docker push 000000000000.dkr.ecr.us-east-1.amazonaws.com/carepolicy-hub:4f2a" in waiting.stderr
    push(practice, "4f2a")
    pushed = practice.replay(STARTER, "--tag", "4f2a")
    assert (pushed.code, pushed.last["verdict"]) == (0, "ok"), pushed.stderr


def assert_named_at_the_first_failure(failed: Finished, *, final: bool) -> None:
    """A cause that trying again cannot remove is told once while AWS still tries, with the command that stops it."""
    early = [line for line in told(failed, "diagnosis") if line["detail"].get("under_way")]
    assert len(early) == (1 if final else 0)
    for line in early:
        assert line["detail"]["stop"] == ("pilotage rollback --cluster carepolicy-hub-cluster --service carepolicy-hub")
        assert line["seq"] < told(failed, "apply_errored")[0]["seq"]
        rollouts = [each["detail"] for each in told(failed, "rollout") if each["seq"] < line["seq"]]
        assert rollouts[-1]["failed"] == 1 and rollouts[-1]["verdict"] == "in_progress"


@pytest.mark.parametrize(
    ("tag", "cause"),
    [
        ("crash-9c1e", "exit code 1"),
        ("unhealthy-9c1e", "health check"),
        ("oom-9c1e", "memory"),
        ("badarch-9c1e", "processor architecture"),
    ],
)
def test_a_version_that_does_not_work_is_reported_as_rolled_back_with_its_cause(
    tag: str, cause: str, practice: Practice
) -> None:
    assert practice.replay(STARTER).code == 0
    push(practice, tag)
    failed = practice.replay(STARTER, "--tag", tag)
    assert (failed.code, failed.last["verdict"]) == (6, "rolled_back"), failed.stderr
    diagnoses = [line["detail"] for line in told(failed, "diagnosis")]
    assert cause in diagnoses[-1]["sentence"] and diagnoses[-1]["command"]
    assert_named_at_the_first_failure(failed, final=diagnoses[-1]["final"])
    service = client(practice, "ecs").describe_services(cluster="carepolicy-hub-cluster", services=["carepolicy-hub"])
    assert service["services"][0]["taskDefinition"].endswith(":1")
    back = practice.replay(STARTER)
    assert (back.code, back.last["verdict"]) == (0, "ok"), back.stderr


def test_a_first_version_that_does_not_work_needs_a_person_each_time_it_is_tried(practice: Practice) -> None:
    assert practice.replay(STARTER, "--tag", "crash-1").code == 11
    push(practice, "crash-1")
    for _ in range(2):
        failed = practice.replay(STARTER, "--tag", "crash-1")
        assert (failed.code, failed.last["verdict"]) == (7, "failed")
    assert practice.replay(STARTER).last["verdict"] == "ok"


def test_a_saved_plan_is_carried_out_exactly_or_not_at_all(practice: Practice) -> None:
    file = str(practice.home / "plan.json")
    common = ("--sandbox", "--secrets-file", str(SECRETS))
    planned = practice.run("plan", f"blueprints/{STARTER}", "--out", file, "--detailed-exitcode", *common)
    assert planned.code == 3
    assert practice.replay(STARTER, "--plan", file).last["verdict"] == "ok"
    assert practice.run("plan", f"blueprints/{STARTER}", "--out", file, "--detailed-exitcode", *common).code == 0
    logs = client(practice, "logs")
    logs.put_retention_policy(logGroupName="/ecs/carepolicy-hub", retentionInDays=1)
    moved = practice.replay(STARTER, "--plan", file)
    assert (moved.code, moved.last["verdict"]) == (9, "moved")
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 1


def test_drift_is_shown_field_by_field_and_put_right(practice: Practice) -> None:
    assert practice.replay(STARTER).code == 0
    client(practice, "logs").put_retention_policy(logGroupName="/ecs/carepolicy-hub", retentionInDays=1)
    mended = practice.replay(STARTER)
    (drift,) = told(mended, "resource_drift")
    assert drift["address"] == "log_group.carepolicy-hub"
    assert drift["detail"]["differences"] == {"retention_days": [1, 30]}
    assert mended.last["detail"]["counts"]["update"] == 1


def test_what_a_stranger_made_under_our_name_is_never_taken_over(practice: Practice) -> None:
    client(practice, "ecs").create_cluster(clusterName="carepolicy-hub-cluster")
    taken = practice.replay(STARTER)
    assert (taken.code, taken.last["verdict"]) == (5, "preflight")
    assert "carepolicy-hub-cluster exists and has no pilotage tag" in taken.stderr
    assert not [call for call in practice.calls_since(0) if call["mutating"] and call["operation"] != "CreateCluster"]


def test_a_held_service_is_not_moved(practice: Practice) -> None:
    assert practice.replay(STARTER).code == 0
    ecs = client(practice, "ecs")
    arn = "arn:aws:ecs:us-east-1:000000000000:service/carepolicy-hub-cluster/carepolicy-hub"
    hold = "who=dana since=2026-11-26T03:14:00Z why=schema 42"
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "pilotage:hold", "value": hold}])
    push(practice, "v2")
    held = practice.replay(STARTER, "--tag", "v2")
    assert (held.code, held.last["verdict"]) == (8, "held")
    assert "dana" in held.stderr and "schema 42" in held.stderr


def test_destroy_without_consent_keeps_data_and_a_later_replay_takes_it_on_again(practice: Practice) -> None:
    assert practice.replay(STARTER).code == 0
    before = _documents(practice)
    gone = practice.run("destroy", f"blueprints/{STARTER}", "--sandbox", "--yes", "--json")
    assert gone.last["verdict"] == "ok"
    assert "holds data" in gone.last["detail"]["kept"]["bucket.documents"]
    again = practice.replay(STARTER)
    assert (again.code, again.last["verdict"]) == (0, "ok"), again.stderr
    assert _documents(practice) == before
    assert practice.replay(STARTER).last["verdict"] == "no_changes"


def _documents(practice: Practice) -> dict[str, Any]:
    """Name and birth of the bucket of documents."""
    buckets = client(practice, "s3").list_buckets()["Buckets"]
    return next({**each} for each in buckets if each["Name"].startswith("carepolicy-hub-documents"))


def test_no_secret_value_is_on_any_screen_or_in_any_file(practice: Practice) -> None:
    canary = "canary-7f3b9d-groq"
    common = ("blueprints/carepolicy-hub.yaml", "--sandbox", "--yes")
    made = practice.run("replay", *common, PILOTAGE_SECRET_GROQ_API_KEY=canary)
    changed = practice.run("replay", *common, "--json", PILOTAGE_SECRET_GROQ_API_KEY=canary + "-2")
    assert (made.code, changed.code) == (0, 0)
    assert changed.last["detail"]["counts"]["update"] >= 1
    assert canary not in made.stdout + made.stderr + changed.stdout + changed.stderr
    written = [path for path in practice.home.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]
    assert written == []
    values = client(practice, "secretsmanager").get_secret_value(SecretId="carepolicy-hub/groq-api-key")
    assert values["SecretString"] == canary + "-2"
    s3 = client(practice, "s3")
    for item in s3.list_objects_v2(Bucket="pilotage-000000000000-us-east-1-an")["Contents"]:
        body = s3.get_object(Bucket="pilotage-000000000000-us-east-1-an", Key=item["Key"])["Body"].read()
        assert canary.encode() not in body

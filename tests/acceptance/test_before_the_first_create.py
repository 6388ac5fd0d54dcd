"""What would fail is known before anything is made, and an image comes into ECR the way the preflight says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.acceptance.practice import Finished, Practice
from tests.images.builders import Bench
from wizard.aws import sandbox
from wizard.aws.session import SANDBOX_KEYS

BLUEPRINT = """
blueprint: 1
name: kiosk
region: us-east-1
network: {kind: new-vpc}
delivery: {images: {immutable_tags: true}}
secrets:
  api-key: {}
services:
  kiosk:
    kind: ecs-fargate
    containers:
      kiosk:
        image: {repository: kiosk}
        build: {context: app}
        secrets: {API_KEY: api-key}
"""
READS = ("Get", "List", "Describe", "Simulate", "Batch", "Head")


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "kiosk.yaml").write_text(BLUEPRINT)
    return str(tmp_path / "kiosk.yaml")


def checks(done: Finished) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["topic"], line["subject"]): line for line in done.lines if line["type"] == "check"}


def client(practice: Practice, service: str) -> Any:
    endpoint = sandbox.find(practice.home)
    assert endpoint is not None
    return boto3.client(service, region_name="us-east-1", endpoint_url=endpoint.url, **SANDBOX_KEYS)


def test_everything_that_would_fail_is_told_in_one_list_by_reads_alone(practice: Practice, file: str) -> None:
    ec2 = client(practice, "ec2")
    for number in range(4):
        ec2.create_vpc(CidrBlock=f"10.{200 + number}.0.0/16")
    client(practice, "iam").create_role(RoleName="kiosk-main-execution", AssumeRolePolicyDocument=TRUST)
    before = practice.last_call()
    done = practice.run("preflight", file, "--sandbox", "--json")
    found = checks(done)

    assert done.code == 5, done.stderr
    failing = {key: line["evidence"] for key, line in found.items() if line["state"] == "fails"}
    assert failing == {
        ("quotas", "VPCs per Region"): "5 of 5 in use, 1 more needed",
        ("names", "role.execution"): "IAM role kiosk-main-execution exists and has no pilotage tag",
        ("secrets", "API_KEY"): "no value was given, and AWS has none yet",
    }
    assert all(line["next"] for line in found.values() if line["state"] == "fails")
    assert found["images", "kiosk: kiosk-main-kiosk:v1"]["state"] == "not checked"
    assert done.last == {
        "v": 1,
        "type": "preflight",
        "deployment": "kiosk/main",
        "place": "SANDBOX 000000000000 us-east-1",
        "counts": {"ok": len(found) - 4, "fails": 3, "not checked": 1},
        "exit_code": 5,
    }
    calls = [f"{call['service']}:{call['operation']}" for call in practice.calls_since(before)]
    assert [call for call in calls if not call.partition(":")[2].startswith(READS)] == []
    assert len(calls) < 90, "reads are batched, and nothing is asked twice"


def test_what_iam_does_not_tell_is_not_checked_and_fails_nothing(practice: Practice, file: str) -> None:
    fault = {"service": "iam", "operation": "SimulatePrincipalPolicy", "mode": "error", "code": "AccessDenied"}
    practice.control("POST", "faults", fault | {"times": 100, "message": "no"})
    done = practice.run("preflight", file, "--sandbox", "--json", PILOTAGE_SECRET_API_KEY="k")
    found = checks(done)
    assert done.code == 0, done.stdout
    assert found["permissions", "actions of a set-up"]["state"] == "not checked"
    assert found["secrets", "values of secrets"]["state"] == "ok"


def test_an_image_is_built_pushed_and_known_to_fit(practice: Practice, file: str, tmp_path: Path) -> None:
    bench = Bench.with_builders(tmp_path / "bin", "docker")
    where = ("--sandbox", "--json", "--tag", "a1b2c3d")
    told: dict[str, Any] = {"PATH": bench.path_first, "PILOTAGE_SECRET_API_KEY": "k"}

    early = practice.run("image", "push", file, *where, **told)
    assert early.code == 11
    assert "pilotage replay" in early.stderr
    assert bench.calls() == []

    waiting = practice.run("replay", file, *where, "--yes", "--placeholder-images", **told)
    assert waiting.code == 0, waiting.stderr
    (missing,) = [
        line for line in checks(practice.run("preflight", file, *where, **told)).values() if line["state"] == "fails"
    ]
    assert (missing["subject"], missing["evidence"]) == ("kiosk: kiosk-main-kiosk:a1b2c3d", "it is not in ECR")
    assert f"pilotage image push {file}" in missing["next"]
    assert "--tag a1b2c3d" in missing["next"]

    pushed = practice.run("image", "push", file, *where, **told)
    assert pushed.code == 0, pushed.stderr
    assert (pushed.last["type"], pushed.last["containers"]) == ("image_pushed", ["kiosk"])
    words = bench.words("build")
    assert words[words.index("--platform") + 1] == "linux/amd64"
    assert not bench.calls("push"), "nothing leaves this computer for the sandbox's sake"

    fits = checks(practice.run("preflight", file, *where, **told))["images", "kiosk: kiosk-main-kiosk:a1b2c3d"]
    assert (fits["state"], fits["evidence"]) == ("ok", "it is in ECR, made for linux/amd64")
    other = practice.run("preflight", file, *where, "--set", "services.kiosk.architecture=arm64", **told)
    assert other.code == 5
    assert "every task would fail to start" in checks(other)["images", "kiosk: kiosk-main-kiosk:a1b2c3d"]["evidence"]

    replayed = practice.run("replay", file, *where, "--yes", **told)
    assert replayed.code == 0, replayed.stderr
    listed = practice.run("image", "list", file, "--sandbox", "--json", **told)
    (mine,) = [line for line in listed.lines if "a1b2c3d" in line["tags"]]
    assert mine["digest"] == pushed.last["digest"]
    assert mine["used_by"] == ["kiosk-main-kiosk:2 (serving)"]

    again = practice.run("image", "push", file, *where, **told)
    assert again.code == 2
    assert "the tag a1b2c3d is taken in kiosk-main-kiosk" in again.stderr


TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, '
    '"Action": "sts:AssumeRole"}]}'
)

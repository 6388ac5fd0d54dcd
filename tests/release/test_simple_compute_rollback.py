"""Rollbacks on App Runner and in Express Mode, by their own means."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.release.conftest import SCALE
from tests.release.shop import Shop
from wizard.deployment.opening import Connection
from wizard.deployment.releases import Releases
from wizard.deployment.request import Request
from wizard.engine.clock import Clock
from wizard.errors import ExitCode, NeedsPerson
from wizard.release.hold import TAG as HOLD
from wizard.release.readiness import Can
from wizard.release.revision import Outcome
from wizard.release.rollback_plan import Way
from wizard.release.runner_history import notes_on, ran_value, tags_for_run
from wizard.release.service_ref import Platform, ServiceRef

NOW = Clock().now()


@pytest.fixture
def releases(shop: Shop, practice_home: Path, monkeypatch: pytest.MonkeyPatch) -> Releases:
    monkeypatch.setenv("PILOTAGE_HOME", str(practice_home))
    monkeypatch.setenv("PILOTAGE_TIME_SCALE", repr(SCALE))
    return Releases(Connection(Request(sandbox=True), None))


class Runner:
    """A service `page` on App Runner that somebody made."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.access = shop.role("access", "build.apprunner.amazonaws.com")
        self.arn = ""

    def source(self, image: str, *, auto: bool = False) -> dict[str, Any]:
        repository = {"ImageIdentifier": image, "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}}
        access = {"AccessRoleArn": self.access}
        return {
            "ImageRepository": repository,
            "AutoDeploymentsEnabled": auto,
            "AuthenticationConfiguration": access,
        }

    def create(self, image: str, **tags: str) -> None:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        answer = self.shop.aws.write(
            "apprunner",
            "create_service",
            ServiceName="page",
            SourceConfiguration=self.source(image, auto=True),
            **({"Tags": listed} if listed else {}),
        )
        self.arn = answer["Service"]["ServiceArn"]
        self.settle()

    def update(self, image: str) -> str:
        self.shop.aws.write("apprunner", "update_service", ServiceArn=self.arn, SourceConfiguration=self.source(image))
        return self.settle()

    def settle(self) -> str:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if (status := self.shown()["Status"]) != "OPERATION_IN_PROGRESS":
                return str(status)
            self.shop.aws.clock.sleep(60)
        raise AssertionError("App Runner did not settle")

    def shown(self) -> dict[str, Any]:
        return dict(self.shop.aws.read("apprunner", "describe_service", ServiceArn=self.arn)["Service"])

    def image(self) -> str:
        return str(self.shown()["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"])

    def note(self, releases: Releases, tag: str) -> None:
        """Write down that an image worked, as a replay does."""
        found = releases.found(self.ref(releases))
        details = self.shop.aws.read("ecr", "describe_images", repositoryName="app", imageIds=[{"imageTag": tag}])
        digest = details["imageDetails"][0]["imageDigest"]
        written, _ = tags_for_run(found.tags, ran_value(digest, NOW, tag, "ana", "replay"), digest)
        listed = [{"Key": key, "Value": value} for key, value in written.items()]
        self.shop.aws.write("apprunner", "tag_resource", ResourceArn=self.arn, Tags=listed)

    def ref(self, releases: Releases) -> ServiceRef:
        return releases.one(service="page")


def test_app_runner_of_a_stranger_shows_the_images_and_goes_to_the_one_that_is_named(
    shop: Shop, releases: Releases
) -> None:
    runner = Runner(shop)
    runner.create(shop.push("v1"))
    assert runner.update(shop.push("v2")) == "RUNNING"
    ref = runner.ref(releases)
    assert ref.platform is Platform.APP_RUNNER
    known = {each.label: each for each in releases.revisions(ref)}
    one, two = known["v1"], known["v2"]
    assert (one.serving, two.serving, one.number < two.number) == (False, True, True)
    assert {each.can for each in releases.readiness(ref).values()} == {Can.YES}
    with pytest.raises(NeedsPerson) as refused:
        releases.plan_rollback(ref)
    assert "nobody knows whether it ever worked" in refused.value.evidence
    result = releases.rollback(releases.plan_rollback(ref, to="v1"), reason="incident", run="run-1")
    assert (result.exit_code, runner.image().rpartition("@")[2]) == (ExitCode.OK, one.digest)
    assert runner.shown()["SourceConfiguration"]["AutoDeploymentsEnabled"] is False
    assert "the update succeeded" in result.sentence


def test_app_runner_with_notes_goes_to_the_newest_that_worked_and_notes_what_was_left(
    shop: Shop, releases: Releases
) -> None:
    runner = Runner(shop)
    runner.create(shop.push("v1"))
    runner.note(releases, "v1")
    runner.update(shop.push("v2"))
    runner.note(releases, "v2")
    ref = runner.ref(releases)
    plan = releases.plan_rollback(ref)
    assert (plan.way, plan.target.number, plan.target.outcome) == (Way.UPDATE, 1, Outcome.WORKED)
    assert any("App Runner" not in sentence for sentence in plan.effect)
    result = releases.rollback(plan, reason="incident", run="run-1")
    assert result.exit_code is ExitCode.OK
    tags = releases.found(ref).tags
    assert HOLD in tags
    assert [(note.number, note.left) for note in notes_on(tags)] == [(1, ""), (2, "1"), (3, "")]
    current = next(one for one in releases.revisions(ref) if one.serving)
    assert (current.number, current.origin) == (3, 1)


def test_an_update_of_app_runner_that_fails_goes_back_by_itself_and_is_no_success(
    shop: Shop, releases: Releases
) -> None:
    runner = Runner(shop)
    runner.create(shop.push("v1"))
    shop.push("v2-crash")
    ref = runner.ref(releases)
    result = releases.rollback(releases.plan_rollback(ref, to="v2-crash"), run="run-1")
    assert (result.exit_code, result.verdict) == (ExitCode.NEEDS_PERSON, "failed")
    assert "was rolled back" in result.sentence


def test_a_paused_service_is_resumed_first(shop: Shop, releases: Releases) -> None:
    runner = Runner(shop)
    runner.create(shop.push("v1"))
    runner.update(shop.push("v2"))
    shop.aws.write("apprunner", "pause_service", ServiceArn=runner.arn)
    assert runner.settle() == "PAUSED"
    plan = releases.plan_rollback(runner.ref(releases), to="v1")
    assert "Resumes the service, which is paused." in plan.effect
    assert releases.rollback(plan, run="run-1").exit_code is ExitCode.OK
    assert runner.shown()["Status"] == "RUNNING"


def test_an_image_of_app_runner_that_is_gone_cannot_be_gone_back_to(shop: Shop, releases: Releases) -> None:
    runner = Runner(shop)
    runner.create(shop.push("v1"))
    runner.note(releases, "v1")
    runner.update(shop.push("v2"))
    runner.note(releases, "v2")
    shop.remove_image("v1")
    with pytest.raises(NeedsPerson) as refused:
        releases.plan_rollback(runner.ref(releases))
    assert "is gone from ECR" in refused.value.evidence


class Express:
    """A service `page` in Express Mode that somebody made."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.roles = {
            "infrastructureRoleArn": shop.role("infrastructure", "ecs.amazonaws.com"),
            "executionRoleArn": f"arn:aws:iam::{shop.aws.read('sts', 'get_caller_identity')['Account']}:role/execution",
        }

    def container(self, image: str, value: str) -> dict[str, Any]:
        return {"image": image, "containerPort": 8080, "environment": [{"name": "VERSION", "value": value}]}

    def create(self, image: str) -> None:
        self.arn = self.shop.aws.write(
            "ecs",
            "create_express_gateway_service",
            serviceName="page",
            cluster="main",
            primaryContainer=self.container(image, "1"),
            networkConfiguration={"subnets": self.shop.subnets},
            healthCheckPath="/",
            **self.roles,
        )["service"]["serviceArn"]
        assert self.shop.settle("page") == "SUCCESSFUL"

    def update(self, image: str, value: str, *, wait: bool = True) -> None:
        container = self.container(image, value)
        self.shop.aws.write("ecs", "update_express_gateway_service", serviceArn=self.arn, primaryContainer=container)
        if wait:
            assert self.shop.settle("page") == "SUCCESSFUL"


def test_express_goes_back_by_its_own_update_with_image_by_digest_and_the_old_settings(
    shop: Shop, releases: Releases
) -> None:
    express = Express(shop)
    express.create(shop.push("v1"))
    express.update(shop.push("v2"), "2")
    ref = releases.one(cluster="main", service="page")
    assert ref.platform is Platform.EXPRESS
    plan = releases.plan_rollback(ref)
    assert (plan.way, plan.target.number) == (Way.UPDATE, 1)
    result = releases.rollback(plan, run="run-1")
    assert result.exit_code is ExitCode.OK, result.sentence
    current = next(one for one in releases.revisions(ref) if one.serving)
    assert current.images[0].reference.endswith(f"@{plan.target.digest}")
    assert current.definition["containerDefinitions"][0]["environment"] == [{"name": "VERSION", "value": "1"}]
    assert (current.number, current.origin) == (3, 1)


def test_express_in_flight_is_stopped_and_goes_back(shop: Shop, releases: Releases) -> None:
    express = Express(shop)
    express.create(shop.push("v1"))
    shop.pace(1)
    express.update(shop.push("v2-slow"), "2", wait=False)
    ref = releases.one(cluster="main", service="page")
    plan = releases.plan_rollback(ref)
    assert (plan.way, plan.target.number) == (Way.STOP, 1)
    result = releases.rollback(plan, run="run-1", on_progress=lambda _: shop.pace(SCALE))
    assert result.sentence.startswith("restored: revision 1 is serving")

"""Rollbacks of services that somebody else made, played in the sandbox from the plan to the end."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.release.conftest import SCALE
from tests.release.shop import ACCOUNT, REGION, Shop
from wizard.aws import sandbox
from wizard.aws.read_only import ReadOnlyRefused
from wizard.deployment.opening import Connection
from wizard.deployment.releases import Releases, RollbackResult, reading_releases
from wizard.deployment.request import Request
from wizard.errors import ExitCode, Held, Locked, NeedsPerson, PilotageError, PreflightError, UsageError, WorldMoved
from wizard.release import claim, notes
from wizard.release.hold import TAG as HOLD
from wizard.release.hold import hold_in
from wizard.release.readiness import Can
from wizard.release.revision import Outcome
from wizard.release.rollback_plan import RollbackPlan, Way
from wizard.release.service_ref import ServiceRef

PAUSE = {
    "targetType": "PAUSE",
    "lifecycleStages": ["POST_SCALE_UP"],
    "timeoutConfiguration": {"timeoutInMinutes": 1440, "action": "ROLLBACK"},
}


@pytest.fixture
def connection(practice_home: Path, monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setenv("PILOTAGE_HOME", str(practice_home))
    monkeypatch.setenv("PILOTAGE_TIME_SCALE", repr(SCALE))
    return Connection(Request(sandbox=True), None)


@pytest.fixture
def releases(shop: Shop, connection: Connection) -> Releases:
    return Releases(connection)


@pytest.fixture
def faults(practice_home: Path) -> Iterator[Callable[[str, str], None]]:
    """Has AWS deny an operation until the test is over."""
    running = sandbox.find(practice_home)
    assert running is not None

    def control(method: str, body: dict[str, Any] | None = None) -> None:
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{running.url}/_pilotage/faults", method=method, data=data)
        urllib.request.urlopen(request, timeout=10).close()

    def deny(service: str, operation: str) -> None:
        told = {"code": "AccessDeniedException", "message": "no", "times": 100000}
        control("POST", {"service": service, "operation": operation, "mode": "error", **told})

    yield deny
    control("DELETE")


def the(releases: Releases, name: str = "api") -> ServiceRef:
    return releases.one(cluster="main", service=name)


def roll_back(releases: Releases, to: int | None = None, reason: str = "incident 7") -> RollbackResult:
    return releases.rollback(releases.plan_rollback(the(releases), to=to), reason=reason, run="run-1")


def deploy_slowly(shop: Shop, definition: str) -> None:
    """Begin a deployment in time that hardly passes."""
    shop.pace(1)
    shop.deploy(definition, wait=False)


def quickly(shop: Shop) -> Callable[[object], None]:
    """Let time pass again once the rollback is under way."""
    return lambda _: shop.pace(SCALE)


def skipped(plan: RollbackPlan) -> dict[int, str]:
    return {one.number: one.reason for one in plan.skipped}


def test_revisions_tell_what_worked_for_how_long_by_whom_and_with_which_image(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    shop.deploy(shop.register(shop.push("v4-crash")))
    four, three, two, one = releases.revisions(the(releases))
    assert [one.number, two.number, three.number, four.number] == [1, 2, 3, 4]
    assert [each.outcome for each in (one, two, three)] == [Outcome.WORKED] * 3
    assert (four.outcome, "circuit breaker" in four.outcome_reason) == (Outcome.FAILED, True)
    assert (three.serving, four.serving) == (True, False)
    assert three.by == "user/sandbox"
    assert all(each.digest.startswith("sha256:") for each in (one, two, three, four))
    assert all(each.healthy_minutes is not None for each in (one, two, three))
    assert four.healthy_minutes == 0


def test_finished_it_goes_to_the_newest_before_that_worked_and_holds_the_service(
    shop: Shop, releases: Releases
) -> None:
    shop.three_versions()
    plan = releases.plan_rollback(the(releases))
    assert (plan.way, plan.target.number, plan.readiness.can) == (Way.UPDATE, 2, Can.YES)
    assert plan.effect[0] == "Starts 2 tasks of revision 2 in place of revision 3."
    assert plan.command == "aws ecs update-service --cluster main --service api --task-definition api:2"
    result = releases.rollback(plan, reason="incident 7", run="run-1")
    assert (result.verdict, result.exit_code) == ("ok", ExitCode.OK)
    assert result.sentence == "restored: revision 2 is serving, 2 of 2 tasks running, 2 of 2 targets healthy"
    assert shop.runs() == "api:2"
    tags = shop.tags(the(releases).arn)
    hold = hold_in(tags)
    assert hold is not None
    assert (hold.who, hold.why) == ("user/sandbox", "rolled back from 3 to 2: incident 7")
    assert "pilotage:rollback" not in tags
    left = next(one for one in releases.revisions(the(releases)) if one.number == 3)
    assert "for 2 by user/sandbox" in left.left


def test_a_second_rollback_without_a_number_is_refused_and_says_who_did_the_first(
    shop: Shop, releases: Releases
) -> None:
    shop.three_versions()
    roll_back(releases)
    with pytest.raises(Held) as refused:
        releases.plan_rollback(the(releases))
    assert "user/sandbox" in refused.value.evidence and "from 3 to 2" in refused.value.evidence
    assert releases.plan_rollback(the(releases), to=1).target.number == 1


def test_once_released_it_goes_further_back_and_never_to_what_was_left(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    roll_back(releases)
    held = releases.release([the(releases)])
    assert held[0] is not None
    plan = releases.plan_rollback(the(releases))
    assert plan.target.number == 1
    assert "a rollback left it" in skipped(plan)[3]


def test_in_flight_the_deployment_is_stopped_and_goes_back(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    deploy_slowly(shop, shop.register(shop.push("v4-slow")))
    plan = releases.plan_rollback(the(releases))
    assert (plan.way, plan.target.number) == (Way.STOP, 3)
    assert plan.current is not None
    assert plan.current.number == 4
    assert "--stop-type ROLLBACK" in plan.command
    result = releases.rollback(plan, run="run-1", on_progress=quickly(shop))
    assert (result.verdict, shop.newest()["status"]) == ("ok", "ROLLBACK_SUCCESSFUL")
    assert result.sentence.startswith("restored: revision 3 is serving")
    assert result.rollout is not None
    assert result.rollout.service_deployment == plan.deployment_arn


def test_when_aws_goes_back_already_it_is_followed(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    deploy_slowly(shop, shop.register(shop.push("v4-slow")))
    shop.aws.write("ecs", "stop_service_deployment", serviceDeploymentArn=shop.newest()["serviceDeploymentArn"])
    plan = releases.plan_rollback(the(releases))
    assert plan.way is Way.FOLLOW
    result = releases.rollback(plan, run="run-1", on_progress=quickly(shop))
    assert result.sentence.startswith("restored: revision 3 is serving")


def test_when_aws_went_back_by_itself_nothing_moves_but_the_service_is_held(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    assert shop.deploy(shop.register(shop.push("v4-crash"))) == "ROLLBACK_SUCCESSFUL"
    plan = releases.plan_rollback(the(releases))
    assert (plan.way, plan.target.number) == (Way.NOTHING, 3)
    assert "AWS went back from revision 4 by itself" in plan.effect[0]
    result = releases.rollback(plan, run="run-1")
    assert (result.exit_code, shop.runs()) == (ExitCode.OK, "api:3")
    assert HOLD in shop.tags(the(releases).arn)


def test_a_first_deployment_that_fails_has_nothing_to_go_back_to(shop: Shop, releases: Releases) -> None:
    shop.create(shop.register(shop.push("v1-crash")))
    with pytest.raises(NeedsPerson) as refused:
        releases.plan_rollback(the(releases))
    assert "nothing to go back to" in refused.value.summary


def test_a_chosen_revision_is_deployed(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    assert roll_back(releases, to=1).sentence.startswith("restored: revision 1 is serving")
    assert shop.runs() == "api:1"


def test_an_unknown_revision_is_wrong_usage(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    with pytest.raises(UsageError) as refused:
        releases.plan_rollback(the(releases), to=77)
    assert "known are 3, 2, 1" in refused.value.evidence


def test_a_revision_whose_image_is_gone_is_skipped_with_the_reason(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    shop.remove_image("v2")
    plan = releases.plan_rollback(the(releases))
    assert plan.target.number == 1
    assert "is gone from ECR" in skipped(plan)[2]
    with pytest.raises(PreflightError) as refused:
        releases.plan_rollback(the(releases), to=2)
    assert "cannot start" in refused.value.summary
    assert shop.runs() == "api:3"


def test_a_deregistered_revision_is_registered_again_by_digest(shop: Shop, releases: Releases) -> None:
    definitions = shop.three_versions()
    shop.aws.write("ecs", "deregister_task_definition", taskDefinition=definitions[1])
    plan = releases.plan_rollback(the(releases))
    assert (plan.target.number, plan.registers_copy) == (2, True)
    result = releases.rollback(plan, run="run-1")
    assert (result.exit_code, shop.runs()) == (ExitCode.OK, "api:4")
    answer = shop.aws.read("ecs", "describe_task_definition", taskDefinition="api:4", include=["TAGS"])
    image = answer["taskDefinition"]["containerDefinitions"][0]["image"]
    assert image.endswith(f"@{plan.target.digest}")
    assert {"key": "pilotage:copy-of", "value": "2"} in answer["tags"]
    releases.release([the(releases)])
    assert releases.plan_rollback(the(releases)).target.number == 1


def test_a_tag_that_moved_is_not_resolved_again(shop: Shop, releases: Releases) -> None:
    definition = shop.register(shop.push("latest", "old"))
    shop.create(definition)
    old = next(one for one in releases.revisions(the(releases)) if one.serving).digest
    shop.deploy(shop.register(shop.push("v2")))
    # Somebody pushes another image as `latest`; the old one stays in ECR under another tag.
    shop.push("kept", "old")
    shop.push("latest", "new")
    plan = releases.plan_rollback(the(releases))
    assert (plan.target.number, plan.registers_copy) == (1, True)
    releases.rollback(plan, run="run-1")
    running = next(one for one in releases.revisions(the(releases)) if one.serving)
    assert (running.digest, running.images[0].is_pinned) == (old, True)


def test_a_target_that_fails_too_is_no_success(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    bad = shop.register(shop.push("v4-crash"))
    shop.deploy(bad)
    result = roll_back(releases, to=4)
    assert (result.verdict, result.exit_code) == ("failed", ExitCode.NEEDS_PERSON)
    assert "revision 4 did not come up either, and AWS went back to api:3" in result.sentence
    assert shop.runs() == "api:3"


def test_one_that_is_superseded_meanwhile_is_no_success(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    slow = shop.register(shop.push("v4-slow"))
    deploy_slowly(shop, slow)
    plan = releases.plan_rollback(the(releases), to=1)
    assert plan.way is Way.UPDATE
    moved = threading.Event()

    def meddle(_: object) -> None:
        if not moved.is_set():
            moved.set()
            shop.deploy(slow, wait=False)
            shop.pace(SCALE)

    result = releases.rollback(plan, run="run-1", on_progress=meddle)
    assert (result.verdict, result.exit_code) == ("superseded", ExitCode.NEEDS_PERSON)


def test_a_service_scaled_to_zero_is_never_called_restored(shop: Shop, releases: Releases) -> None:
    shop.three_versions()
    shop.aws.write("ecs", "update_service", cluster="main", service="api", desiredCount=0)
    result = roll_back(releases)
    assert (result.verdict, result.exit_code) == ("scaled_to_zero", ExitCode.NEEDS_PERSON)
    assert "nothing serves" in result.sentence


def test_a_plan_is_void_once_the_service_moved(shop: Shop, releases: Releases) -> None:
    definitions = shop.three_versions()
    plan = releases.plan_rollback(the(releases))
    shop.deploy(definitions[0])
    with pytest.raises(WorldMoved):
        releases.rollback(plan, run="run-1")
    assert shop.runs() == "api:1"
    assert not {HOLD, "pilotage:rollback"} & shop.tags(the(releases).arn).keys()


def test_of_two_who_press_at_once_one_acts_and_the_other_is_told_who(
    shop: Shop, releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A write takes real time, however quickly the sandbox's passes.
    monkeypatch.setattr(claim, "LEAST_REAL_SECONDS", 0.5)
    shop.three_versions()
    plans = [releases.plan_rollback(the(releases)) for _ in range(2)]

    def press(plan: RollbackPlan) -> RollbackResult | PilotageError:
        try:
            return releases.rollback(plan, run="run-1")
        except PilotageError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(press, plans))
    acted = [one for one in ended if isinstance(one, RollbackResult)]
    told = [one for one in ended if isinstance(one, Locked)]
    assert (len(acted), len(told)) == (1, 1), ended
    assert acted[0].exit_code is ExitCode.OK
    assert "is being rolled back by user/sandbox since 2" in told[0].summary
    assert shop.runs() == "api:2"


@pytest.mark.parametrize(
    "denied", [("ListServiceDeployments",), ("ListServiceDeployments", "DescribeServiceDeployments")]
)
def test_without_service_deployments_it_goes_by_what_else_aws_shows_and_says_so(
    shop: Shop, releases: Releases, faults: Callable[[str, str], None], denied: tuple[str, ...]
) -> None:
    definitions = shop.three_versions()
    for operation in denied:
        faults("ecs", operation)
    with pytest.raises(NeedsPerson) as refused:
        releases.plan_rollback(the(releases))
    assert "nobody knows whether it ever worked" in refused.value.evidence
    result = roll_back(releases, to=2)
    assert result.exit_code is ExitCode.OK
    assert result.sentence.startswith("likely restored: revision 2 is serving")
    assert shop.runs() == definitions[1].rpartition("/")[2]


def test_without_service_deployments_what_was_noted_on_a_revision_tells_that_it_worked(
    shop: Shop, releases: Releases, faults: Callable[[str, str], None]
) -> None:
    definitions = shop.three_versions()
    notes.write(shop.aws, definitions[0], {notes.OUTCOME_TAG: "worked at=2026-08-01T10:00:00+00:00"})
    notes.write(shop.aws, definitions[1], {notes.OUTCOME_TAG: "failed at=2026-08-02T10:00:00+00:00"})
    faults("ecs", "ListServiceDeployments")
    plan = releases.plan_rollback(the(releases))
    assert (plan.target.number, plan.target.outcome) == (1, Outcome.WORKED)
    assert skipped(plan)[2] == "it never worked"
    assert plan.readiness.can is Can.UNKNOWN
    assert any("named by the tag v1" in warning for warning in plan.warnings)


def test_in_flight_without_service_deployments_it_is_superseded_by_what_still_serves(
    shop: Shop, releases: Releases, faults: Callable[[str, str], None]
) -> None:
    shop.three_versions()
    deploy_slowly(shop, shop.register(shop.push("v4-slow")))
    faults("ecs", "ListServiceDeployments")
    plan = releases.plan_rollback(the(releases))
    assert (plan.way, plan.target.number) == (Way.UPDATE, 3)
    result = releases.rollback(plan, run="run-1", on_progress=quickly(shop))
    assert result.sentence.startswith("likely restored: revision 3 is serving")


def test_where_tags_may_not_be_written_it_still_goes_back_and_says_what_is_missing(
    shop: Shop, releases: Releases, faults: Callable[[str, str], None]
) -> None:
    shop.three_versions()
    faults("ecs", "TagResource")
    result = roll_back(releases)
    assert result.exit_code is ExitCode.OK
    assert result.hold is None
    assert len(result.warnings) == 2


@pytest.mark.parametrize("may_continue", [True, False])
def test_one_that_waits_at_a_hook_is_sent_back(
    shop: Shop, releases: Releases, faults: Callable[[str, str], None], may_continue: bool
) -> None:
    definitions = [shop.register(shop.push(f"v{number}")) for number in (1, 2)]
    role = shop.role("balancing", "ecs.amazonaws.com")
    other = shop.target_group("other")
    listener = shop.aws.read("elbv2", "describe_listeners", LoadBalancerArn=_balancer(shop, shop.targets))["Listeners"]
    rule = shop.aws.write(
        "elbv2",
        "create_rule",
        ListenerArn=listener[0]["ListenerArn"],
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/*"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": shop.targets}],
    )["Rules"][0]["RuleArn"]
    advanced = {"alternateTargetGroupArn": other, "productionListenerRule": rule, "roleArn": role}
    shop.create(
        definitions[0],
        loadBalancers=[
            {
                "targetGroupArn": shop.targets,
                "containerName": "web",
                "containerPort": 8080,
                "advancedConfiguration": advanced,
            }
        ],
        deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5, "lifecycleHooks": [PAUSE]},
    )
    shop.deploy(definitions[1], wait=False)
    for _ in range(200):
        if releases.standing(the(releases)).in_flight and releases.plan_rollback(the(releases)).way is Way.CONTINUE:
            break
        shop.aws.clock.sleep(5)
    plan = releases.plan_rollback(the(releases))
    assert (plan.way, plan.target.number) == (Way.CONTINUE, 1)
    assert "--action ROLLBACK" in plan.command
    if not may_continue:
        faults("ecs", "ContinueServiceDeployment")
    assert releases.rollback(plan, run="run-1").sentence.startswith("restored: revision 1 is serving")


def _balancer(shop: Shop, group: str) -> str:
    found = shop.aws.read("elbv2", "describe_target_groups", TargetGroupArns=[group])["TargetGroups"][0]
    return str(found["LoadBalancerArns"][0])


@pytest.mark.parametrize(
    ("controller", "helps"),
    [("CODE_DEPLOY", "aws deploy stop-deployment"), ("EXTERNAL", "aws ecs update-service-primary-task-set")],
)
def test_a_service_that_somebody_else_moves_is_explained_and_left_alone(
    shop: Shop, releases: Releases, controller: str, helps: str
) -> None:
    definition = shop.register(shop.push("v1"))
    network = {"awsvpcConfiguration": {"subnets": shop.subnets, "securityGroups": [shop.group]}}
    shop.aws.write(
        "ecs",
        "create_service",
        cluster="main",
        serviceName="api",
        taskDefinition=definition,
        launchType="FARGATE",
        networkConfiguration=network,
        deploymentController={"type": controller},
    )
    with pytest.raises(NeedsPerson) as refused:
        releases.plan_rollback(the(releases))
    assert helps in refused.value.next_step
    assert [one.number for one in releases.revisions(the(releases))] == [1]


def test_a_console_that_is_not_armed_plans_but_cannot_act(shop: Shop, connection: Connection) -> None:
    shop.three_versions()
    armed = threading.Event()
    calls: list[int] = []
    looking = reading_releases(connection, armed.is_set, lambda: calls.append(1))
    plan = looking.plan_rollback(the(looking))
    with pytest.raises(ReadOnlyRefused):
        looking.rollback(plan, run="run-1")
    assert shop.runs() == "api:3"
    armed.set()
    assert looking.rollback(plan, run="run-1").exit_code is ExitCode.OK
    assert calls


def test_a_migration_that_ran_after_the_target_is_a_warning(shop: Shop, releases: Releases) -> None:
    shop.create(shop.register(shop.push("v1")))
    command = {"command": ["sh", "-c", "alembic upgrade head && serve"]}
    shop.deploy(shop.register(shop.push("v2"), command))
    plan = releases.plan_rollback(the(releases))
    assert plan.target.number == 1
    assert any("alembic upgrade head" in warning for warning in plan.warnings)


def test_any_service_is_found_by_cluster_and_name_or_by_its_name_alone(shop: Shop, releases: Releases) -> None:
    shop.create(shop.register(shop.push("v1")))
    assert releases.one(service="api").title == "main/api"
    assert [one.title for one in releases.services(everything=True)] == ["main/api"]
    assert releases.services() == []
    for wrong in ({"cluster": "main", "service": "no"}, {"service": "no"}, {"target": "shop/dev/api"}, {}):
        with pytest.raises(UsageError):
            releases.one(**wrong)


def test_nothing_is_called_to_change_anything_by_looking(shop: Shop, connection: Connection) -> None:
    shop.three_versions()
    looking = reading_releases(connection, lambda: False)
    standing = looking.standing(the(looking))
    assert {one.can for one in looking.readiness_in(standing).values()} == {Can.YES}
    assert looking.rollout(the(looking)).sentence == "api:3 is serving"
    assert ACCOUNT in standing.ref.arn and REGION in standing.ref.arn

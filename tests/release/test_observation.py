"""Which calls are made to look at a rollout, and what happens when AWS refuses some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.release.test_rollout import NEW, OLD, at, deployment, service, stopped
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.observation import observe
from wizard.release.rollout import Verdict

REVISION = "arn:aws:ecs:us-east-1:111122223333:service-revision/shop/api/"


class Answers:
    """Answers every operation with what it was given, or raises it; notes what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        self.asked.append(operation)
        answer = self._answers[operation]
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        yield from self.read(service, operation, **params)[key]

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        raise AssertionError("looking changes nothing")

    once = write


def refused(operation: str, code: str = "AccessDeniedException") -> AwsError:
    return AwsError(f"ecs:{operation}", code, "no")


def history(*statuses: tuple[str, str]) -> Mapping[str, Any]:
    """Answers about service deployments, newest first, each of a task definition."""
    return {
        "list_service_deployments": {
            "serviceDeployments": [
                {
                    "serviceDeploymentArn": f"deployment-{number}",
                    "targetServiceRevisionArn": REVISION + definition[-1],
                    "status": status,
                    "createdAt": at(10 - number),
                    "finishedAt": at(18 - number),
                }
                for number, (definition, status) in enumerate(statuses)
            ]
        },
        "describe_service_revisions": {
            "serviceRevisions": [
                {"serviceRevisionArn": REVISION + definition[-1], "taskDefinition": definition}
                for definition, _ in statuses
            ]
        },
    }


def described(*deployments: dict[str, Any], **more: Any) -> Mapping[str, Any]:
    return {"describe_services": {"services": [service(*deployments, **more)]}}


def test_on_the_way_behind_a_load_balancer_it_takes_two_calls() -> None:
    health = [
        {"TargetHealth": {"State": "healthy"}},
        {"TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"}},
    ]
    aws = Answers(
        **described(deployment(NEW, "IN_PROGRESS"), loadBalancers=[{"targetGroupArn": "arn:tg"}]),
        describe_target_health={"TargetHealthDescriptions": health},
    )
    found = observe(aws, "shop", "api", NEW)
    assert aws.asked == ["describe_services", "describe_target_health"]
    assert found.targets == {"healthy": 1, "unhealthy": 1}
    assert found.target_reasons == ("Target.Timeout",)


def test_on_the_way_with_a_failed_task_it_takes_three_calls() -> None:
    aws = Answers(
        **described(deployment(NEW, "IN_PROGRESS", failedTasks=1), loadBalancers=[{"targetGroupArn": "arn:tg"}]),
        list_tasks={"taskArns": ["one"]},
        describe_tasks={"tasks": [stopped(NEW, 12, "CannotPullContainerError: x: not found")]},
    )
    found = observe(aws, "shop", "api", NEW)
    assert aws.asked == ["describe_services", "list_tasks", "describe_tasks"]
    assert found.verdict is Verdict.IN_PROGRESS
    assert found.failure is not None


def test_success_is_asked_of_the_service_deployment_and_takes_three_calls() -> None:
    aws = Answers(**described(deployment(NEW, "COMPLETED")), **history((NEW, "SUCCESSFUL"), (OLD, "SUCCESSFUL")))
    found = observe(aws, "shop", "api", NEW)
    assert aws.asked == ["describe_services", "list_service_deployments", "describe_service_revisions"]
    assert (found.verdict, found.service_deployment) == (Verdict.SUCCESSFUL, "deployment-0")


def test_only_a_failure_costs_the_stopped_tasks_on_top() -> None:
    aws = Answers(
        **described(deployment(OLD, "COMPLETED", minute=15)),
        **history((NEW, "ROLLBACK_SUCCESSFUL"), (OLD, "SUCCESSFUL")),
        list_tasks={"taskArns": ["one"]},
        describe_tasks={"tasks": [stopped(NEW, 12, "Essential container in task exited")]},
    )
    found = observe(aws, "shop", "api", NEW)
    assert found.verdict is Verdict.ROLLED_BACK
    assert found.failure is not None
    assert len(aws.asked) == 5


@pytest.mark.parametrize("operation", ["list_service_deployments", "describe_service_revisions"])
@pytest.mark.parametrize("code", ["AccessDeniedException", "UnsupportedFeatureException", "InvalidAction"])
def test_without_service_deployments_the_rollout_state_decides(operation: str, code: str) -> None:
    answers = {**described(deployment(NEW, "COMPLETED")), **history((NEW, "SUCCESSFUL")), operation: refused("x", code)}
    assert observe(Answers(**answers), "shop", "api", NEW).verdict is Verdict.SUCCESSFUL


def test_a_lost_answer_is_no_reason_to_judge_by_less() -> None:
    lost = AmbiguousAnswer("ecs:ListServiceDeployments", "timeout")
    aws = Answers(**described(deployment(NEW, "COMPLETED")), list_service_deployments=lost)
    with pytest.raises(AmbiguousAnswer):
        observe(aws, "shop", "api", NEW)


@pytest.mark.parametrize("operation", ["list_tasks", "describe_tasks", "describe_target_health"])
def test_what_only_explains_may_be_refused(operation: str) -> None:
    answers = {
        **described(
            deployment(NEW, "IN_PROGRESS", failedTasks=0 if operation == "describe_target_health" else 1),
            loadBalancers=[{"targetGroupArn": "arn:tg"}],
        ),
        "list_tasks": {"taskArns": ["one"]},
        operation: refused(operation),
    }
    assert observe(Answers(**answers), "shop", "api", NEW).verdict is Verdict.IN_PROGRESS


def test_a_traffic_shifting_deployment_is_judged_by_its_service_deployment_also_on_the_way() -> None:
    aws = Answers(
        **described(deployment(NEW, "IN_PROGRESS"), deploymentConfiguration={"strategy": "CANARY"}),
        **history((NEW, "ROLLBACK_IN_PROGRESS"), (OLD, "SUCCESSFUL")),
    )
    assert observe(aws, "shop", "api", NEW).verdict is Verdict.ROLLING_BACK


def shifting(stage: str, percent: float = 0.0, *, sources: int = 1, hook: str = "") -> Mapping[str, Any]:
    """Answers about a canary on the way, at a stage."""
    shown = {
        "lifecycleStage": stage,
        "sourceServiceRevisions": [{}] * sources,
        "targetServiceRevision": {"requestedProductionTrafficWeight": percent},
        "lifecycleHookDetails": [{"status": hook}] if hook else [],
    }
    return {
        **described(deployment(NEW, "IN_PROGRESS"), deploymentConfiguration={"strategy": "CANARY"}),
        **history((NEW, "IN_PROGRESS"), (OLD, "SUCCESSFUL")),
        "describe_service_deployments": {"serviceDeployments": [shown]},
    }


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (shifting("SCALE_UP"), "starts beside the old version, which serves (SCALE_UP)"),
        (shifting("PRODUCTION_TRAFFIC_SHIFT", 12.5), "gets 12.5 % of the requests (PRODUCTION_TRAFFIC_SHIFT)"),
        (shifting("BAKE_TIME", 100), "gets all requests, and the old version waits for a way back (BAKE_TIME)"),
        (shifting("POST_SCALE_UP", hook="AWAITING_ACTION"), "waits for somebody to let it go on (POST_SCALE_UP)"),
        (shifting("A_NEW_STAGE"), "is on its way (A_NEW_STAGE)"),
    ],
)
def test_a_shift_on_the_way_says_its_stage_in_four_calls(answers: Mapping[str, Any], sentence: str) -> None:
    aws = Answers(**answers)
    found = observe(aws, "shop", "api", NEW)
    assert f"{sentence}, " in found.sentence
    assert found.verdict is Verdict.IN_PROGRESS
    assert aws.asked[-1] == "describe_service_deployments"
    assert len(aws.asked) == 4


def test_a_first_version_has_no_stage_for_it_takes_over_from_none() -> None:
    assert observe(Answers(**shifting("CLEAN_UP", sources=0)), "shop", "api", NEW).shift is None


def test_the_stage_is_only_shown_so_it_may_be_refused() -> None:
    answers = {**shifting("BAKE_TIME"), "describe_service_deployments": refused("DescribeServiceDeployments")}
    found = observe(Answers(**answers), "shop", "api", NEW)
    assert (found.verdict, found.shift) == (Verdict.IN_PROGRESS, None)


def test_a_service_that_is_not_shown_yet_is_waited_for() -> None:
    aws = Answers(describe_services={"services": [], "failures": [{"reason": "MISSING"}]})
    assert observe(aws, "shop", "api", NEW).verdict is Verdict.IN_PROGRESS

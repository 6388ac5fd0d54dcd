"""Blue/green, linear and canary deployments go stage by stage, pause at hooks, and roll back at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ecs_account import ACCOUNT, Account, fresh_account
from wizard.sandbox.handling import Refused

account = fresh_account

BLUE_GREEN = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5}
PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}


def shifting_service(account: Account, configuration: dict[str, Any]) -> tuple[str, str]:
    """A service that shifts traffic between two target groups, its first deployment done, its second begun."""
    checks = {"HealthyThresholdCount": 2, "HealthCheckIntervalSeconds": 15}
    blue, green = account.target_group(**checks), account.target_group(**checks)
    advanced = {
        "alternateTargetGroupArn": green,
        "productionListenerRule": rule_of(account, blue)["RuleArn"],
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
    }
    balancer = {
        "targetGroupArn": blue,
        "containerName": "web",
        "containerPort": 8080,
        "advancedConfiguration": advanced,
    }
    account.create(
        account.register(account.push("v1")), loadBalancers=[balancer], deploymentConfiguration=configuration
    )
    account.seconds_until("SUCCESSFUL")
    account.update(taskDefinition=account.register(account.push("v2")))
    return blue, green


def rule_of(account: Account, group: str) -> dict[str, Any]:
    """The listener rule that forwards to the target group."""
    elb = account.aws("elbv2")
    for balancer in elb.describe_load_balancers()["LoadBalancers"]:
        for listener in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            for rule in elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
                if group in str(rule["Actions"]):
                    return dict(rule)
    raise AssertionError("no rule")


def weights(account: Account, blue: str, green: str) -> tuple[int, int]:
    """How the production listener rule splits the traffic."""
    shares = rule_of(account, blue)["Actions"][0]["ForwardConfig"]["TargetGroups"]
    found = {share["TargetGroupArn"]: share["Weight"] for share in shares}
    return found[blue], found[green]


def stages(account: Account) -> list[tuple[str, float]]:
    """The stages and production weights that the newest deployment goes through until it ends."""
    seen: list[tuple[str, float]] = []
    while account.deployment()["status"] in ("PENDING", "IN_PROGRESS"):
        found = account.deployment()
        now = (found["lifecycleStage"], found["targetServiceRevision"]["requestedProductionTrafficWeight"])
        if not seen or seen[-1] != now:
            seen.append(now)
        account.wait(5)
    return seen


def until_stage(account: Account, stage: str) -> None:
    for _ in range(200):
        if account.deployment()["lifecycleStage"] == stage:
            return
        account.wait(5)
    raise AssertionError(f"never reached {stage}")


def test_blue_green_shifts_all_at_once_then_bakes_then_cleans_up(account: Account) -> None:
    blue, green = shifting_service(account, BLUE_GREEN)
    assert [stage for stage, weight in stages(account) if weight == 0] == [
        "PRE_SCALE_UP",
        "SCALE_UP",
        "POST_SCALE_UP",
        "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT",
    ]
    assert account.deployment()["status"] == "SUCCESSFUL"
    assert account.target_health(blue) == []
    assert len(account.target_health(green)) == 1


def test_blue_tasks_stay_through_the_bake_time(account: Account) -> None:
    shifting_service(account, BLUE_GREEN)
    until_stage(account, "BAKE_TIME")
    account.wait(280)
    assert account.service()["runningCount"] == 2
    account.seconds_until("SUCCESSFUL")
    assert account.service()["runningCount"] == 1


def test_linear_goes_up_in_equal_steps(account: Account) -> None:
    shifting_service(
        account, {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 25.0, "stepBakeTimeInMinutes": 1}}
    )
    shifted = [weight for stage, weight in stages(account) if stage == "PRODUCTION_TRAFFIC_SHIFT"]
    assert shifted == [25.0, 50.0, 75.0, 100.0]


def test_canary_goes_up_in_two_steps(account: Account) -> None:
    blue, green = shifting_service(
        account, {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 2}}
    )
    assert weights(account, blue, green) == (100, 0)
    until_stage(account, "PRODUCTION_TRAFFIC_SHIFT")
    assert weights(account, blue, green) == (95, 5)
    shifted = [weight for stage, weight in stages(account) if stage == "PRODUCTION_TRAFFIC_SHIFT"]
    assert shifted == [5.0, 100.0]
    assert weights(account, blue, green) == (0, 100)


def test_a_pause_waits_until_somebody_continues(account: Account) -> None:
    shifting_service(account, {**BLUE_GREEN, "lifecycleHooks": [PAUSE]})
    until_stage(account, "POST_TEST_TRAFFIC_SHIFT")
    account.wait(1800)
    deployment = account.deployment()
    assert deployment["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT"
    hook = deployment["lifecycleHookDetails"][0]
    assert hook["status"] == "AWAITING_ACTION"
    account.call(
        "ContinueServiceDeployment",
        serviceDeploymentArn=deployment["serviceDeploymentArn"],
        hookId=hook["hookId"],
        action="CONTINUE",
    )
    account.seconds_until("SUCCESSFUL")


def test_a_pause_can_be_answered_with_a_rollback(account: Account) -> None:
    blue, green = shifting_service(account, {**BLUE_GREEN, "lifecycleHooks": [PAUSE]})
    until_stage(account, "POST_TEST_TRAFFIC_SHIFT")
    deployment = account.deployment()
    account.call(
        "ContinueServiceDeployment",
        serviceDeploymentArn=deployment["serviceDeploymentArn"],
        hookId=deployment["lifecycleHookDetails"][0]["hookId"],
        action="ROLLBACK",
    )
    account.seconds_until("ROLLBACK_SUCCESSFUL")
    assert len(account.target_health(blue)) == 1
    assert account.target_health(green) == []


def test_a_pause_that_nobody_answers_rolls_back_at_its_timeout(account: Account) -> None:
    hook = {**PAUSE, "timeoutConfiguration": {"timeoutInMinutes": 10}}
    shifting_service(account, {**BLUE_GREEN, "lifecycleHooks": [hook]})
    until_stage(account, "POST_TEST_TRAFFIC_SHIFT")
    assert account.seconds_until("ROLLBACK_SUCCESSFUL") >= 600


def test_a_stop_during_the_bake_time_rolls_back_to_blue(account: Account) -> None:
    blue, green = shifting_service(account, BLUE_GREEN)
    until_stage(account, "BAKE_TIME")
    assert weights(account, blue, green) == (0, 100)
    account.call("StopServiceDeployment", serviceDeploymentArn=account.deployment()["serviceDeploymentArn"])
    account.seconds_until("ROLLBACK_SUCCESSFUL")
    assert [entry["TargetHealth"]["State"] for entry in account.target_health(blue)] == ["healthy"]
    assert account.service()["taskDefinition"].endswith("app:1")
    assert weights(account, blue, green) == (100, 0)


def test_shifting_traffic_needs_a_second_target_group(account: Account) -> None:
    group = account.target_group()
    with pytest.raises(Refused, match="advancedConfiguration"):
        account.create(account.register(), group=group, deploymentConfiguration=BLUE_GREEN)


@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "CANARY", "LINEAR"])
def test_tasks_that_keep_failing_trip_the_circuit_breaker_before_any_traffic_moves(
    account: Account, strategy: str
) -> None:
    breaker = {"enable": True, "rollback": True, "thresholdConfiguration": {"type": "COUNT", "value": 2}}
    configuration = {"strategy": strategy, "bakeTimeInMinutes": 5, "deploymentCircuitBreaker": breaker}
    blue, green = shifting_service(account, configuration)
    account.update(taskDefinition=account.register(account.push("crash")))
    account.seconds_until("ROLLBACK_SUCCESSFUL")
    assert weights(account, blue, green) == (100, 0)
    assert [entry["TargetHealth"]["State"] for entry in account.target_health(blue)] == ["healthy"]

"""Histories of rolling deployments that nobody disturbs."""

from __future__ import annotations

from tests.release.histories.acts import alarm, deploy, interrupt_spot, minutes, push, until
from tests.release.histories.history import History
from tests.release.histories.making import ALARMS, ALARMS_ONLY, BREAKER_ONLY, NO_BREAKER, ROLLING, first, runs
from wizard.errors import ExitCode
from wizard.release.rollout import Verdict

SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
QUICK = {
    "deploymentCircuitBreaker": {
        "enable": True,
        "rollback": True,
        "thresholdConfiguration": {"type": "COUNT", "value": 1},
    }
}
SLOW = NO_BREAKER | {"maximumPercent": 125}

HISTORIES = (
    History(
        "A good version comes up and takes over.",
        (runs("v1"), deploy("v2"), until("SUCCESSFUL"), minutes(5)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
    History(
        "A first version comes up.",
        (first("v1"), until("SUCCESSFUL"), minutes(2)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v1",
    ),
    History(
        "A version crashes, the circuit breaker goes back, and the service is steady on the old one.",
        (runs("v1"), deploy("v2-crash"), until("ROLLBACK_SUCCESSFUL"), minutes(5)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="amazon-ecs-deploy-task-definition#191",
        fools_waiter=True,
    ),
    History(
        "The first version ever crashes: the circuit breaker has nothing to go back to.",
        (first("v1-crash"), until("ROLLBACK_FAILED"), minutes(5)),
        Verdict.FAILED,
        ExitCode.NEEDS_PERSON,
        "",
        thread="containers-roadmap#1488",
    ),
    History(
        "The first version ever crashes, and the circuit breaker may only stop.",
        (first("v1-crash", BREAKER_ONLY), until("STOPPED"), minutes(5)),
        Verdict.FAILED,
        ExitCode.NEEDS_PERSON,
        "",
        thread="containers-roadmap#328",
    ),
    History(
        "A version crashes, and the circuit breaker stops without going back.",
        (runs("v1", BREAKER_ONLY), deploy("v2-crash"), until("STOPPED"), minutes(5)),
        Verdict.FAILED,
        ExitCode.NEEDS_PERSON,
        "v1",
        thread="containers-roadmap#1488",
    ),
    History(
        "A version crashes again and again, and no circuit breaker ends it.",
        (runs("v1", NO_BREAKER), deploy("v2-crash"), minutes(35, 210)),
        Verdict.IN_PROGRESS,
        ExitCode.TIME_IS_UP,
        "v1",
        thread="aws-cdk#1498",
    ),
    History(
        "The first version ever crashes again and again without a circuit breaker.",
        (first("v1-crash", NO_BREAKER), minutes(35, 210)),
        Verdict.IN_PROGRESS,
        ExitCode.TIME_IS_UP,
        "",
        thread="copilot-cli#1369",
    ),
    History(
        "A version needs more memory than it has.",
        (runs("v1"), deploy("v2-oom"), until("ROLLBACK_SUCCESSFUL"), minutes(2)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="containers-roadmap#1206",
        fools_waiter=True,
    ),
    History(
        "An image is built for another kind of processor.",
        (runs("v1"), deploy("v2-badarch"), until("ROLLBACK_SUCCESSFUL"), minutes(2)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="copilot-cli#1949",
        fools_waiter=True,
    ),
    History(
        "An image was never pushed.",
        (runs("v1"), deploy("v2-missing"), until("ROLLBACK_SUCCESSFUL"), minutes(2)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="containers-roadmap#1573",
        fools_waiter=True,
    ),
    History(
        "An image is pushed while AWS already tries to pull it.",
        (
            runs("v1", NO_BREAKER),
            deploy("v2-missing-yet"),
            minutes(1.5),
            push("v2-missing-yet"),
            until("SUCCESSFUL"),
            minutes(1),
        ),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2-missing-yet",
    ),
    History(
        "A version runs and fails its health checks.",
        (runs("v1"), deploy("v2-unhealthy"), until("ROLLBACK_SUCCESSFUL", every=90), minutes(2)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="copilot-cli#2672",
        fools_waiter=True,
    ),
    History(
        "Targets never become healthy, while as many tasks run as should and the grace period goes on.",
        (
            runs("v1", NO_BREAKER | {"minimumHealthyPercent": 0, "maximumPercent": 100}),
            deploy("v2-unhealthy", healthCheckGracePeriodSeconds=7200),
            minutes(155, 900),
        ),
        Verdict.IN_PROGRESS,
        ExitCode.TIME_IS_UP,
        "",
        thread="ecs-deploy#185",
        fools_waiter=True,
    ),
    History(
        "A version that may start only after the old one is gone crashes, and the old one comes back.",
        (
            runs("v1", ROLLING | {"minimumHealthyPercent": 0, "maximumPercent": 100}),
            deploy("v2-crash"),
            until("ROLLBACK_SUCCESSFUL"),
            minutes(1),
        ),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="copilot-cli#4838",
        fools_waiter=True,
    ),
    History(
        "Tasks come up one after the other, so slowly that the run stops waiting before they succeed.",
        (runs("v1", SLOW, count=4), deploy("v2-slow"), minutes(34, 200), until("SUCCESSFUL", every=240)),
        Verdict.SUCCESSFUL,
        ExitCode.TIME_IS_UP,
        "v2-slow",
        thread="copilot-cli#5296",
    ),
    History(
        "The first crash is the last one that is allowed.",
        (runs("v1", QUICK), deploy("v2-crash"), until("ROLLBACK_SUCCESSFUL"), minutes(1)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="containers-roadmap#1247",
        fools_waiter=True,
    ),
    History(
        "Fargate takes a Spot task back in the middle of a rollout.",
        (
            runs("v1", capacityProviderStrategy=SPOT),
            deploy("v2"),
            minutes(1),
            interrupt_spot(),
            until("SUCCESSFUL"),
            minutes(1),
        ),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
    History(
        "An alarm rings while a version comes up, and AWS goes back.",
        (runs("v1", ROLLING | ALARMS), deploy("v2"), minutes(1), alarm(), until("ROLLBACK_SUCCESSFUL"), minutes(1)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        fools_waiter=True,
    ),
    History(
        "An alarm rings while a version comes up and may only end the rollout: what has come up stays.",
        (runs("v1", ROLLING | ALARMS_ONLY), deploy("v2"), minutes(1), alarm(), until("STOPPED"), minutes(6)),
        Verdict.FAILED,
        ExitCode.NEEDS_PERSON,
        "v2",
        fools_waiter=True,
    ),
    History(
        "An alarm rings after the rollout is over.",
        (runs("v1", ROLLING | ALARMS), deploy("v2"), until("SUCCESSFUL"), alarm(), minutes(3)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
)

"""The scenarios of game days, one row each."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.sandbox.ecs.conditions import Condition
from wizard.sandbox.game_days import acts
from wizard.sandbox.game_days.acts import Act

NO_CAPACITY = "Capacity is unavailable at this time. Please try again later or in a different availability zone"
NO_ADDRESSES = (
    "Unexpected EC2 error while attempting to Create Network Interface in subnet '{subnet}': "
    "InsufficientFreeAddressesInSubnet"
)
NO_WAY_OUT = (
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref {image}: "
    "failed to do request: dial tcp 52.46.132.7:443: i/o timeout"
)


@dataclass(frozen=True)
class Scenario:
    """One kind of trouble. Its line says what happened, not what the cause is called."""

    name: str
    line: str
    act: Act
    healed: str
    """What `heal` does about it; the version that a teammate deployed is left to the person."""


LEFT = "nothing to take back: the version that was deployed is yours to roll back"
SCENARIOS: tuple[Scenario, ...] = (
    Scenario("bad-image", "CI deploys a tag that was never pushed", acts.deploys("missing", pushed=False), LEFT),
    Scenario("crash", "a new version ends right after its start", acts.deploys("crash"), LEFT),
    Scenario("out-of-memory", "a new version needs more memory than it has", acts.deploys("oom"), LEFT),
    Scenario("wrong-architecture", "an image is built on another kind of processor", acts.deploys("badarch"), LEFT),
    Scenario("unhealthy-path", "a new version no longer has the health check's path", acts.deploys("wrongpath"), LEFT),
    Scenario("loopback", "a new version listens on 127.0.0.1 only", acts.deploys("loopback"), LEFT),
    Scenario("slow-start", "a new version starts more slowly than anybody waits", acts.deploys("sluggish"), LEFT),
    Scenario("access-denied", "a new version needs a right that its task role lacks", acts.deploys("denied"), LEFT),
    Scenario(
        "missing-secret", "a secret is deleted before a deployment", acts.secret_deleted, "the secret is restored"
    ),
    Scenario(
        "expired-image",
        "the image that runs is removed, and AWS retires tasks",
        acts.image_removed,
        "the image is back",
    ),
    Scenario("missing-logs", "the log group is deleted before a deployment", acts.log_group_deleted, "it is back"),
    Scenario("database-down", "the database stops taking connections", acts.database_down, "the database answers"),
    Scenario(
        "no-capacity",
        "Fargate has no capacity in these zones",
        acts.comes_over(Condition(placing=NO_CAPACITY), deployed=True),
        "there is capacity",
    ),
    Scenario(
        "no-addresses",
        "the subnets run out of addresses",
        acts.comes_over(Condition(starting=NO_ADDRESSES), deployed=True),
        "there are free addresses",
    ),
    Scenario(
        "no-way-out",
        "the way to the registry is cut",
        acts.comes_over(Condition(starting=NO_WAY_OUT), deployed=True),
        "the registry can be reached",
    ),
    Scenario("throttling", "AWS refuses calls to ECS: too many a second", acts.throttled, "calls are answered"),
    Scenario("paused-hook", "a deployment is left waiting for an approval", acts.left_paused, "the hook is continued"),
    Scenario("alarm", "an alarm goes off during a deployment", acts.alarm_rings, "the alarm is quiet"),
    Scenario("scaled-to-zero", "somebody sets the number of tasks to 0", acts.scaled_to_zero, LEFT),
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}

"""Whatever happened to a service before, a good image still rolls out and a delete leaves nothing behind."""

from __future__ import annotations

import random

import pytest

from tests.sandbox.ecs_account import REGISTRY, Account, fresh_account
from wizard.sandbox import ecs
from wizard.sandbox.handling import Refused

account = fresh_account

TAGS = ("v1", "v2", "v3-crash", "v4-unhealthy", "v5-badarch", "v6-slow")


def disturb(account: Account, dice: random.Random, images: list[str]) -> None:
    """Do one thing that an operator may do; a refusal is allowed for a deployment that is over only."""
    action = dice.choice(["deploy", "deploy", "scale", "force", "stop", "stop", "kill", "wait"])
    if action == "deploy":
        account.update(taskDefinition=account.register(dice.choice(images)))
    elif action == "scale":
        account.update(desiredCount=dice.randint(0, 4))
    elif action == "force":
        account.update(forceNewDeployment=True)
    elif action == "stop":
        arn = account.deployment()["serviceDeploymentArn"]
        try:
            account.call("StopServiceDeployment", serviceDeploymentArn=arn, stopType=dice.choice(["ROLLBACK", "ABORT"]))
        except Refused as refused:
            assert refused.code == "ConflictException"
    elif action == "kill" and (tasks := account.tasks()):
        account.call("StopTask", cluster="main", task=dice.choice(tasks)["taskArn"])
    account.wait(dice.choice([1, 3, 10, 60, 200, 1000]))


@pytest.mark.parametrize("seed", range(12))
def test_a_good_image_always_rolls_out_in_the_end(account: Account, seed: int) -> None:
    dice = random.Random(seed)
    images = [*map(account.push, TAGS), f"{REGISTRY}/app:gone"]
    group = account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15)
    configuration = {
        "deploymentCircuitBreaker": {"enable": dice.random() < 0.7, "rollback": dice.random() < 0.7},
        "minimumHealthyPercent": dice.choice([0, 50, 100]),
        "maximumPercent": dice.choice([150, 200]),
    }
    account.create(
        account.register(dice.choice(images)),
        group=group,
        desiredCount=dice.randint(0, 3),
        deploymentConfiguration=configuration,
    )
    for _ in range(20):
        disturb(account, dice, images)
        assert [entry["status"] for entry in account.service()["deployments"]].count("PRIMARY") == 1
    account.update(taskDefinition=account.register(images[0]), desiredCount=2)
    account.seconds_until("SUCCESSFUL")
    assert (account.service()["runningCount"], len(account.service()["deployments"])) == (2, 1)
    assert [entry["TargetHealth"]["State"] for entry in account.target_health(group)] == ["healthy", "healthy"]
    account.call("DeleteService", cluster="main", service="app", force=True)
    account.wait(120)
    assert account.service()["status"] == "INACTIVE"
    assert ecs.network_interfaces() == []

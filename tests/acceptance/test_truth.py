"""Some histories of the truth table as another program meets them: the exit code of the replay that watched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.practice import Finished, Practice
from tests.acceptance.test_trouble import client
from tests.ready import ReadyProcess
from wizard.aws import sandbox

BLUEPRINT = """
blueprint: 1
name: shop
region: us-east-1
network: {{kind: default-vpc}}
services:
  web:
    containers:
      web: {{image: "ghcr.io/owner/shop:{tag}"}}
"""
SCALE = 120.0
LOOKS = 4
"""By then a replay has read back what it asked for, and watches."""


@pytest.fixture
def shop(tmp_path: Path, ready: ReadyProcess) -> Iterator[Practice]:
    """A sandbox in which two minutes pass in a second: slow enough for somebody to come in between."""
    sandbox.start(tmp_path, SCALE)
    yield Practice(tmp_path, SCALE, ready)
    sandbox.stop(tmp_path)


def replay(shop: Practice, tag: str) -> Finished:
    """Replay with a version."""
    file = shop.home / "shop.yaml"
    file.write_text(BLUEPRINT.format(tag=tag))
    return shop.run("replay", str(file), "--sandbox", "--yes", "--json")


def meanwhile(command: Callable[[], Finished], act: Callable[[], bool]) -> Finished:
    """Try to act while a command runs, until it was done."""
    ended: list[Finished] = []
    runner = threading.Thread(target=lambda: ended.append(command()))
    runner.start()
    while runner.is_alive() and not act():
        runner.join(0.01)
    runner.join()
    return ended[0]


def verdict(finished: Finished) -> tuple[int, str]:
    return finished.code, finished.last["verdict"]


def test_the_exit_code_of_a_replay_tells_what_became_of_its_own_rollout(shop: Practice) -> None:
    assert verdict(replay(shop, "1-crash")) == (7, "failed"), "a first version has no older one"
    assert verdict(replay(shop, "1")) == (0, "ok")
    assert verdict(replay(shop, "2-crash")) == (6, "rolled_back")
    ecs = client(shop, "ecs")
    (cluster,) = ecs.list_clusters()["clusterArns"]
    (service,) = ecs.list_services(cluster=cluster)["serviceArns"]

    worked = ecs.describe_services(cluster=cluster, services=[service])["services"][0]["taskDefinition"]

    def is_watched() -> bool:
        """Whether the replay has read back what it asked for and follows it: before that it would set it right."""
        calls = [call["operation"] for call in shop.calls_since(mark)]
        if "UpdateService" not in calls:
            return False
        return calls[calls.index("UpdateService") :].count("DescribeServices") >= LOOKS

    def somebody_else_deploys() -> bool:
        if is_watched():
            ecs.update_service(cluster=cluster, service=service, taskDefinition=worked)
            return True
        return False

    def somebody_scales_to_zero() -> bool:
        if is_watched():
            ecs.update_service(cluster=cluster, service=service, desiredCount=0)
            return True
        return False

    mark = shop.last_call()
    superseded = meanwhile(lambda: replay(shop, "3-slow"), somebody_else_deploys)
    assert verdict(superseded) == (7, "failed"), superseded.stderr
    assert "by somebody else" in superseded.stderr
    mark = shop.last_call()
    emptied = meanwhile(lambda: replay(shop, "4-slow"), somebody_scales_to_zero)
    assert verdict(emptied) == (7, "failed"), emptied.stderr
    assert "nothing serves" in emptied.stderr

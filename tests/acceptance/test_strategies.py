"""Blue-green, canary and linear rollouts as another program runs them, and the way from rolling to them and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.practice import Finished, Practice, is_left
from tests.acceptance.test_trouble import client, told

BLUEPRINT = """
blueprint: 1
name: shop
region: us-east-1
network: {{kind: default-vpc}}
ingress: {{kind: alb, host: shop.example.com, zone: example.com, routes: [{{path: "{path}", service: web}}]}}
services:
  web:
    deploy: {{strategy: {strategy}, bake_minutes: 5, step_minutes: {step}, canary_percent: 20, step_percent: 50}}
    containers:
      web: {{image: "ghcr.io/owner/shop:{tag}", port: 8080}}
observability: {{alarms: true}}
"""


class Shop:
    """One small service in a sandbox, deployed again and again."""

    def __init__(self, practice: Practice, folder: Path) -> None:
        self.practice = practice
        self.file = folder / "shop.yaml"
        self.clients: dict[str, Any] = {}

    def aws(self, service: str) -> Any:
        """A client, made once: making one takes longer than asking."""
        if service not in self.clients:
            self.clients[service] = client(self.practice, service)
        return self.clients[service]

    def replay(self, strategy: str, tag: str, *, path: str = "/*", step: int = 5) -> Finished:
        """Replay with this strategy and this version."""
        self.file.write_text(BLUEPRINT.format(strategy=strategy, tag=tag, path=path, step=step))
        return self.practice.run("replay", str(self.file), "--sandbox", "--yes", "--json")

    def deployed(self, strategy: str, tag: str, *, path: str = "/*") -> Finished:
        """The same, and it must go well."""
        done = self.replay(strategy, tag, path=path)
        assert (done.code, done.last["verdict"]) == (0, "ok"), done.stderr + done.stdout[-1500:]
        assert self.answering() == {tag}
        return done

    def stays(self, strategy: str, tag: str, *, path: str = "/*") -> None:
        """Another replay of what runs must change nothing and ask AWS to change nothing."""
        before = self.practice.last_call()
        again = self.replay(strategy, tag, path=path)
        assert again.last["verdict"] == "no_changes", again.stdout[-1500:]
        assert [call for call in self.practice.calls_since(before) if call["mutating"]] == []

    def answering(self) -> set[str]:
        """Tags of the versions to which the load balancer sends requests now."""
        elb, ecs = self.aws("elbv2"), self.aws("ecs")
        groups = [group for group, weight in self.shares().items() if weight]
        health = [elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"] for group in groups]
        assert all(any(one["TargetHealth"]["State"] == "healthy" for one in each) for each in health), health
        addresses = {
            one["Target"]["Id"] for each in health for one in each if one["TargetHealth"]["State"] == "healthy"
        }
        cluster = ecs.list_clusters()["clusterArns"][0]
        tasks = ecs.describe_tasks(cluster=cluster, tasks=ecs.list_tasks(cluster=cluster)["taskArns"])["tasks"]
        return {self._tag(task) for task in tasks if addresses & set(self._addresses(task))}

    @staticmethod
    def _addresses(task: Any) -> list[str]:
        return [one["privateIpv4Address"] for each in task["containers"] for one in each["networkInterfaces"]]

    def _tag(self, task: Any) -> str:
        arn = task["taskDefinitionArn"]
        found = self.aws("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
        return str(found["containerDefinitions"][0]["image"]).rpartition(":")[2]

    def shares(self) -> dict[str, int]:
        """Weight of each target group in the rule that takes the requests."""
        action = self.rule()["Actions"][0]
        groups = action.get("ForwardConfig", {}).get("TargetGroups") or [action]
        return {group["TargetGroupArn"]: group.get("Weight", 1) for group in groups}

    def rule(self) -> dict[str, Any]:
        """The rule of the HTTPS listener that is asked first, its default action if there is no other."""
        elb = self.aws("elbv2")
        balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
        listeners = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
        https = next(each["ListenerArn"] for each in listeners if each["Port"] == 443)
        rules = elb.describe_rules(ListenerArn=https)["Rules"]
        return dict(min(rules, key=lambda rule: int(rule["Priority"]) if rule["Priority"].isdigit() else 99999))

    def groups(self) -> list[str]:
        """Names of the target groups."""
        found = self.aws("elbv2").describe_target_groups()["TargetGroups"]
        return sorted(group["TargetGroupName"] for group in found)

    def stage(self) -> str:
        """AWS's word for where the newest service deployment stands."""
        ecs = self.aws("ecs")
        newest = ecs.describe_services(cluster="shop-main-cluster", services=["shop-main-web"])["services"][0]
        arns = [newest["currentServiceDeployment"]]
        return str(
            ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]["lifecycleStage"]
        )

    def destroyed(self) -> None:
        """Destroy it; nothing may be left."""
        gone = self.practice.run("destroy", "shop/main", "--sandbox", "--yes", "--yes-delete-data", "--json")
        assert (gone.code, gone.last["verdict"]) == (0, "ok"), gone.stderr
        assert [item for item in self.practice.inventory() if is_left(item)] == []


def meanwhile(command: Callable[[], Finished], look: Callable[[], None]) -> Finished:
    """Look again and again while a command runs."""
    ended: list[Finished] = []
    runner = threading.Thread(target=lambda: ended.append(command()))
    runner.start()
    while runner.is_alive():
        look()
        runner.join(0.02)
    return ended[0]


def sentences(finished: Finished) -> list[str]:
    return [line["message"] for line in told(finished, "rollout")]


@pytest.fixture
def shop(practice: Practice, tmp_path: Path) -> Shop:
    return Shop(practice, tmp_path)


def test_blue_green_swaps_the_groups_says_where_it_is_and_a_bad_version_never_gets_a_request(shop: Shop) -> None:
    shop.deployed("blue-green", "1", path="/api/*")
    (first,) = [group for group, weight in shop.shares().items() if weight]
    second = shop.deployed("blue-green", "2", path="/api/*")
    assert shop.shares()[first] == 0
    said = " | ".join(sentences(second))
    assert "starts beside the old version, which serves (SCALE_UP)" in said
    assert "gets all requests, and the old version waits for a way back (BAKE_TIME)" in said
    shop.stays("blue-green", "2", path="/api/*")

    bad = shop.replay("blue-green", "missing", path="/api/*")
    assert (bad.code, bad.last["verdict"]) == (6, "rolled_back"), bad.stderr
    assert "is serving again: the image ghcr.io/owner/shop:missing does not exist" in bad.stderr
    assert shop.answering() == {"2"}
    shop.destroyed()


def test_canary_replaces_rolling_without_a_gap_and_an_alarm_sends_a_bad_version_back(shop: Shop) -> None:
    shop.deployed("rolling", "1")
    switched = meanwhile(lambda: shop.replay("canary", "2"), lambda: _somebody_answers(shop))
    assert (switched.code, switched.last["verdict"]) == (0, "ok"), switched.stderr
    assert any("gets 20 % of the requests" in sentence for sentence in sentences(switched))
    assert shop.answering() == {"2"}
    shop.stays("canary", "2")

    def ring_once_users_reach_it() -> None:
        if shop.stage() == "PRODUCTION_TRAFFIC_SHIFT":
            how = {"StateValue": "ALARM", "StateReason": "too many errors"}
            shop.aws("cloudwatch").set_alarm_state(AlarmName="shop-main-web-5xx", **how)

    bad = meanwhile(lambda: shop.replay("canary", "3", step=60), ring_once_users_reach_it)
    assert (bad.code, bad.last["verdict"]) == (6, "rolled_back"), bad.stderr
    assert shop.answering() == {"2"}


def test_linear_goes_back_to_rolling_on_the_group_that_serves(shop: Shop) -> None:
    shop.deployed("linear", "1")
    second = shop.deployed("linear", "2")
    assert any("gets 50 % of the requests" in sentence for sentence in sentences(second))
    shop.stays("linear", "2")
    assert shop.groups() == ["shop-main-web", "shop-main-web-alt"]

    switched = meanwhile(lambda: shop.replay("rolling", "2"), lambda: _somebody_answers(shop))
    assert (switched.code, switched.last["verdict"]) == (0, "ok"), switched.stderr
    assert shop.groups() == ["shop-main-web-alt"]
    shop.stays("rolling", "2")
    shop.destroyed()


def test_what_somebody_else_did_to_the_weights_is_seen_and_put_right(shop: Shop) -> None:
    shop.deployed("blue-green", "1")
    rule, shares = shop.rule()["RuleArn"], shop.shares()
    turned = [{"TargetGroupArn": group, "Weight": 100 - weight} for group, weight in shares.items()]
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": turned}}
    shop.aws("elbv2").modify_rule(RuleArn=rule, Actions=[action])
    repaired = shop.replay("blue-green", "1")
    changed = [line["address"] for line in told(repaired, "planned_change") if line["action"] != "no-op"]
    assert changed == ["listener_rule.50000"]
    assert shop.shares() == shares


def _somebody_answers(shop: Shop) -> None:
    """Each group that gets requests has a healthy target; asked twice, for the two are two questions to AWS."""
    try:
        shop.answering()
    except AssertionError:
        shop.answering()

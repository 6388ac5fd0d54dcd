"""Blue-green, canary and linear in the graph: two target groups, a rule of its own, a role, alarms on both groups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.options.starters import expansion, graph, of_kind, written
from wizard.engine.graph import Graph
from wizard.engine.values import Ref
from wizard.errors import UsageError
from wizard.options import expand

SHOP = """
blueprint: 1
name: shop
region: us-east-1
network: {{kind: new-vpc, tasks: public}}
ingress:
  kind: alb
  host: shop.example.com
  routes: [{routes}]
services:
  web: {{deploy: {{strategy: {web}}}, containers: {{web: {{image: "ghcr.io/o/web:1", port: 80}}}}}}
  api: {{deploy: {{strategy: {api}}}, containers: {{api: {{image: "ghcr.io/o/api:1", port: 8000}}}}}}
observability: {{alarms: {alarms}}}
"""
ROUTES = "{path: /api/*, service: api}, {path: /docs, service: api}, {service: web}"


def shop(web: str = "rolling", api: str = "rolling", routes: str = ROUTES, alarms: str = "true") -> Graph:
    return expand(expansion(written(SHOP.format(web=web, api=api, routes=routes, alarms=alarms))))


def settings(graph: Graph, service: str) -> dict[str, Any]:
    return dict(graph.resources[f"service.{service}"].properties)


def test_each_strategy_reaches_the_service_in_the_words_of_ecs() -> None:
    canary, linear = settings(shop(web="canary"), "web"), settings(shop(web="linear"), "web")
    assert (canary["strategy"], canary["canary"]) == ("CANARY", {"percent": 10, "minutes": 5})
    assert (linear["strategy"], linear["linear"]) == ("LINEAR", {"percent": 20, "minutes": 5})
    green = settings(shop(web="blue-green"), "web")
    assert (green["strategy"], green["bake_minutes"]) == ("BLUE_GREEN", 5)
    assert green["breaker"] == {"enable": True, "rollback": True, "threshold": 3}
    assert settings(shop(), "web")["strategy"] == "ROLLING"


def test_a_service_that_shifts_has_two_alike_groups_and_ecs_may_move_between_them_in_its_rule() -> None:
    made = shop(api="canary")
    first, second = (made.resources[f"target_group.{name}"].properties for name in ("api", "api-alternate"))
    assert {**first, "name": ""} == {**second, "name": ""}
    assert first["name"] != second["name"]
    (balancer,) = settings(made, "api")["load_balancers"]
    assert balancer["alternate"] == Ref("target_group.api-alternate", "arn")
    assert balancer["rule"] == Ref("listener_rule.10", "arn")
    assert balancer["role"] == Ref("role.infrastructure", "arn")
    assert made.resources["listener_rule.10"].properties["forward"] == [balancer["target_group"], balancer["alternate"]]
    role = made.resources["role.infrastructure"].properties
    assert role["managed_policies"] == ["arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"]
    assert role["trust"]["Statement"][0]["Principal"] == {"Service": "ecs.amazonaws.com"}


def test_its_routes_share_one_rule_and_those_of_others_keep_theirs() -> None:
    rules = {name: rule.properties["paths"] for name, rule in of_kind(shop(api="linear"), "listener_rule").items()}
    assert rules == {"10": ["/api/*", "/docs"]}
    rules = {name: rule.properties["paths"] for name, rule in of_kind(shop(), "listener_rule").items()}
    assert rules == {"10": ["/api/*"], "20": ["/docs"]}


def test_a_service_that_takes_the_rest_has_the_last_rule_and_the_default_action_leads_to_it_too() -> None:
    made = shop(web="blue-green")
    rule = made.resources["listener_rule.50000"].properties
    assert (rule["paths"], rule["priority"]) == (["/*"], 50000)
    assert made.resources["listener.https"].properties["action"] == {"forward": Ref("target_group.web", "arn")}


def test_paths_that_the_rest_would_take_anyway_need_no_rule_of_their_own() -> None:
    made = shop(web="canary", routes="{path: /api/*, service: api}, {path: /x, service: web}, {service: web}")
    assert set(of_kind(made, "listener_rule")) == {"10", "50000"}


def test_alarms_look_at_both_groups_and_server_errors_stop_a_rollout() -> None:
    made = shop(web="canary")
    both = [Ref("target_group.web", "full_name"), Ref("target_group.web-alternate", "full_name")]
    for name in ("web-healthy", "web-unhealthy", "web-5xx"):
        dimensions = made.resources[f"alarm.{name}"].properties["dimensions"]
        assert [each["TargetGroup"] for each in dimensions] == both
    assert settings(made, "web")["alarms"] == {"names": [Ref("alarm.web-5xx", "name")], "rollback": True}
    assert "alarm.api-5xx" not in made.resources
    assert settings(shop(web="canary", alarms="{http_5xx: null}"), "web")["alarms"]["names"] == []


def test_a_rolling_service_knows_the_name_of_the_group_that_a_shift_may_have_left_in_use() -> None:
    alternate = shop(web="linear").resources["target_group.web-alternate"].properties["name"]
    assert shop().resources["target_group.web"].properties["alternate"] == alternate
    assert "role.infrastructure" not in shop().resources


def test_the_second_group_has_another_name_also_where_the_blueprint_names_the_first() -> None:
    made = graph("chatkit", None, "services.chatkit.deploy.strategy=blue-green")
    names = [group.properties["name"] for group in of_kind(made, "target_group").values()]
    assert len(set(names)) == len(names) == 4


def refused(**how: str) -> str:
    """Why and what instead, when a shop cannot be made."""
    with pytest.raises(UsageError) as error:
        shop(**how)
    return error.value.evidence


def test_routes_with_others_between_them_do_not_fit_into_one_rule() -> None:
    between = "{path: /a, service: api}, {path: /b, service: web}, {path: /c, service: api}"
    assert "other routes stand between those of `api`" in refused(api="canary", routes=between)
    many = ", ".join(f"{{path: /{letter}, service: api}}" for letter in "abcdef")
    assert "`api` has 6 routes" in refused(api="canary", routes=many)
    assert "listener_rule.50000" in shop(api="canary", routes=f"{many}, {{service: api}}").resources


def test_without_a_route_there_is_nothing_to_shift_and_rolling_is_the_nearest() -> None:
    reason = refused(api="canary", routes="{service: web}")
    assert "`api` has no route of a load balancer" in reason
    assert "use `rolling`" in reason

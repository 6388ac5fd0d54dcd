"""Sign-in in front of the load balancer: who is asked, which paths stay open, and where it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.advice.papers import written as on_paper
from tests.blueprint.samples import told
from tests.options.starters import expansion, written
from wizard.advice.cost import price_list, price_text
from wizard.advice.permissions import Role
from wizard.advice.picture_text import as_text
from wizard.advice.policy import policy_for
from wizard.advice.topology import SIGN_IN, Way, topology
from wizard.blueprint.document import Document
from wizard.blueprint.environments import problems_of
from wizard.blueprint.paths import takes
from wizard.engine.graph import Graph
from wizard.engine.values import Ref
from wizard.options import expand

SHOP = """
blueprint: 1
name: shop
region: us-east-1
network: {kind: new-vpc, tasks: public, nat: none}
ingress:
  kind: alb
  host: shop.example.com
  routes:
    - {path: /api/v1/*, service: api}
    - {path: /api/*, service: web}
    - {path: /*, service: web}
identity: {kind: cognito, in_front: true}
services:
  web:
    containers: {web: {image: "ghcr.io/owner/shop:1", port: 8080}}
  api:
    containers: {api: {image: "ghcr.io/owner/api:1", port: 8081}}
"""
FRONT = "in_front: true"


def shop(identity: str = FRONT) -> Graph:
    return expand(expansion(written(SHOP.replace(FRONT, identity))))


def problems(old: str, new: str) -> str:
    assert old in SHOP
    return told(problems_of(Document(SHOP.replace(old, new))))


def of_kind(made: Graph, kind: str) -> dict[str, Mapping[str, Any]]:
    """Properties of each resource of a kind, by its name."""
    return {each.name: each.properties for each in made.resources.values() if each.kind == kind}


def asked(made: Graph) -> dict[str, bool]:
    """Whether people sign in, by rule; the listener's default action is `https`."""
    listeners = {name: each for name, each in of_kind(made, "listener").items() if name == "https"}
    return {name: bool(each["sign_in"]) for name, each in (of_kind(made, "listener_rule") | listeners).items()}


def test_nobody_is_asked_unless_the_blueprint_says_so() -> None:
    made = shop("in_front: false, open_paths: [/hooks]")
    assert asked(made) == {"10": False, "20": False, "https": False}
    assert set(of_kind(made, "user_pool_client")) == {"main"}


def test_every_rule_and_the_default_action_ask_with_a_client_of_the_load_balancers_own() -> None:
    made = shop("in_front: true, callback_paths: [/back], session_hours: 8")
    assert asked(made) == {"10": True, "20": True, "https": True}
    assert of_kind(made, "listener")["https"]["sign_in"] == {
        "pool": Ref("user_pool.main", "arn"),
        "client": Ref("user_pool_client.front", "client_id"),
        "domain": Ref("user_pool_domain.main", "domain"),
        "seconds": 8 * 3600,
    }
    clients = of_kind(made, "user_pool_client")
    assert clients["front"]["callback_urls"] == ["https://shop.example.com/oauth2/idpresponse"]
    assert clients["front"]["secret"] is True
    assert (clients["main"]["callback_urls"], clients["main"]["secret"]) == (["https://shop.example.com/back"], False)
    assert "sign_in" not in of_kind(made, "listener")["http"]


def test_the_load_balancer_may_ask_cognito_and_nothing_else() -> None:
    assert of_kind(shop(), "security_group_rule")["alb-to-sign-in"]["to_port"] == 443
    assert "alb-to-sign-in" not in of_kind(shop("in_front: false"), "security_group_rule")


def test_an_open_path_goes_where_its_route_leads_and_comes_just_before_it() -> None:
    made = shop("in_front: true, open_paths: [/api/hooks/*, /ping, /api/v1/status]")
    rules = {name: (each["paths"], each["forward"]) for name, each in of_kind(made, "listener_rule").items()}
    api, web = Ref("target_group.api", "arn"), Ref("target_group.web", "arn")
    assert rules == {
        "1": (["/api/v1/status"], api),
        "10": (["/api/v1/*"], api),
        "11": (["/api/hooks/*"], web),
        "20": (["/api/*"], web),
        "49991": (["/ping"], web),
    }
    assert {name for name, closed in asked(made).items() if not closed} == {"1", "11", "49991"}


def test_a_sixth_open_path_has_a_second_rule() -> None:
    made = shop(f"in_front: true, open_paths: [{', '.join(f'/open/{number}' for number in range(7))}]")
    rules = of_kind(made, "listener_rule")
    assert [len(rules[name]["paths"]) for name in ("49991", "49992")] == [5, 2]


@pytest.mark.parametrize(
    ("pattern", "path", "whether"),
    [
        ("/*", "/hooks", True),
        ("/api/*", "/api/hooks/*", True),
        ("/api/*", "/api*", False),
        ("/a?", "/ab", True),
        ("/a?", "/a*", False),
        ("/a*", "/a?", True),
        ("/api", "/api/x", False),
        ("*.gif", "/x.gif", True),
    ],
)
def test_a_pattern_takes_a_path_when_it_takes_every_request_of_it(pattern: str, path: str, whether: bool) -> None:
    assert takes(pattern, path) is whether


@pytest.mark.parametrize("strategy", ["blue-green", "canary", "linear"])
def test_a_service_whose_requests_ecs_shifts_is_refused_with_the_nearest_that_works(strategy: str) -> None:
    said = problems("  web:\n", f"  web:\n    deploy: {{strategy: {strategy}}}\n")
    assert f"`web` is deployed {strategy}, and ECS fails such a deployment" in said
    assert "use `strategy: rolling` for `web`" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (FRONT, "in_front: true, open_paths: [/*]", "/* takes /oauth2/idpresponse"),
        (FRONT, "in_front: true, open_paths: [/oauth2/*]", "/oauth2/* takes /oauth2/idpresponse"),
        (FRONT, "in_front: true, open_paths: [/a, /a]", "the path /a is named twice"),
        (
            "    - {path: /*, service: web}\nidentity: {kind: cognito, in_front: true}",
            "identity: {kind: cognito, in_front: true, open_paths: [/ping]}",
            "no route takes all of /ping",
        ),
    ],
)
def test_an_open_path_that_cannot_be_open_is_told(old: str, new: str, words: str) -> None:
    assert words in problems(old, new)


def test_without_a_load_balancer_it_is_refused_with_the_nearest_that_works() -> None:
    start, end = SHOP.index("ingress:"), SHOP.index("identity:")
    said = told(problems_of(Document(SHOP[:start] + SHOP[end:])))
    assert "people sign in at a load balancer that is made here, and `ingress.kind` is none" in said
    assert "{user_pool.id} and {user_pool.client}" in said
    express = f"""
blueprint: 1
name: shop
region: us-east-1
identity: {{kind: cognito, {FRONT}}}
services:
  web: {{kind: ecs-express, containers: {{web: {{image: "a/b", port: 80}}}}}}
"""
    assert "ecs-express bring a load balancer of their own" in told(problems_of(Document(express)))


def test_the_picture_the_price_and_the_policy_show_it() -> None:
    paper = on_paper(SHOP)
    assert Way("load_balancer.main", "user_pool.main", SIGN_IN) in topology(paper).ways
    assert f"{SIGN_IN} → Cognito user pool shop-main-user-pool" in as_text(topology(paper))
    assert "0.015 a person who signs in a month, after the first 10,000" in " ".join(
        " ".join(price_text(price_list(paper))).split()
    )
    statements = policy_for(paper, Role.SETUP).statements
    (clients,) = [each for each in statements if "cognito-idp:DescribeUserPoolClient" in each.actions]
    assert clients.resources == ("arn:aws:cognito-idp:us-east-1:123456789012:userpool/*",)
    assert "user_pool.main" not in topology(on_paper(SHOP.replace(FRONT, "in_front: false"))).nodes

"""Everybody signs in at the load balancer: as it stands in AWS, found unchanged, switched off and on, taken down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.acceptance.practice import Finished, Practice, is_left
from tests.acceptance.test_trouble import client, told

BLUEPRINT = """
blueprint: 1
name: shop
region: us-east-1
network: {{kind: default-vpc}}
ingress:
  kind: alb
  host: shop.example.com
  zone: example.com
  routes: [{{path: "/api/*", service: web}}]
identity: {{kind: cognito, callback_paths: [/back], in_front: {in_front}, open_paths: [/api/hooks/*], session_hours: 2}}
services:
  web:
    containers:
      web: {{image: "ghcr.io/owner/shop:1", port: 8080}}
"""


class Shop:
    """The small blueprint in a sandbox, and what AWS says of it."""

    def __init__(self, practice: Practice, folder: Path) -> None:
        self.practice, self.file = practice, folder / "shop.yaml"
        self.elb, self.cognito, self.ec2 = (client(practice, name) for name in ("elbv2", "cognito-idp", "ec2"))

    def replay(self, *, in_front: bool) -> Finished:
        self.file.write_text(BLUEPRINT.format(in_front=str(in_front).lower()))
        return self.practice.run("replay", str(self.file), "--sandbox", "--yes", "--json")

    def deployed(self, *, in_front: bool) -> Finished:
        """The same, and it must go well and be found unchanged by the next."""
        done = self.replay(in_front=in_front)
        assert (done.code, done.last["verdict"]) == (0, "ok"), done.stderr + done.stdout[-1500:]
        before = self.practice.last_call()
        again = self.replay(in_front=in_front)
        assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-1500:]
        assert [call for call in self.practice.calls_since(before) if call["mutating"]] == []
        return done

    def listener(self, port: int) -> dict[str, Any]:
        balancer = self.elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
        listeners = self.elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
        return dict(next(each for each in listeners if each["Port"] == port))

    def actions(self) -> dict[str, list[dict[str, Any]]]:
        """The actions of the HTTPS listener's rules by path; those of the default rule under an empty path."""
        rules = self.elb.describe_rules(ListenerArn=self.listener(443)["ListenerArn"])["Rules"]
        return {
            "".join(value for one in rule["Conditions"] for value in one["PathPatternConfig"]["Values"]): rule[
                "Actions"
            ]
            for rule in rules
        }

    def types(self) -> dict[str, list[str]]:
        return {path: [action["Type"] for action in actions] for path, actions in self.actions().items()}

    def pool(self) -> str:
        (pool,) = self.cognito.list_user_pools(MaxResults=10)["UserPools"]
        return str(pool["Id"])

    def clients(self) -> dict[str, dict[str, Any]]:
        """The clients of the pool by name."""
        pool = self.pool()
        found = self.cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
        asked = [{"UserPoolId": pool, "ClientId": each["ClientId"]} for each in found]
        shown = [self.cognito.describe_user_pool_client(**each)["UserPoolClient"] for each in asked]
        return {each["ClientName"]: each for each in shown}

    def way_out(self) -> set[tuple[int, str]]:
        """Ports and addresses to which the load balancer may connect."""
        group = self.elb.describe_load_balancers()["LoadBalancers"][0]["SecurityGroups"]
        rules = self.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": group}])
        out = [rule for rule in rules["SecurityGroupRules"] if rule["IsEgress"]]
        return {(rule["FromPort"], rule.get("CidrIpv4") or "a group") for rule in out}


def test_everybody_signs_in_before_a_request_goes_through_and_it_can_be_switched(
    practice: Practice, tmp_path: Path
) -> None:
    shop = Shop(practice, tmp_path)
    shop.deployed(in_front=True)
    _signs_in(shop)
    before = shop.clients()["shop-main-user-pool"]["ClientId"]

    shop.cognito.create_user_pool_client(UserPoolId=shop.pool(), ClientName="mobile app")

    off = shop.deployed(in_front=False)
    assert shop.types() == {"/api/*": ["forward"], "": ["fixed-response"]}
    assert set(shop.clients()) == {"shop-main-user-pool", "mobile app"}
    assert shop.way_out() == {(8080, "a group")}
    assert not [line for line in told(off, "planned_change") if line["action"] == "replace"]

    shop.deployed(in_front=True)
    _signs_in(shop)
    assert shop.clients()["shop-main-user-pool"]["ClientId"] == before, "the application's own client stays"

    _what_somebody_opened_is_closed(shop)
    gone = practice.run("destroy", "shop/main", "--sandbox", "--yes", "--yes-delete-data", "--json")
    assert (gone.code, gone.last["verdict"]) == (0, "ok"), gone.stderr
    assert [item for item in practice.inventory() if is_left(item)] == []


def _signs_in(shop: Shop) -> None:
    """Whoever comes is sent to the pool first, on every path but the open one."""
    assert shop.types() == {
        "/api/hooks/*": ["forward"],
        "/api/*": ["authenticate-cognito", "forward"],
        "": ["authenticate-cognito", "fixed-response"],
    }
    door = shop.clients()["shop-main-user-pool-alb"]
    domain = shop.cognito.describe_user_pool(UserPoolId=shop.pool())["UserPool"]["Domain"]
    for path in ("/api/*", ""):
        first, second = shop.actions()[path]
        config = first["AuthenticateCognitoConfig"]
        assert (first["Order"], second["Order"]) == (1, 2)
        assert config["UserPoolArn"].endswith(f":userpool/{shop.pool()}")
        assert (config["UserPoolClientId"], config["UserPoolDomain"]) == (door["ClientId"], domain)
        assert (config["SessionTimeout"], config["OnUnauthenticatedRequest"]) == (7200, "authenticate")
    assert door["ClientSecret"]
    assert door["CallbackURLs"] == ["https://shop.example.com/oauth2/idpresponse"]
    assert (door["AllowedOAuthFlows"], "openid" in door["AllowedOAuthScopes"]) == (["code"], True)
    assert shop.clients()["shop-main-user-pool"]["CallbackURLs"] == ["https://shop.example.com/back"]
    assert shop.way_out() == {(8080, "a group"), (443, "0.0.0.0/0")}
    assert [action["Type"] for action in shop.listener(80)["DefaultActions"]] == ["redirect"]
    groups = shop.elb.describe_target_groups()["TargetGroups"]
    assert [(each["HealthCheckPath"], each["Matcher"]["HttpCode"]) for each in groups] == [("/health", "200")]


def _what_somebody_opened_is_closed(shop: Shop) -> None:
    """A rule that lets strangers through, and a client without the code flow, are put right."""
    listener = shop.listener(443)["ListenerArn"]
    rules = shop.elb.describe_rules(ListenerArn=listener)["Rules"]
    closed = next(rule for rule in rules if rule["Priority"] == "10")
    shop.elb.modify_rule(RuleArn=closed["RuleArn"], Actions=closed["Actions"][1:])
    door = shop.clients()["shop-main-user-pool-alb"]
    shop.cognito.update_user_pool_client(
        UserPoolId=shop.pool(), ClientId=door["ClientId"], CallbackURLs=door["CallbackURLs"]
    )
    repaired = shop.replay(in_front=True)
    changed = {line["address"] for line in told(repaired, "planned_change") if line["action"] != "no-op"}
    assert changed == {"listener_rule.10", "user_pool_client.front"}
    _signs_in(shop)

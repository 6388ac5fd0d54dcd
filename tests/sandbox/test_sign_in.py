"""A listener that signs people in: AWS looks at the pool, the client and the domain, and shows what it adds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Aws
from tests.sandbox.test_load_balancing import _balancer, _forward, _issued, _target_group

BACK = ["https://app.example.com/oauth2/idpresponse"]
FLOW = {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"]}


class Door:
    """A load balancer with a certificate, and a pool with a domain and a client that may be used."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        net = aws.network()
        self.balancer = _balancer(aws, net)["LoadBalancerArn"]
        self.group = _target_group(aws, net)
        self.certificate = _issued(aws)
        cognito = aws.client("cognito-idp")
        self.pool = cognito.create_user_pool(PoolName="people")["UserPool"]
        cognito.create_user_pool_domain(Domain="people", UserPoolId=self.pool["Id"])
        self.client = self.another_client(GenerateSecret=True)

    def another_client(self, **settings: Any) -> str:
        asked = {"UserPoolId": self.pool["Id"], "ClientName": "alb", "CallbackURLs": BACK, **FLOW, **settings}
        return str(self.aws.client("cognito-idp").create_user_pool_client(**asked)["UserPoolClient"]["ClientId"])

    def actions(self, *, orders: tuple[int, int] | None = (1, 2), **config: Any) -> list[dict[str, Any]]:
        """Sign in, then go on to the target group."""
        usual = {"UserPoolArn": self.pool["Arn"], "UserPoolClientId": self.client, "UserPoolDomain": "people"}
        first = {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {**usual, **config}}
        both = [first, *_forward(self.group)]
        return [{**action, "Order": order} for action, order in zip(both, orders, strict=True)] if orders else both

    def listening(self, actions: list[dict[str, Any]]) -> dict[str, Any]:
        """What CreateListener is asked."""
        return {
            "LoadBalancerArn": self.balancer,
            "Port": 443,
            "Protocol": "HTTPS",
            "Certificates": [{"CertificateArn": self.certificate}],
            "DefaultActions": actions,
        }


@pytest.fixture
def door(aws: Aws) -> Door:
    return Door(aws)


def test_a_listener_and_a_rule_keep_the_sign_in_with_what_aws_adds(aws: Aws, door: Door) -> None:
    elb = aws.client("elbv2")
    listener = elb.create_listener(**door.listening(door.actions(SessionTimeout=3600)))["Listeners"][0]["ListenerArn"]
    condition = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}]
    elb.create_rule(ListenerArn=listener, Priority=10, Conditions=condition, Actions=door.actions())
    for rule in elb.describe_rules(ListenerArn=listener)["Rules"]:
        first, second = rule["Actions"]
        assert (first["Type"], first["Order"]) == ("authenticate-cognito", 1)
        assert (second["Type"], second["TargetGroupArn"], second["Order"]) == ("forward", door.group, 2)
        assert first["AuthenticateCognitoConfig"] == {
            "UserPoolArn": door.pool["Arn"],
            "UserPoolClientId": door.client,
            "UserPoolDomain": "people",
            "SessionCookieName": "AWSELBAuthSessionCookie",
            "Scope": "openid",
            "SessionTimeout": 3600 if rule["IsDefault"] else 604_800,
            "OnUnauthenticatedRequest": "authenticate",
        }


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"UserPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_none"}, "user pool '"),
        ({"UserPoolClientId": "none"}, "client 'none' does not exist"),
        ({"UserPoolDomain": "none"}, "domain 'none' does not exist"),
    ],
)
def test_what_is_not_there_signs_nobody_in(aws: Aws, door: Door, config: dict[str, Any], words: str) -> None:
    code, message = aws.refusal("elbv2", "create_listener", **door.listening(door.actions(**config)))
    assert (code, words in message) == ("InvalidLoadBalancerAction", True), message


def test_a_client_needs_a_secret_and_the_code_flow(aws: Aws, door: Door) -> None:
    open_client = door.another_client()
    asked = door.listening(door.actions(UserPoolClientId=open_client))
    assert aws.refusal("elbv2", "create_listener", **asked) == (
        "InvalidLoadBalancerAction",
        "The user pool client must have a client secret",
    )
    without_flow = door.another_client(GenerateSecret=True, AllowedOAuthFlowsUserPoolClient=False)
    asked = door.listening(door.actions(UserPoolClientId=without_flow))
    assert "code grant flow" in aws.refusal("elbv2", "create_listener", **asked)[1]


def test_only_https_signs_people_in_and_the_order_must_be_said(aws: Aws, door: Door) -> None:
    plain = {"LoadBalancerArn": door.balancer, "Port": 80, "Protocol": "HTTP", "DefaultActions": door.actions()}
    assert aws.refusal("elbv2", "create_listener", **plain) == (
        "InvalidLoadBalancerAction",
        "Actions of type 'authenticate-cognito' are supported only on HTTPS listeners",
    )
    for orders, words in ((None, "order of its own"), ((2, 1), "last action")):
        asked = door.listening(door.actions(orders=orders))
        assert words in aws.refusal("elbv2", "create_listener", **asked)[1]
    alone = door.listening(door.actions()[:1])
    assert "last action" in aws.refusal("elbv2", "create_listener", **alone)[1]

"""Examples of a listener and a rule that ask people to sign in."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.cases.network import BALANCER, CERTIFICATE, FRONTED, PROVED, TARGETS, TLS, issued, make_zone
from wizard.engine.graph import Resource

HTTPS = Resource(
    "listener",
    "https",
    {
        "load_balancer": BALANCER.ref("arn"),
        "port": 443,
        "protocol": "HTTPS",
        "certificate": issued(CERTIFICATE).ref("arn"),
        "tls_policy": TLS,
        "action": {"fixed": 404},
    },
)
PEOPLE = Resource("user_pool", "people", {"name": "shop-dev", "mfa": "OFF"})
SIGN_IN_PAGE = Resource("user_pool_domain", "people", {"domain": "shop-dev-people", "pool": PEOPLE.ref("id")})
DOORMAN = Resource(
    "user_pool_client",
    "front",
    {
        "name": "shop-dev-alb",
        "pool": PEOPLE.ref("id"),
        "callback_urls": ["https://app.example.net/oauth2/idpresponse"],
        "secret": True,
    },
)


def sign_in(seconds: int) -> dict[str, object]:
    """Whoever comes signs in with the pool first."""
    who = {"pool": PEOPLE.ref("arn"), "client": DOORMAN.ref("client_id"), "domain": SIGN_IN_PAGE.ref("domain")}
    return {**who, "seconds": seconds}


CASES = [
    Case(
        "listener",
        variant="signed-in",
        prepare=make_zone,
        world=[*FRONTED, TARGETS, *PROVED, issued(CERTIFICATE), PEOPLE, SIGN_IN_PAGE, DOORMAN],
        properties={**HTTPS.properties, "sign_in": sign_in(43_200)},
        changes={"action": {"forward": TARGETS.ref("arn")}, "sign_in": {}},
        constant=frozenset({"load_balancer", "port", "protocol", "certificate", "tls_policy"}),
    ),
    Case(
        "listener_rule",
        variant="signed-in",
        prepare=make_zone,
        world=[*FRONTED, TARGETS, *PROVED, issued(CERTIFICATE), HTTPS, PEOPLE, SIGN_IN_PAGE, DOORMAN],
        properties={
            "listener": HTTPS.ref("arn"),
            "priority": 10,
            "paths": ["/api/*"],
            "forward": TARGETS.ref("arn"),
            "sign_in": {},
        },
        changes={"paths": ["/v2/*"], "sign_in": sign_in(3600)},
        constant=frozenset({"listener", "priority", "forward"}),
    ),
]

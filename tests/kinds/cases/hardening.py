"""Examples of the kinds that harden a deployment: web ACLs, flow logs, the trail, who may sign in and deploy."""

from __future__ import annotations

from typing import Any

from tests.kinds.cases import Case
from tests.kinds.cases import network as edge
from tests.kinds.cases.compute import PATH, allow, trust
from wizard.engine.graph import Resource

ACCOUNT = "000000000000"
FRONT = edge.balancer("front")
COMMON = "AWSManagedRulesCommonRuleSet"
INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"
REPUTATION = "AWSManagedRulesAmazonIpReputationList"


def acl(name: str) -> Resource:
    """A web ACL with the common rules."""
    return Resource("web_acl", name, {"name": f"shop-dev-{name}", "managed_rules": [COMMON], "metrics": True})


WALL, OTHER_WALL = acl("wall"), acl("other")
EDGE = [edge.VPC, edge.A, edge.B, edge.GATEWAY, edge.FRONT, FRONT]
LOGS = Resource("log_group", "flow", {"name": "/pilotage/shop/dev/flow", "retention_days": 365})
WRITER = Resource(
    "role",
    "flow",
    {
        "name": "shop-dev-flow",
        "path": PATH,
        "trust": trust("vpc-flow-logs.amazonaws.com"),
        "policy": allow("logs:PutLogEvents"),
    },
)
GITHUB = "https://token.actions.githubusercontent.com"


def audit_bucket(name: str) -> Resource:
    """A bucket that CloudTrail may write to."""
    properties = {"name": name, "block_public": True, "tls_only": True, "statements": for_cloudtrail(name)}
    return Resource("bucket", name, properties)


def for_cloudtrail(bucket: str) -> list[dict[str, Any]]:
    """What CloudTrail needs of a bucket."""
    who = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    arn = f"arn:aws:s3:::{bucket}"
    owned = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    return [
        {"Sid": "Look", **who, "Action": "s3:GetBucketAcl", "Resource": arn},
        {"Sid": "Write", **who, "Action": "s3:PutObject", "Resource": f"{arn}/*", "Condition": owned},
    ]


PEOPLE = Resource("user_pool", "people", {"name": "shop-dev", "mfa": "OFF"})
OTHERS = Resource("user_pool", "others", {"name": "shop-dev-others", "mfa": "OFF"})
AUDIT, OTHER_AUDIT = audit_bucket("shop-dev-audit"), audit_bucket("shop-dev-audit-2")
ENCRYPTED = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0123"

CASES = [
    Case(
        "bucket",
        variant="statements",
        properties={
            "name": "shop-dev-audit",
            "block_public": True,
            "tls_only": True,
            "statements": for_cloudtrail("shop-dev-audit"),
        },
        changes={
            "block_public": False,
            "tls_only": False,
            "statements": for_cloudtrail("shop-dev-audit")[:1],
        },
        replacements={"name": "shop-dev-audit-2"},
    ),
    Case(
        "trail",
        world=[AUDIT, OTHER_AUDIT],
        properties={
            "name": "shop-dev",
            "bucket": AUDIT.ref("name"),
            "multi_region": True,
            "log_validation": True,
            "kms_key": ENCRYPTED,
            "logging": True,
        },
        changes={
            "bucket": OTHER_AUDIT.ref("name"),
            "multi_region": False,
            "log_validation": False,
            "kms_key": "",
            "logging": False,
        },
        replacements={"name": "shop-dev-2"},
    ),
    Case(
        "oidc_provider",
        properties={"url": GITHUB, "audiences": ["sts.amazonaws.com"]},
        changes={"audiences": ["sts.amazonaws.com", "https://github.com/example"]},
        replacements={"url": "https://gitlab.com"},
    ),
    Case(
        "web_acl",
        properties={"name": "shop-dev", "managed_rules": [COMMON, INPUTS], "metrics": True},
        changes={"managed_rules": [REPUTATION, COMMON], "metrics": False},
        replacements={"name": "shop-dev-2"},
    ),
    Case(
        "web_acl_association",
        world=[*EDGE, WALL, OTHER_WALL],
        properties={"web_acl": WALL.ref("arn"), "resource": FRONT.ref("arn")},
        changes={"web_acl": OTHER_WALL.ref("arn")},
        replacements={
            "resource": f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/app/other/0123456789abcdef"
        },
        needs_wanted=True,
    ),
    Case(
        "flow_log",
        world=[edge.VPC, LOGS, WRITER],
        properties={
            "name": "shop-dev",
            "vpc": edge.VPC.ref("id"),
            "log_group": LOGS.ref("name"),
            "role": WRITER.ref("arn"),
            "traffic": "ALL",
        },
        changes={"name": "shop-dev-traffic"},
        replacements={"vpc": "vpc-0a", "log_group": "/other", "role": "arn:aws:iam::1:role/x", "traffic": "REJECT"},
    ),
    Case(
        "user_pool",
        properties={
            "name": "shop-dev",
            "mfa": "OPTIONAL",
            "password_length": 12,
            "deletion_protection": False,
            "self_sign_up": False,
        },
        changes={"mfa": "ON", "password_length": 14, "deletion_protection": True, "self_sign_up": True},
        constant=frozenset({"name"}),
    ),
    Case(
        "user_pool_client",
        world=[PEOPLE, OTHERS],
        properties={
            "name": "shop-dev",
            "pool": PEOPLE.ref("id"),
            "callback_urls": ["https://shop.example.com/oauth2/idpresponse"],
            "secret": True,
        },
        changes={"callback_urls": ["https://b.example.com/in", "https://a.example.com/in"]},
        replacements={"name": "shop-dev-2", "pool": OTHERS.ref("id"), "secret": False},
        needs_wanted=True,
    ),
    Case(
        "user_pool_domain",
        world=[PEOPLE, OTHERS],
        properties={"domain": "shop-dev", "pool": PEOPLE.ref("id")},
        replacements={"domain": "shop-prod", "pool": OTHERS.ref("id")},
        needs_wanted=True,
    ),
]

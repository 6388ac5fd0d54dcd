"""Controls about who can come in: the load balancer is the only way, and it answers on two ports."""

from __future__ import annotations

from wizard.advice.controls.commands import BROKER, INSTANCE
from wizard.advice.controls.control import Around, Carrier, Control, State, Verdict
from wizard.advice.controls.judging import is_on, is_private, known, shows, verdict
from wizard.engine.kind import Live

ACCESS = "164.312(a)(1)"
TRANSMISSION = "164.312(e)(1)"
THREATS = "164.306(a)(2)"
PUBLIC_PORTS = (80, 443)


def _let_in(live: Live, around: Around) -> Verdict:
    """What anywhere reaches through a group; only the load balancer's may let anybody in, and only to two ports."""
    if "open_in" not in live.attributes:
        return Verdict(State.NOT_CHECKED, "its rules were not read")
    balancers = {
        str(group)
        for balancer in around.of_kind("load_balancer")
        for group in balancer.properties.get("security_groups", ())
    }
    opened = live.attributes["open_in"]
    ports = PUBLIC_PORTS if live.id in balancers else ()
    wrong = [one["sentence"] for one in opened if not _is_allowed(one, ports)]
    good = ", ".join(one["sentence"] for one in opened) or "nothing is open to everybody"
    return verdict(not wrong, good, f"open to everybody: {', '.join(wrong)}")


def _is_allowed(passage: dict[str, object], ports: tuple[int, ...]) -> bool:
    first, last = passage["from_port"], passage["to_port"]
    return passage["protocol"] == "tcp" and first == last and first in ports


DOORS = (
    Control(
        "tasks-private",
        "No container has a public address.",
        TRANSMISSION,
        (
            Carrier(
                "service",
                is_private("public_ip"),
                "aws ecs describe-services --cluster {cluster} --services {name}"
                " --query 'services[].networkConfiguration.awsvpcConfiguration.assignPublicIp'",
            ),
            Carrier(
                "app_runner_service",
                known(State.BROKEN, "App Runner answers on a public address of its own"),
                "aws apprunner list-services",
            ),
            Carrier(
                "express_service",
                known(State.NOT_CHECKED, "ECS Express makes the network around a service itself"),
                "aws ecs describe-express-gateway-service --service-arn {arn}",
            ),
        ),
    ),
    Control(
        "data-private",
        "Databases, brokers and buckets cannot be reached from the internet.",
        ACCESS,
        (
            Carrier(
                "db_instance",
                is_private(),
                INSTANCE.format("PubliclyAccessible"),
            ),
            Carrier(
                "db_cluster_instance",
                is_private(),
                INSTANCE.format("PubliclyAccessible"),
            ),
            Carrier("broker", is_private(), BROKER.format("PubliclyAccessible")),
            Carrier(
                "bucket",
                is_on("block_public", "the block of public access"),
                "aws s3api get-public-access-block --bucket {name}",
            ),
        ),
    ),
    Control(
        "doors-closed",
        "Only the load balancer lets everybody in, and only on ports 80 and 443.",
        TRANSMISSION,
        (
            Carrier(
                "security_group",
                _let_in,
                "aws ec2 describe-security-group-rules --filters Name=group-id,Values={id}",
            ),
        ),
    ),
    Control(
        "firewall",
        "Requests pass AWS WAF before they reach the load balancer.",
        THREATS,
        (
            Carrier(
                "web_acl_association",
                shows("web_acl", lambda acl: verdict(bool(acl), f"guarded by {acl}", "no web ACL is associated")),
                "aws wafv2 get-web-acl-for-resource --resource-arn {resource}",
            ),
        ),
    ),
)

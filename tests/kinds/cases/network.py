"""Cases of the network and of what faces the internet."""

from __future__ import annotations

from tests.kinds.cases import Case
from wizard.engine.graph import Resource
from wizard.engine.kind import Calls
from wizard.engine.values import Ref

ZONE_NAME = "example.net."
TLS = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
OTHER_TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def make_zone(aws: Calls) -> None:
    """The public hosted zone, which a person makes."""
    aws.write("route53", "create_hosted_zone", Name=ZONE_NAME, CallerReference="public")


def subnet(name: str, number: int, zone: str) -> Resource:
    """A public subnet of the VPC."""
    properties = {"vpc": VPC.ref("id"), "cidr": f"10.20.{number}.0/24", "zone": zone, "public_ips": True}
    return Resource("subnet", name, {"name": f"shop-dev-{name}", **properties})


def group(name: str) -> Resource:
    """A security group of the VPC."""
    properties = {"name": f"shop-dev-{name}", "description": f"{name} of shop", "vpc": VPC.ref("id")}
    return Resource("security_group", name, {**properties, "allow_all_egress": True})


def targets(name: str) -> Resource:
    """A target group of the VPC."""
    fixed = {"name": f"shop-dev-{name}", "vpc": VPC.ref("id"), "port": 8080, "protocol": "HTTP", "target_type": "ip"}
    return Resource("target_group", name, fixed)


def balancer(name: str) -> Resource:
    """A public load balancer in two zones."""
    places = {"subnets": [A.ref("id"), B.ref("id")], "security_groups": [FRONT.ref("id")]}
    needs = (Ref(GATEWAY.address, "id"),)
    return Resource("load_balancer", name, {"name": f"shop-{name}", "scheme": "internet-facing", **places}, needs=needs)


def address(name: str) -> Resource:
    """An Elastic IP address."""
    return Resource("elastic_ip", name, {"name": f"shop-dev-{name}"}, needs=(Ref(GATEWAY.address, "id"),))


def certificate(name: str) -> Resource:
    """A requested certificate."""
    return Resource("certificate", name, {"domain": f"{name}.example.net", "alternative_names": []})


VPC = Resource("vpc", "main", {"name": "shop-dev", "cidr": "10.20.0.0/16", "dns_hostnames": True})
OTHER_VPC = Resource("vpc", "other", {"name": "shop-other", "cidr": "10.21.0.0/16", "dns_hostnames": False})
A, B, C = subnet("a", 1, "us-east-1a"), subnet("b", 2, "us-east-1b"), subnet("c", 3, "us-east-1c")
GATEWAY = Resource("internet_gateway", "main", {"name": "shop-dev", "vpc": VPC.ref("id")})
ADDRESS, OTHER_ADDRESS = address("nat"), address("other")
NAT = Resource("nat_gateway", "main", {"name": "shop-dev", "subnet": A.ref("id"), "elastic_ip": ADDRESS.ref("id")})
TABLE = Resource(
    "route_table", "public", {"name": "shop-dev-public", "vpc": VPC.ref("id"), "routes": {}, "subnets": []}
)
OTHER_TABLE = Resource("route_table", "other", {**TABLE.properties, "name": "shop-dev-other"})
FRONT, BACK = group("front"), group("back")
BALANCER, OTHER_BALANCER = balancer("dev"), balancer("other")
TARGETS, OTHER_TARGETS = targets("web"), targets("api")
LISTENER = Resource(
    "listener",
    "http",
    {"load_balancer": BALANCER.ref("arn"), "port": 80, "protocol": "HTTP", "action": {"fixed": 404}},
)
OTHER_LISTENER = Resource("listener", "alt", {**LISTENER.properties, "port": 8080})
CERTIFICATE, OTHER_CERTIFICATE = certificate("app"), certificate("api")
ZONE = Resource("hosted_zone", "main", {"name": ZONE_NAME})


def proof(of: Resource) -> Resource:
    """The record that proves the domain of a certificate."""
    where = {"zone": ZONE.ref("id"), "record": of.ref("validation_name"), "type": of.ref("validation_type")}
    return Resource("record", f"proof_{of.name}", {**where, "values": [of.ref("validation_value")], "ttl": 60})


def issued(of: Resource) -> Resource:
    """The moment that a certificate is issued."""
    properties = {"certificate": of.ref("arn"), "domain": of.properties["domain"]}
    return Resource("certificate_validation", of.name, properties, needs=(Ref(proof(of).address, "fqdn"),))


PROVED = [ZONE, CERTIFICATE, proof(CERTIFICATE)]
ISSUED = [*PROVED, issued(CERTIFICATE), OTHER_CERTIFICATE, proof(OTHER_CERTIFICATE), issued(OTHER_CERTIFICATE)]
FRONTED = [VPC, A, B, GATEWAY, FRONT, BALANCER]

EC2 = [
    Case(
        "vpc",
        properties={"name": "shop-dev", "cidr": "10.20.0.0/16", "dns_hostnames": True},
        changes={"name": "shop", "dns_hostnames": False},
        replacements={"cidr": "10.30.0.0/16"},
    ),
    Case(
        "subnet",
        world=[VPC, OTHER_VPC],
        properties={
            "name": "shop-dev-a",
            "vpc": VPC.ref("id"),
            "cidr": "10.20.1.0/24",
            "zone": "us-east-1a",
            "public_ips": True,
        },
        changes={"name": "shop-a", "public_ips": False},
        replacements={"vpc": OTHER_VPC.ref("id"), "cidr": "10.20.2.0/24", "zone": "us-east-1b"},
    ),
    Case(
        "internet_gateway",
        world=[VPC, OTHER_VPC],
        properties={"name": "shop-dev", "vpc": VPC.ref("id")},
        changes={"name": "shop", "vpc": OTHER_VPC.ref("id")},
    ),
    Case("elastic_ip", properties={"name": "shop-dev"}, changes={"name": "shop"}),
    Case(
        "nat_gateway",
        world=[VPC, A, B, GATEWAY, ADDRESS, OTHER_ADDRESS],
        properties={"name": "shop-dev", "subnet": A.ref("id"), "elastic_ip": ADDRESS.ref("id")},
        changes={"name": "shop"},
        replacements={"subnet": B.ref("id"), "elastic_ip": OTHER_ADDRESS.ref("id")},
    ),
    Case(
        "route_table",
        world=[VPC, OTHER_VPC, A, B, GATEWAY, ADDRESS, NAT],
        properties={
            "name": "shop-dev",
            "vpc": VPC.ref("id"),
            "routes": {"0.0.0.0/0": GATEWAY.ref("id")},
            "subnets": [A.ref("id")],
        },
        changes={
            "name": "shop",
            "routes": {"0.0.0.0/0": NAT.ref("id"), "192.168.0.0/16": GATEWAY.ref("id")},
            "subnets": [B.ref("id")],
        },
        replacements={"vpc": OTHER_VPC.ref("id")},
    ),
    Case(
        "vpc_endpoint",
        variant="gateway",
        world=[VPC, OTHER_VPC, TABLE, OTHER_TABLE],
        properties={
            "name": "shop-dev-s3",
            "vpc": VPC.ref("id"),
            "service": "s3",
            "type": "gateway",
            "route_tables": [TABLE.ref("id")],
        },
        changes={"name": "shop-s3", "route_tables": [OTHER_TABLE.ref("id")]},
        replacements={"vpc": OTHER_VPC.ref("id"), "service": "dynamodb", "type": "interface"},
    ),
    Case(
        "vpc_endpoint",
        variant="interface",
        world=[VPC, OTHER_VPC, A, B, FRONT, BACK],
        properties={
            "name": "shop-dev-logs",
            "vpc": VPC.ref("id"),
            "service": "logs",
            "type": "interface",
            "subnets": [A.ref("id")],
            "security_groups": [FRONT.ref("id")],
            "private_dns": True,
        },
        changes={
            "name": "shop-logs",
            "subnets": [A.ref("id"), B.ref("id")],
            "security_groups": [BACK.ref("id")],
            "private_dns": False,
        },
        replacements={"vpc": OTHER_VPC.ref("id"), "service": "ecr.api", "type": "gateway"},
    ),
    Case(
        "security_group",
        world=[VPC, OTHER_VPC],
        properties={
            "name": "shop-dev-web",
            "description": "web of shop-dev",
            "vpc": VPC.ref("id"),
            "allow_all_egress": True,
            "foreign_rules": [],
        },
        changes={"allow_all_egress": False},
        replacements={"name": "shop-dev-api", "description": "other", "vpc": OTHER_VPC.ref("id")},
        # None is ever wanted: what happens to those that are there is told in test_foreign_rules.
        constant=frozenset({"foreign_rules"}),
    ),
    Case(
        "security_group_rule",
        variant="from_group",
        world=[VPC, FRONT, BACK],
        properties={
            "group": BACK.ref("id"),
            "direction": "ingress",
            "protocol": "tcp",
            "from_port": 8080,
            "to_port": 8080,
            "peer": FRONT.ref("id"),
            "description": "load balancer to web",
        },
        changes={"description": "front to back"},
        replacements={
            "group": FRONT.ref("id"),
            "direction": "egress",
            "protocol": "udp",
            "from_port": 8000,
            "to_port": 8090,
            "peer": "10.20.0.0/16",
        },
    ),
    Case(
        "security_group_rule",
        variant="all_protocols",
        world=[VPC, FRONT, BACK],
        properties={
            "group": BACK.ref("id"),
            "direction": "egress",
            "protocol": "-1",
            "from_port": 0,
            "to_port": 65535,
            "peer": "10.20.7.9/16",
            "description": "",
        },
        changes={"description": "to the VPC"},
        replacements={"group": FRONT.ref("id"), "direction": "ingress", "protocol": "tcp", "peer": "10.0.0.0/8"},
        constant=frozenset({"from_port", "to_port"}),
    ),
]

BALANCING = [
    Case(
        "load_balancer",
        world=[VPC, A, B, C, GATEWAY, FRONT, BACK],
        properties={
            "name": "shop-dev",
            "scheme": "internet-facing",
            "subnets": [B.ref("id"), A.ref("id")],
            "security_groups": [FRONT.ref("id")],
            "idle_timeout": 60,
            "deletion_protection": False,
            "drop_invalid_headers": True,
        },
        changes={
            "subnets": [A.ref("id"), C.ref("id")],
            "security_groups": [BACK.ref("id"), FRONT.ref("id")],
            "idle_timeout": 120,
            "drop_invalid_headers": False,
            "deletion_protection": True,
        },
        replacements={"name": "shop-dev-2", "scheme": "internal"},
    ),
    Case(
        "target_group",
        world=[VPC, OTHER_VPC],
        properties={
            "name": "shop-dev-web",
            "vpc": VPC.ref("id"),
            "port": 8080,
            "protocol": "HTTP",
            "target_type": "ip",
            "health": {"path": "/health", "codes": 200, "interval": 30, "timeout": 5, "healthy": 2, "unhealthy": 3},
            "deregistration_delay": 30,
        },
        changes={
            "health": {"path": "/up", "codes": "200-299", "interval": 20, "timeout": 4, "healthy": 3, "unhealthy": 2},
            "deregistration_delay": 60,
        },
        replacements={
            "name": "shop-dev-web-2",
            "vpc": OTHER_VPC.ref("id"),
            "port": 9090,
            "protocol": "HTTPS",
            "target_type": "instance",
        },
    ),
    Case(
        "listener",
        variant="http",
        world=[*FRONTED, OTHER_BALANCER, TARGETS],
        properties={
            "load_balancer": BALANCER.ref("arn"),
            "port": 80,
            "protocol": "HTTP",
            "action": {"redirect": 443},
        },
        changes={"action": {"forward": TARGETS.ref("arn")}},
        replacements={"load_balancer": OTHER_BALANCER.ref("arn"), "port": 8080},
        constant=frozenset({"protocol"}),
    ),
    Case(
        "listener",
        variant="https",
        prepare=make_zone,
        world=[*FRONTED, OTHER_BALANCER, TARGETS, OTHER_TARGETS, *ISSUED],
        properties={
            "load_balancer": BALANCER.ref("arn"),
            "port": 443,
            "protocol": "HTTPS",
            "certificate": issued(CERTIFICATE).ref("arn"),
            "tls_policy": TLS,
            "action": {"fixed": 404, "text": "Not found"},
        },
        changes={
            "certificate": issued(OTHER_CERTIFICATE).ref("arn"),
            "tls_policy": OTHER_TLS,
            "action": {"forward": OTHER_TARGETS.ref("arn")},
        },
        replacements={"load_balancer": OTHER_BALANCER.ref("arn"), "port": 8443},
        constant=frozenset({"protocol"}),
    ),
    Case(
        "listener_rule",
        world=[*FRONTED, LISTENER, OTHER_LISTENER, TARGETS, OTHER_TARGETS],
        properties={
            "listener": LISTENER.ref("arn"),
            "priority": 10,
            "paths": ["/api/*", "/api"],
            "forward": TARGETS.ref("arn"),
        },
        changes={"paths": ["/v2/*"], "forward": OTHER_TARGETS.ref("arn")},
        replacements={"listener": OTHER_LISTENER.ref("arn"), "priority": 20},
    ),
]

NAMES = [
    Case(
        "certificate",
        properties={"domain": "Shop.example.net", "alternative_names": ["*.shop.example.net"]},
        replacements={"domain": "other.example.net", "alternative_names": ["www.example.net"]},
    ),
    Case(
        "certificate_validation",
        prepare=make_zone,
        world=PROVED,
        properties={"certificate": CERTIFICATE.ref("arn"), "domain": "app.example.net"},
    ),
    Case("hosted_zone", prepare=make_zone, properties={"name": ZONE_NAME}),
    Case(
        "record",
        variant="alias",
        prepare=make_zone,
        world=[*FRONTED, OTHER_BALANCER, ZONE],
        properties={
            "zone": ZONE.ref("id"),
            "record": "*.Shop.example.net",
            "type": "A",
            "alias": {"dns_name": BALANCER.ref("dns_name"), "zone_id": BALANCER.ref("zone_id")},
        },
        changes={"alias": {"dns_name": OTHER_BALANCER.ref("dns_name"), "zone_id": OTHER_BALANCER.ref("zone_id")}},
        replacements={"record": "www.example.net", "type": "AAAA"},
        constant=frozenset({"zone"}),
        needs_wanted=True,
    ),
    Case(
        "record",
        variant="values",
        prepare=make_zone,
        world=[ZONE],
        properties={
            "zone": ZONE.ref("id"),
            "record": "mail.example.net.",
            "type": "A",
            "values": ["192.0.2.7", "192.0.2.1"],
            "ttl": 300,
        },
        changes={"values": ["192.0.2.9"], "ttl": 60},
        replacements={"record": "smtp.example.net", "type": "AAAA"},
        constant=frozenset({"zone"}),
        needs_wanted=True,
    ),
]

CASES = [*EC2, *BALANCING, *NAMES]

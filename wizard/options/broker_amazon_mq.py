"""RabbitMQ on Amazon MQ: in private subnets, reached on TLS port 5671 by the services that are given its address.

The management port is not opened to anybody.
"""

from __future__ import annotations

from wizard.blueprint.model import AmazonMq
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.passwords import kept, password_of
from wizard.options.registry import Option
from wizard.options.site import Site
from wizard.options.told import told_of
from wizard.options.traffic import group, let_in, let_out

_PORT = 5671


def expand(site: Site, name: str, choice: AmazonMq) -> Site:
    """Add the broker, its security group and its password."""
    doors = group(site, "broker", "Message broker")
    password = password_of(site, "broker", "message broker")
    subnets = site.network.private_subnets
    broker = Resource(
        "broker",
        name,
        {
            "name": site.name("broker"),
            "mode": choice.mode,
            "instance": choice.instance,
            "version": choice.version,
            "storage_gib": choice.storage_gib,
            "user": choice.user,
            "password": password.ref("value"),
            # Amazon MQ wants exactly one subnet for a single node.
            "subnets": list(subnets[:1] if choice.mode == "single" else subnets),
            "security_groups": [doors.ref("id")],
            "logs": True,
        },
    )
    uri = text(
        "amqps://{user}:{password}@{host}:{port}",
        user=choice.user,
        password=password.ref("value"),
        host=broker.ref("host"),
        port=broker.ref("port"),
    )
    return site.plus(
        doors,
        *_rules(site, doors.ref("id")),
        password,
        broker,
        secrets={**site.secrets, password.name: password.ref("arn")},
        composed={
            **site.composed,
            "broker-uri": uri,
            "broker-username": kept(choice.user),
            "broker-password": password.ref("value"),
        },
        placeholders={**site.placeholders, "broker.host": broker.ref("host"), "broker.port": broker.ref("port")},
    )


def _rules(site: Site, doors: Ref) -> list[Resource]:
    rules = []
    for service in told_of(site, "broker"):
        its_group = site.groups[service]
        rules += [
            let_in(f"broker-from-{service}", doors, _PORT, its_group, f"AMQP over TLS, from {service}"),
            let_out(f"{service}-to-broker", its_group, _PORT, doors, "AMQP over TLS, to the message broker"),
        ]
    return rules


OPTION = Option("broker", AmazonMq, expand)

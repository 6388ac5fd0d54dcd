"""RabbitMQ on Amazon MQ: in private subnets, reached on TLS port 5671 by the services that are given its address.

The management port is not opened to anybody.
"""

from __future__ import annotations

import hashlib

from wizard.blueprint.model import AmazonMq
from wizard.blueprint.placeholders import uses
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, SecretInput, Sensitive, text
from wizard.options.registry import Option
from wizard.options.site import Site
from wizard.options.traffic import group, let_in, let_out

_PORT = 5671
_PASSWORD_LENGTH = 32
"""Letters and digits only: Amazon MQ refuses , : and = in a password, and an address need not escape these."""


def expand(site: Site, name: str, choice: AmazonMq) -> Site:
    """Add the broker, its security group and its password."""
    doors = group(site, "broker", "Message broker")
    logical = _password_name(site)
    password = Resource(
        "secret",
        logical,
        {
            "name": _secret_name(site, logical),
            "value": SecretInput("BROKER_PASSWORD", _PASSWORD_LENGTH),
            "description": f"Password of the message broker of {site.deployment}",
        },
    )
    subnets = site.network.private_subnets
    broker = Resource(
        "broker",
        name,
        {
            "name": site.name("broker"),
            "mode": choice.mode,
            "instance": choice.instance,
            "version": choice.version,
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
        secrets={**site.secrets, logical: password.ref("arn")},
        composed={
            **site.composed,
            "broker-uri": uri,
            "broker-username": _kept(choice.user),
            "broker-password": password.ref("value"),
        },
        placeholders={**site.placeholders, "broker.host": broker.ref("host"), "broker.port": broker.ref("port")},
    )


def _kept(value: str) -> Sensitive:
    """A plain value in the form that a secret takes."""
    return Sensitive(hashlib.sha256(value.encode()).hexdigest(), lambda: value)


def _password_name(site: Site) -> str:
    """The blueprint's own secret for the password, where it has one: a second copy would cost and could differ."""
    declared = (name for name, secret in site.blueprint.secrets.items() if secret.composed == "broker-password")
    return next(declared, "broker-password")


def _secret_name(site: Site, logical: str) -> str:
    declared = site.blueprint.secrets.get(logical)
    return (declared.aws_name if declared else None) or site.name(f"secret.{logical}")


def _rules(site: Site, doors: Ref) -> list[Resource]:
    rules = []
    for service in _users(site):
        its_group = site.groups[service]
        rules += [
            let_in(f"broker-from-{service}", doors, _PORT, its_group, f"AMQP over TLS, from {service}"),
            let_out(f"{service}-to-broker", its_group, _PORT, doors, "AMQP over TLS, to the message broker"),
        ]
    return rules


def _users(site: Site) -> list[str]:
    """The services that are told where the broker is, by a secret or by a placeholder."""
    secrets = [name for name, secret in site.blueprint.secrets.items() if (secret.composed or "").startswith("broker-")]
    by_secret = site.services_with_secret(*secrets)
    return [
        service
        for service in site.groups
        if service in by_secret
        or any(
            use.name.startswith("broker.")
            for container in site.blueprint.services[service].containers.values()
            for written in container.environment.values()
            for use in uses(written)
        )
    ]


OPTION = Option("broker", AmazonMq, expand)

"""A broker that somebody else runs: services that hold its address may reach AMQP over TLS anywhere."""

from __future__ import annotations

from wizard.blueprint.model import ExternalBroker
from wizard.options.registry import Option
from wizard.options.site import Site
from wizard.options.traffic import ANYWHERE, let_out

_PORT = 5671


def expand(site: Site, name: str, choice: ExternalBroker) -> Site:
    """Add the ways out. Where the broker stands is in a secret, so its address cannot narrow them."""
    rules = [
        let_out(f"{service}-to-broker", site.groups[service], _PORT, ANYWHERE, "AMQP over TLS, to a broker elsewhere")
        for service in site.services_with_secret(choice.secret)
    ]
    return site.plus(*rules)


OPTION = Option("broker", ExternalBroker, expand)

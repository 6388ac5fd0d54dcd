"""A VPC that somebody else made: its ids are used as they are, and nothing in it is changed."""

from __future__ import annotations

from wizard.blueprint.model import ExistingVpc
from wizard.options.registry import Option
from wizard.options.site import Network, Site


def expand(site: Site, name: str, choice: ExistingVpc) -> Site:
    """Add no resource: only where the others go."""
    public_tasks = choice.tasks == "public"
    network = Network(
        vpc=choice.vpc,
        public_subnets=choice.public_subnets,
        private_subnets=choice.private_subnets,
        task_subnets=choice.public_subnets if public_tasks else choice.private_subnets,
        public_tasks=public_tasks,
    )
    return site.plus(network=network)


OPTION = Option("network", ExistingVpc, expand)

"""A database that somebody else runs, such as MongoDB Atlas: services that hold its address may reach its port."""

from __future__ import annotations

from wizard.blueprint.model import ExternalDatabase
from wizard.options.filling import filled
from wizard.options.registry import Option
from wizard.options.site import Site
from wizard.options.traffic import ANYWHERE, let_out

_PORTS = {"mongodb": 27017, "postgres": 5432}
_TITLES = {"mongodb": "MongoDB", "postgres": "PostgreSQL"}


def expand(site: Site, name: str, choice: ExternalDatabase) -> Site:
    """Add the ways out. Where the database stands is in a secret, so its address cannot narrow them."""
    title = _TITLES[choice.engine]
    rules = [
        let_out(
            f"{service}-to-database",
            site.groups[service],
            _PORTS[choice.engine],
            ANYWHERE,
            f"{title} elsewhere, over TLS",
        )
        for service in site.services_with_secret(choice.secret)
    ]
    outputs = {}
    if site.network.nat_addresses:
        where = "MongoDB (Atlas: Network Access)" if choice.engine == "mongodb" else "PostgreSQL"
        note = f"Allow these addresses in your {where}: {{nat_addresses}}"
        outputs["database_allow_list"] = filled(site, note, "database")
    return site.plus(*rules, outputs=outputs)


OPTION = Option("database", ExternalDatabase, expand)

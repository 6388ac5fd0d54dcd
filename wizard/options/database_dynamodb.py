"""A DynamoDB table, paid by the request. Services reach it over HTTPS with the rights that they are given."""

from __future__ import annotations

from wizard.blueprint.model import DynamoDb
from wizard.engine.graph import Resource
from wizard.options.registry import Option
from wizard.options.site import Site


def expand(site: Site, name: str, choice: DynamoDb) -> Site:
    """Add the table."""
    table = Resource(
        "table",
        name,
        {
            "name": site.name("table"),
            "hash_key": {"name": choice.partition_key, "type": "S"},
            "range_key": {"name": choice.sort_key, "type": "S"} if choice.sort_key else None,
            "pitr": choice.point_in_time_recovery,
            "deletion_protection": choice.deletion_protection,
            **site.seal(),
        },
    )
    return site.plus(
        table,
        table=table.ref("arn"),
        placeholders={**site.placeholders, "database.table": table.ref("name")},
    )


OPTION = Option("database", DynamoDb, expand)

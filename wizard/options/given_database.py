"""An address that a person gives stands for a database elsewhere, where the blueprint would have one made.

What is decided at the first run stays so: a database that is made already is kept, whatever address is given later,
and one that was given stays the one in use when a later run is given none.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.blueprint.checks.data import source_of
from wizard.blueprint.model import AuroraPostgres, DocumentDb, ExternalDatabase, RdsPostgres, Secret
from wizard.blueprint.placeholders import uses
from wizard.options.secrets import aws_name
from wizard.options.site import Expansion


def as_given(expansion: Expansion) -> Expansion:
    """The expansion with an external database where only the address of the database is told, and that is given."""
    blueprint, database = expansion.blueprint, expansion.blueprint.database
    told = {name: secret for name, secret in blueprint.secrets.items() if _is_of_database(secret)}
    if not isinstance(database, (AuroraPostgres, DocumentDb, RdsPostgres)) or len(told) != 1 or _is_named(expansion):
        return expansion
    ((name, secret),) = told.items()
    if secret.composed != "database-uri" or not _is_given(expansion, name, secret):
        return expansion
    mongodb = isinstance(database, DocumentDb)
    update = {
        "database": ExternalDatabase(kind="external", engine="mongodb" if mongodb else "postgres", secret=name),
        "secrets": {**blueprint.secrets, name: secret.model_copy(update={"composed": None})},
    }
    return replace(expansion, blueprint=blueprint.model_copy(update=update))


def _is_of_database(secret: Secret) -> bool:
    return (secret.composed or "").startswith("database-")


def _is_named(expansion: Expansion) -> bool:
    """Whether a container is told host, port, name or user, which nobody gives."""
    return any(
        use.name.startswith("database.")
        for service in expansion.blueprint.services.values()
        for container in service.containers.values()
        for written in container.environment.values()
        for use in uses(written)
    )


def _is_given(expansion: Expansion, name: str, secret: Secret) -> bool:
    """A database that is made has a password of its own; an address from outside has none beside it."""
    if expansion.names.of("secret.database-password") in expansion.present_secrets:
        return False
    stored = aws_name(expansion.names, name, secret)
    return source_of(name, secret) in expansion.given_secrets or stored in expansion.present_secrets

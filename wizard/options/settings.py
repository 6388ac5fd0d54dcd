"""Settings inside a served choice that no option makes yet: refused at once, never left out silently.

The option that learns to make one removes its row here.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.blueprint.model import S3, AuroraPostgres, Blueprint, EcsFargate, Efs, RdsPostgres
from wizard.options.refusal import unserved

Row = tuple[bool, str, str, str]
"""Whether it is asked for, its path in the blueprint, what it is, and what to write instead."""


def refuse_unserved(blueprint: Blueprint) -> None:
    """Raise UsageError for the first setting that no option makes."""
    for asked, place, what, nearest in (*_sections(blueprint), *_services(blueprint), *_data(blueprint)):
        if asked:
            raise unserved(place, what, nearest)


def _sections(blueprint: Blueprint) -> Iterator[Row]:
    database = blueprint.database
    yield (
        isinstance(database, RdsPostgres) and database.max_storage_gib is not None,
        "database.max_storage_gib",
        "a disk that grows by itself",
        "Leave `max_storage_gib` out and raise `storage_gib` when the alarm on free storage tells.",
    )
    yield (
        isinstance(database, AuroraPostgres) and database.password == "rotated",
        "database.password",
        "a rotated password of Aurora",
        "Set `password: generated`, or `kind: rds-postgres`.",
    )


def _services(blueprint: Blueprint) -> Iterator[Row]:
    for name, service in blueprint.services.items():
        if not isinstance(service, EcsFargate):
            continue
        place = f"services.{name}"
        strategy = service.deploy.strategy
        yield service.migrate is not None, f"{place}.migrate", "a migration step", "Run it at the container's start."
        yield strategy != "rolling", f"{place}.deploy.strategy", f"`{strategy}`", "Set `strategy: rolling`."


def _data(blueprint: Blueprint) -> Iterator[Row]:
    for name, secret in blueprint.secrets.items():
        yield (
            secret.store == "ssm" and secret.optional,
            f"secrets.{name}.optional",
            "an SSM parameter that may be missing",
            "Set `store: secrets-manager`.",
        )
    for name, storage in blueprint.storage.items():
        place = f"storage.{name}"
        if isinstance(storage, Efs):
            yield (
                storage.to_ia_after_days is not None,
                f"{place}.to_ia_after_days",
                "a move of files to a cheaper class",
                "Leave `to_ia_after_days` out.",
            )
        if not isinstance(storage, S3):
            continue
        yield (
            any(rule.old_versions_after_days for rule in storage.lifecycle),
            f"{place}.lifecycle",
            "removal of old versions",
            "Leave `old_versions_after_days` out.",
        )

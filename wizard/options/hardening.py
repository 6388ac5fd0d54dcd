"""What the preset `hipaa` means: the settings that it makes stricter, whatever the blueprint says beside it."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import (
    S3,
    AuroraPostgres,
    Blueprint,
    Container,
    DocumentDb,
    DynamoDb,
    EcsFargate,
    Efs,
    NewVpc,
    RdsPostgres,
)

_KEPT_DAYS = 365
_BACKUP_DAYS = 7
_SCRATCH = ("/tmp",)
"""What nearly every program writes to, and nothing else of a read-only container."""


def hardened(blueprint: Blueprint) -> Blueprint:
    """The blueprint with what its preset demands."""
    if blueprint.hardening.preset != "hipaa":
        return blueprint
    hardening = {"kms": True, "cloudtrail": True, "deletion_protection": True}
    update: dict[str, Any] = {
        "hardening": blueprint.hardening.model_copy(update=hardening),
        "services": {name: _service(service) for name, service in blueprint.services.items()},
        "storage": {name: _storage(storage) for name, storage in blueprint.storage.items()},
        "database": _database(blueprint.database),
        "delivery": blueprint.delivery.model_copy(
            update={"images": blueprint.delivery.images.model_copy(update={"scan": True})}
        ),
    }
    network = blueprint.network
    if isinstance(network, NewVpc):
        days = max(network.flow_logs_days or 0, _KEPT_DAYS)
        update["network"] = network.model_copy(update={"flow_logs_days": days})
    return blueprint.model_copy(update=update)


def _service(service: Any) -> Any:
    if not isinstance(service, EcsFargate):
        return service
    return service.model_copy(update={"containers": {name: _box(box) for name, box in service.containers.items()}})


def _box(container: Container) -> Container:
    writable = container.writable_paths or _SCRATCH
    return container.model_copy(update={"read_only_root": True, "writable_paths": writable})


def _storage(storage: Any) -> Any:
    if isinstance(storage, S3):
        return storage.model_copy(update={"encryption": "kms", "versioning": True})
    return storage.model_copy(update={"backup": True}) if isinstance(storage, Efs) else storage


def _database(database: Any) -> Any:
    if isinstance(database, (RdsPostgres, AuroraPostgres, DocumentDb)):
        days = max(database.backup_days, _BACKUP_DAYS)
        return database.model_copy(update={"kms": True, "deletion_protection": True, "backup_days": days})
    if isinstance(database, DynamoDb):
        return database.model_copy(update={"deletion_protection": True, "point_in_time_recovery": True})
    return database

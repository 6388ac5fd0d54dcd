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
    NewVpc,
    RdsPostgres,
)

_KEPT_DAYS = 365
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
    return storage.model_copy(update={"encryption": "kms", "versioning": True}) if isinstance(storage, S3) else storage


def _database(database: Any) -> Any:
    if isinstance(database, (RdsPostgres, AuroraPostgres, DocumentDb)):
        return database.model_copy(update={"kms": True, "deletion_protection": True})
    return database.model_copy(update={"deletion_protection": True}) if isinstance(database, DynamoDb) else database

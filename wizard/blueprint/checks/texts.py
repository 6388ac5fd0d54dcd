"""Placeholders in environment values and outputs: known ones, and only for what the blueprint makes."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.blueprint.checks.services import containers, has_own_address
from wizard.blueprint.model import (
    S3,
    Alb,
    AmazonMq,
    AuroraPostgres,
    Blueprint,
    DocumentDb,
    DynamoDb,
    Efs,
    NewVpc,
    RdsPostgres,
    Sqs,
)
from wizard.blueprint.placeholders import PLACEHOLDERS, uses
from wizard.blueprint.problems import Finding, Path, did_you_mean, nearest


def available(blueprint: Blueprint) -> set[str]:
    """The placeholders that mean something in this blueprint."""
    found = {"app", "env", "account", "region"}
    if isinstance(blueprint.ingress, Alb) or has_own_address(blueprint):
        found |= {"host", "url"}
    for name, storage in blueprint.storage.items():
        if isinstance(storage, S3):
            found.add(f"bucket.{name}")
        if isinstance(storage, Efs):
            found.add(f"file_system.{name}")
    if isinstance(blueprint.broker, AmazonMq):
        found |= {"broker.host", "broker.port"}
    if isinstance(blueprint.broker, Sqs):
        found.add("broker.queue_url")
    if isinstance(blueprint.database, (RdsPostgres, AuroraPostgres, DocumentDb)):
        found |= {"database.host", "database.port", "database.name", "database.user"}
    if isinstance(blueprint.database, DynamoDb):
        found.add("database.table")
    if isinstance(blueprint.network, NewVpc) and blueprint.network.nat != "none":
        found.add("nat_addresses")
    if blueprint.identity.kind == "cognito":
        found |= {"user_pool.id", "user_pool.client"}
    return found


def placeholders(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Every placeholder is known and can be filled."""
    known = available(blueprint)
    for path, container in containers(blueprint):
        for variable, text in container.environment.items():
            yield from _text((*path, "environment", variable), text, known)
    for name, text in blueprint.outputs.items():
        yield from _text(("outputs", name), text, known)


def _text(path: Path, text: str, known: set[str]) -> Iterator[Finding]:
    for use in uses(text):
        if not use.name:
            yield Finding(
                path, "a brace that belongs to no placeholder", "double it, {{ or }}, to mean the brace itself"
            )
        elif use.name not in known:
            yield _unknown(path, use.name, known)


def _unknown(path: Path, name: str, known: set[str]) -> Finding:
    general = {each.partition(".")[0] + ("." if "." in each else "") for each in PLACEHOLDERS}
    explained = PLACEHOLDERS.get(name)
    if explained is not None and nearest(name, known) != name:
        wants = f": it needs a section `{explained.needs}` that makes it" if explained.needs else ""
        return Finding(path, f"`{{{name}}}` has no value in this blueprint{wants}", f"it is the {explained.meaning}")
    hint = did_you_mean(name, known, what="placeholders here")
    what = "has no value in this blueprint" if name.partition(".")[0] + "." in general else "is no placeholder"
    return Finding(path, f"`{{{name}}}` {what}", hint)

"""Secrets, brokers, databases and the life of stored objects: sources that exist, orders that AWS accepts."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.blueprint.model import (
    S3,
    AmazonMq,
    AuroraPostgres,
    Blueprint,
    DocumentDb,
    ExternalBroker,
    ExternalDatabase,
    RdsPostgres,
    Secret,
)
from wizard.blueprint.problems import Finding, Path, did_you_mean, listing


def source_of(name: str, secret: Secret) -> str:
    """The name under which a run looks for the value of a secret: `TWILIO_AUTH_TOKEN` for `twilio-auth-token`."""
    return secret.source or name.upper().replace("-", "_")


def secrets(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """A secret has one source, and what fills a composed one must be made here."""
    sources: dict[str, str] = {}
    for name, secret in blueprint.secrets.items():
        path: Path = ("secrets", name)
        given = [key for key in ("generate", "existing_arn", "composed", "optional") if getattr(secret, key)]
        if len(given) > 1:
            message = f"`{name}` cannot be {listing(given, last='and')} at once"
            yield Finding((*path, given[1]), message, "keep one of them")
        source = source_of(name, secret)
        if source in sources and not secret.existing_arn and not secret.composed:
            message = f"`{name}` and `{sources[source]}` both take their value from {source}"
            yield Finding(path, message, "give one of them another `source:`")
        elif not secret.existing_arn and not secret.composed:
            sources[source] = name
        yield from _composed(blueprint, secret, path)


def _composed(blueprint: Blueprint, secret: Secret, path: Path) -> Iterator[Finding]:
    if secret.composed is None:
        return
    maker, _, part = secret.composed.partition("-")
    place = (*path, "composed")
    if maker == "broker" and not isinstance(blueprint.broker, AmazonMq):
        message = f"{secret.composed} needs a broker that is made here, and `broker.kind` is {blueprint.broker.kind}"
        yield Finding(place, message, "set `broker: {kind: amazon-mq}`, or remove `composed`", reads=(("broker",),))
    if maker == "database":
        database = blueprint.database
        if not isinstance(database, (RdsPostgres, AuroraPostgres, DocumentDb)):
            message = f"{secret.composed} needs a database that is made here, and `database.kind` is {database.kind}"
            hint = "choose rds-postgres, aurora-postgres or documentdb, or remove `composed`"
            yield Finding(place, message, hint, reads=(("database",),))
        elif part == "uri" and database.password == "rotated":
            message = "an address that holds the password cannot be kept, because RDS changes the password"
            hint = "use database-username and database-password, or `database.password: generated`"
            yield Finding(place, message, hint, reads=(("database",),))


def brokers(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """An external broker is reached through a secret; RabbitMQ 4 runs on one family of sizes."""
    broker = blueprint.broker
    if isinstance(broker, ExternalBroker):
        yield from _given(blueprint, broker.secret, ("broker", "secret"))
    if isinstance(broker, AmazonMq) and broker.version != "3.13" and not broker.instance.startswith("mq.m7g."):
        message = f"RabbitMQ {broker.version} runs on mq.m7g sizes only"
        hint = "use mq.m7g.large, or version 3.13"
        yield Finding(("broker", "instance"), message, hint, reads=(("broker", "version"),))


def databases(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """An external database is reached through a secret; bounds are in order."""
    database = blueprint.database
    if isinstance(database, ExternalDatabase):
        yield from _given(blueprint, database.secret, ("database", "secret"))
    if isinstance(database, AuroraPostgres) and database.min_acu > database.max_acu:
        message = f"min_acu: {database.min_acu} is more than max_acu: {database.max_acu}"
        yield Finding(("database", "min_acu"), message, "raise `max_acu` or lower `min_acu`")
    if isinstance(database, RdsPostgres) and database.max_storage_gib is not None:
        least = -(-database.storage_gib * 11 // 10)
        if database.max_storage_gib < least:
            message = f"max_storage_gib must be a tenth more than storage_gib: {least} at least"
            yield Finding(("database", "max_storage_gib"), message, "raise it, or leave it out")


def _given(blueprint: Blueprint, name: str, path: Path) -> Iterator[Finding]:
    secret = blueprint.secrets.get(name)
    if secret is None:
        hint = did_you_mean(name, blueprint.secrets, what="declared in `secrets`") or f"add `{name}: {{}}` to `secrets`"
        yield Finding(path, f"there is no secret `{name}`", hint, reads=(("secrets",),))
    elif secret.generate or secret.composed:
        message = f"the secret `{name}` must hold an address from outside, and it is made up here"
        yield Finding(path, message, "remove `generate` or `composed` from it", reads=(("secrets", name),))


def lifecycles(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Objects move to colder storage in order, thirty days apart, before they expire (PutBucketLifecycle)."""
    for name, storage in blueprint.storage.items():
        for index, rule in enumerate(storage.lifecycle if isinstance(storage, S3) else ()):
            path: Path = ("storage", name, "lifecycle", index)
            colder, coldest, end = rule.to_ia_after_days, rule.to_glacier_after_days, rule.expire_after_days
            if not (colder or coldest or end or rule.old_versions_after_days):
                yield Finding(
                    path, "this rule does nothing", "add to_ia_after_days, to_glacier_after_days or expire_after_days"
                )
            if colder and coldest and coldest < colder + 30:
                message = f"objects stay in Infrequent Access for 30 days at least: Glacier from day {colder + 30} on"
                yield Finding((*path, "to_glacier_after_days"), message, f"write {colder + 30} or more")
            if end and end <= max(colder or 0, coldest or 0):
                message = f"objects would expire on day {end}, before they move on day {max(colder or 0, coldest or 0)}"
                yield Finding((*path, "expire_after_days"), message, "raise it, or remove the move")

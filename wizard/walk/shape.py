"""What the answers mean as a blueprint: plain data, in the order in which the file has it. Starters are `edits.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.walk import overlays
from wizard.walk.placing import Placement, for_part, is_mongo, outside_secret, placement
from wizard.walk.reading import Part
from wizard.walk.routes import groups, routes_of
from wizard.walk.situation import APP_RUNNER, ECS, Situation

Data = dict[str, Any]
STORE = "files"
"""Name of the bucket or file system that is made."""
FOLDER = "/data"
"""Where containers find the file system, when nothing says another place."""
HIPAA_LOG_DAYS, LOG_DAYS = 365, 30
FORGIVING_CODES = "200-399"
"""A first page often sends people on to another; a path made for the load balancer answers 200."""


def data_of(situation: Situation) -> Data:
    """The blueprint as plain data."""
    found = placement(situation)
    made: Data = {"blueprint": 1, "name": situation.name, "region": situation.region, "names": _names(situation)}
    sections: tuple[tuple[str, Any], ...] = (
        ("network", _network(situation)),
        ("ingress", _ingress(situation)),
        ("services", _services(situation, found)),
        ("storage", _storage(situation)),
        ("broker", _broker(situation, found)),
        ("database", _database(situation, found)),
        ("secrets", {name: dict(how) for name, how in found.secrets.items()}),
        ("observability", _observability(situation)),
        ("hardening", _hardening(situation)),
        ("environments", overlays.environments(situation)),
    )
    return made | {name: value for name, value in sections if value}


def _names(situation: Situation) -> Data:
    if situation.environment == "main":
        return {"pattern": "{app}-{part}"}
    made: Data = {"pattern": "{app}-{env}-{part}"}
    if any(not part.image for part in situation.app.parts):
        made["parts"] = {"repository": "{app}-{part}"}
    return made


def _network(situation: Situation) -> Data:
    if situation.compute == APP_RUNNER:
        return {}
    if situation.network == "default-vpc":
        return {"kind": "default-vpc"}
    endpoints = ["s3"] if situation.storage == "s3" else []
    if situation.database == "dynamodb":
        endpoints.append("dynamodb")
    nat = {"private": "one", "private-each": "per-zone"}.get(situation.network, "none")
    made: Data = {
        "kind": "new-vpc",
        "cidr": "10.0.0.0/16",
        "zones": ["a", "b"],
        "tasks": "public" if situation.network == "public" else "private",
        "nat": nat,
    }
    if endpoints:
        made["endpoints"] = endpoints
    return made


def _ingress(situation: Situation) -> Data:
    if not situation.has_load_balancer:
        return {}
    made: Data = {
        "kind": "alb",
        "host": overlays.base_host(situation),
        "http": "redirect",
        "certificate": "dns",
        "waf": situation.watching == "guarded",
        "routes": [],
    }
    for route in routes_of(situation):
        entry: Data = {"path": route.path, "service": route.service, "container": route.container}
        codes = {"codes": FORGIVING_CODES} if route.health_path == "/" else {}
        made["routes"].append({**entry, "health": {"path": route.health_path, **codes}})
    return made


def _services(situation: Situation, found: Placement) -> Data:
    return {name: _service(situation, found, parts) for name, parts in groups(situation).items()}


def _service(situation: Situation, found: Placement, parts: list[Part]) -> Data:
    is_web = not parts[0].is_worker
    cpu, memory = size_of(len(parts))
    made: Data = {"kind": situation.compute, "cpu": cpu, "memory": memory}
    if situation.compute == ECS:
        made["count"] = 1
        made["deploy"] = {"strategy": "rolling"}
        if is_web:
            made["deploy"]["grace_seconds"] = 60
        else:
            # Two of a worker at once would both take from the queue: stop the old one, then start the new one.
            made["deploy"] |= {"minimum_healthy_percent": 0, "maximum_percent": 100}
    else:
        made["autoscaling"] = {"min": 1, "max": 2}
        made["health"] = {"path": parts[0].health_path or "/"}
    made["containers"] = {part.name: _container(situation, found, part) for part in parts}
    rights = _rights(situation)
    return made | ({"rights": rights} if rights else {})


def size_of(containers: int) -> tuple[int, int]:
    """CPU units and MiB of a task: half a vCPU for two containers, one for more; half a GiB for each, in whole GiB."""
    return (512, 1024) if containers <= 2 else (1024, max(2048, -(-containers // 2) * 1024))


def _container(situation: Situation, found: Placement, part: Part) -> Data:
    made: Data = {}
    if part.image:
        made["image"] = part.image
    else:
        made["image"] = {"repository": _repository(situation, part), "tag": "v1"}
        build = {"context": part.context, **({"dockerfile": part.dockerfile} if part.dockerfile else {})}
        made["build"] = build
    if part.port is not None:
        made["port"] = part.port
    if part.command:
        made["command"] = list(part.command)
    mine = list(for_part(situation, part, found.placed))
    environment = {each.name: each.text for each in mine if each.text is not None}
    secrets = {each.name: each.secret for each in mine if each.text is None}
    if environment:
        made["environment"] = environment
    if secrets:
        made["secrets"] = secrets
    if situation.storage == "efs":
        made["mounts"] = {STORE: mount_path(situation)}
    if part.is_worker and situation.compute == ECS:
        made["stop_timeout"] = 120
    return made


def _repository(situation: Situation, part: Part) -> str:
    """Containers that are built from the same place share an image, and so a repository."""
    same = (each for each in situation.app.parts if (each.context, each.dockerfile) == (part.context, part.dockerfile))
    return next((each.name for each in same if not each.image), part.name)


def mount_path(situation: Situation) -> str:
    """Where containers find the file system."""
    hint = next((each for each in situation.app.hints if each.kind.startswith("efs:")), None)
    return hint.kind.partition(":")[2] if hint else FOLDER


def _rights(situation: Situation) -> list[Data]:
    rights: list[Data] = []
    if situation.storage == "s3":
        rights.append({"to": STORE, "allow": ["read", "write", "list"]})
    if situation.broker == "sqs":
        rights.append({"to": "broker", "allow": ["send", "receive"]})
    if situation.database == "dynamodb":
        rights.append({"to": "database", "allow": ["read", "write", "delete", "list"]})
    return rights


def _storage(situation: Situation) -> Data:
    if situation.storage == "s3":
        return {STORE: {"kind": "s3", "versioning": True, "encryption": "sse-s3"}}
    return {STORE: {"kind": "efs", "backup": True}} if situation.storage == "efs" else {}


def _broker(situation: Situation, found: Placement) -> Data:
    if situation.broker == "sqs":
        return {"kind": "sqs", "dead_letter_after": 5}
    if situation.broker == "external":
        return {"kind": "external", "secret": outside_secret(situation, found, "broker-uri")}
    if situation.broker.startswith("amazon-mq"):
        cluster = situation.broker == "amazon-mq-cluster"
        size = "mq.m7g.large" if cluster else "mq.m7g.medium"
        mode = "cluster" if cluster else "single"
        return {"kind": "amazon-mq", "mode": mode, "instance": size, "version": "4.2"}
    return {}


def _database(situation: Situation, found: Placement) -> Data:
    guarded = situation.watching in ("guarded", "hipaa")
    if situation.database == "none":
        return {}
    if situation.database == "external":
        engine = "mongodb" if is_mongo(situation) else "postgres"
        return {"kind": "external", "engine": engine, "secret": outside_secret(situation, found, "database-uri")}
    made: Data = {"kind": situation.database}
    sizes: Mapping[str, Data] = {
        "rds-postgres": {"version": "17", "class": "db.t4g.micro", "storage_gib": 20, "multi_az": False},
        "aurora-postgres": {"version": "17", "min_acu": 0.5, "max_acu": 4, "instances": 1},
        "documentdb": {"version": "5.0", "class": "db.t4g.medium", "instances": 1},
        "dynamodb": {"partition_key": "id", "point_in_time_recovery": True},
    }
    made |= sizes[situation.database]
    if situation.makes_database:
        made["backup_days"] = 35 if guarded else 7
    made["deletion_protection"] = guarded
    return made


def _observability(situation: Situation) -> Data:
    alarms = situation.watching != "logs"
    return {"log_days": HIPAA_LOG_DAYS if situation.watching == "hipaa" else LOG_DAYS, "alarms": alarms}


def _hardening(situation: Situation) -> Data:
    if situation.watching == "hipaa":
        return {"preset": "hipaa", "cloudtrail": True, "deletion_protection": True}
    return {"deletion_protection": True} if situation.watching == "guarded" else {}

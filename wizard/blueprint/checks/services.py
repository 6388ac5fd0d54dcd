"""Services and their containers: what they name must exist, and what they ask for must be possible."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from wizard.blueprint.model import (
    AppRunner,
    Blueprint,
    Container,
    DynamoDb,
    EcsExpress,
    EcsFargate,
    Efs,
    OwnImage,
    Right,
    Sqs,
)
from wizard.blueprint.problems import Finding, Path, did_you_mean, listing

APP_RUNNER_REGIONS = frozenset(
    {
        *("ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "us-east-1", "us-east-2", "us-west-2"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    }
)
# What a task role may be given besides storage, and the verbs that mean something there.
SERVICE_RIGHTS: Mapping[str, frozenset[str]] = {
    "bedrock": frozenset({"invoke"}),
    "transcribe-medical": frozenset({"transcribe"}),
    "metrics": frozenset({"write"}),
    "traces": frozenset({"write"}),
    "broker": frozenset({"send", "receive"}),
    "database": frozenset({"read", "write", "delete", "list"}),
    "key": frozenset({"encrypt", "decrypt"}),
    "secrets": frozenset({"read"}),
}
_STORAGE_VERBS = frozenset({"read", "write", "list", "delete"})
_ECR_IMAGE = re.compile(r"public\.ecr\.aws/.+|\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/.+")


def containers(blueprint: Blueprint) -> Iterator[tuple[Path, Container]]:
    """Every container with its path."""
    for name, service in blueprint.services.items():
        for inner, container in service.containers.items():
            yield ("services", name, "containers", inner), container


def container_wiring(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Secrets that containers name must be declared, and a variable has one source."""
    for path, container in containers(blueprint):
        for variable, secret in container.secrets.items():
            if secret not in blueprint.secrets:
                hint = (
                    did_you_mean(secret, blueprint.secrets, what="declared in `secrets`") or "declare it in `secrets`"
                )
                yield Finding(
                    (*path, "secrets", variable),
                    f"`{variable}`: there is no secret `{secret}`",
                    hint,
                    reads=(("secrets",),),
                )
            if variable in container.environment:
                message = f"`{variable}` is set twice: as a plain variable and as a secret"
                yield Finding(
                    (*path, "environment", variable), message, "remove one; what is secret stays in `secrets`"
                )


def dependencies(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Containers wait for others of their task, never in a circle; no two share a port; one is essential."""
    for name, service in blueprint.services.items():
        base: Path = ("services", name, "containers")
        ports: dict[int, str] = {}
        for inner, container in service.containers.items():
            for other, condition in container.depends_on.items():
                yield from _dependency((*base, inner, "depends_on", other), inner, other, condition, service.containers)
            if container.port is not None and container.port in ports:
                message = f"`{inner}` and `{ports[container.port]}` both listen on port {container.port}"
                yield Finding(
                    (*base, inner, "port"), message, "containers of one task share an address: change one port"
                )
            elif container.port is not None:
                ports[container.port] = inner
        if not any(container.essential for container in service.containers.values()):
            message = f"no container of `{name}` is essential"
            yield Finding(base, message, "ECS wants one whose end ends the task: remove `essential: false` from one")
        circle = _circle({inner: each.depends_on for inner, each in service.containers.items()})
        if circle:
            message = f"containers wait for each other in a circle: {' -> '.join(circle)}"
            yield Finding((*base, circle[0], "depends_on"), message, "remove one of the waits")


def _dependency(
    path: Path, inner: str, other: str, condition: str, known: Mapping[str, Container]
) -> Iterator[Finding]:
    if other not in known:
        others = [each for each in known if each != inner]
        yield Finding(path, f"`{inner}` waits for `{other}`, which is no container here", did_you_mean(other, others))
    elif condition == "healthy" and known[other].health_check is None:
        message = f"`{inner}` waits until `{other}` is healthy, but `{other}` has no `health_check`"
        yield Finding(path, message, "such a container never starts: add a health_check or wait for `start`")


def _circle(waits: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The containers of a circle of waits, in order, or nothing."""
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def mounts(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Only EFS storage can be mounted, and the container of a migration must exist and end its task."""
    shares = [name for name, storage in blueprint.storage.items() if isinstance(storage, Efs)]
    for path, container in containers(blueprint):
        for name in container.mounts:
            if name not in shares:
                hint = did_you_mean(name, shares, what="EFS storage here") or "declare it in `storage` with `kind: efs`"
                yield Finding((*path, "mounts", name), f"`{name}` is no EFS storage", hint, reads=(("storage",),))
    for name, service in blueprint.services.items():
        if isinstance(service, EcsFargate) and service.migrate:
            yield from _migration(service.migrate.container, service, ("services", name, "migrate", "container"))


def _migration(container: str, service: EcsFargate, path: Path) -> Iterator[Finding]:
    """Its task ends when an essential container does; with any other it would run on."""
    if container not in service.containers:
        yield Finding(
            path, f"`{container}` is no container of `{path[1]}`", did_you_mean(container, service.containers)
        )
    elif not service.containers[container].essential:
        hint = "use one with `essential: true`, which is the default"
        yield Finding(path, f"`{container}` is not essential: its task would not end with the migration", hint)


def scaling(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Autoscaling needs an order of its bounds and something to watch."""
    for name, service in blueprint.services.items():
        bounds = service.autoscaling
        if bounds is None:
            continue
        path: Path = ("services", name, "autoscaling")
        if bounds.min > bounds.max:
            yield Finding(
                (*path, "min"), f"min: {bounds.min} is more than max: {bounds.max}", "raise `max` or lower `min`"
            )
        if isinstance(service, EcsFargate) and service.autoscaling is not None:
            if service.autoscaling.cpu is None and service.autoscaling.memory is None:
                yield Finding(path, f"autoscaling of `{name}` watches nothing", "add `cpu: 70`, `memory: 80` or both")
            if not bounds.min <= service.count <= bounds.max:
                message = f"count: {service.count} is not between min: {bounds.min} and max: {bounds.max}"
                yield Finding(
                    ("services", name, "count"), message, "autoscaling would change it at once", reads=(path,)
                )


def replacement(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """A deployment needs room to move, and traffic can only be shifted behind a load balancer."""
    routed = {route.service for route in blueprint.ingress.routes} if blueprint.ingress.kind == "alb" else set()
    alarms = blueprint.observability.alarms
    for name, service in blueprint.services.items():
        if not isinstance(service, EcsFargate):
            continue
        deploy, path = service.deploy, ("services", name, "deploy")
        least = math.ceil(service.count * deploy.minimum_healthy_percent / 100)
        most = service.count * deploy.maximum_percent // 100
        if deploy.strategy == "rolling" and service.count and least >= most:
            message = f"a new version of `{name}` can never start: {least} of {service.count} must stay, {most} may run"
            hint = (
                "lower minimum_healthy_percent (0: stop, then start) or raise maximum_percent (200: start, then stop)"
            )
            yield Finding((*path, "minimum_healthy_percent"), message, hint, reads=(("services", name, "count"),))
        if deploy.strategy != "rolling" and name not in routed:
            message = f"`{name}` has no route of a load balancer: strategy {deploy.strategy} has no traffic to shift"
            yield Finding((*path, "strategy"), message, "use `rolling`", reads=(("ingress",),))
        elif deploy.strategy != "rolling" and (alarms is None or alarms.http_5xx is None):
            message = f"nothing watches a new version of `{name}` once its containers have started well"
            hint = "add `alarms:` with `http_5xx` to `observability`: ECS then goes back by itself"
            yield Finding((*path, "strategy"), message, hint, level="warning", reads=(("observability",),))


def simple_hosting(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """App Runner and Express run one public HTTP container and little else."""
    for name, service in blueprint.services.items():
        if isinstance(service, EcsFargate):
            continue
        product = "App Runner" if isinstance(service, AppRunner) else "ECS Express"
        for inner, container in service.containers.items():
            path: Path = ("services", name, "containers", inner)
            if container.port is None:
                yield Finding(path, f"`port` is missing: {product} sends requests to it", "add `port:`", missing="port")
            for key in ("mounts", "depends_on", "health_check", "read_only_root", "user", "migrate"):
                if getattr(container, key, None):
                    hint = "remove it, or use `kind: ecs-fargate`"
                    yield Finding((*path, key), f"{product} knows no `{key}`", hint)
            image = container.image
            if isinstance(service, AppRunner) and isinstance(image, str) and not _ECR_IMAGE.fullmatch(image):
                message = "App Runner takes images from ECR only"
                yield Finding((*path, "image"), message, "use `repository:` and `tag:`, or `kind: ecs-fargate`")
        if isinstance(service, AppRunner) and blueprint.region not in APP_RUNNER_REGIONS:
            message = f"App Runner does not exist in {blueprint.region}"
            yield Finding(("region",), message, f"it is in {listing(sorted(APP_RUNNER_REGIONS), last='and')}")


def rights(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """A right names storage or a service, and a verb that means something there."""
    for name, service in blueprint.services.items():
        for index, right in enumerate(service.rights):
            yield from _right(blueprint, right, ("services", name, "rights", index))


def _right(blueprint: Blueprint, right: Right, path: Path) -> Iterator[Finding]:
    storage = blueprint.storage.get(right.to)
    verbs = _STORAGE_VERBS if storage is not None else SERVICE_RIGHTS.get(right.to)
    if verbs is None:
        known = [*blueprint.storage, *SERVICE_RIGHTS]
        hint = did_you_mean(right.to, known)
        yield Finding((*path, "to"), f"`{right.to}` is neither storage nor a service", hint, reads=(("storage",),))
        return
    for index, verb in enumerate(right.allow):
        if verb not in verbs:
            message = f"`{verb}` means nothing for `{right.to}`: expected is {listing(sorted(verbs))}"
            yield Finding((*path, "allow", index), message, did_you_mean(verb, verbs))
    if right.prefix is not None and (storage is None or storage.kind != "s3"):
        yield Finding((*path, "prefix"), "a prefix means something for S3 only", "remove it")
    if right.models and right.to != "bedrock":
        yield Finding((*path, "models"), "models mean something for bedrock only", "remove them")
    if right.to == "broker" and storage is None and not isinstance(blueprint.broker, Sqs):
        message = "rights on the broker are for SQS: RabbitMQ knows its users itself"
        yield Finding(
            (*path, "to"), message, "remove this right; the address in the secret is enough", reads=(("broker",),)
        )
    if right.to == "database" and storage is None and not isinstance(blueprint.database, DynamoDb):
        message = "rights on the database are for DynamoDB: other databases know their users themselves"
        yield Finding(
            (*path, "to"), message, "remove this right; the address in the secret is enough", reads=(("database",),)
        )


def own_repositories(blueprint: Blueprint) -> dict[str, Path]:
    """The deployment's own image repositories, each with the path that first names it."""
    found: dict[str, Path] = {}
    for path, container in containers(blueprint):
        if isinstance(container.image, OwnImage):
            found.setdefault(container.image.repository, (*path, "image", "repository"))
    return found


def has_own_address(blueprint: Blueprint) -> bool:
    """Does a service bring a public address without a load balancer of ours?"""
    return any(isinstance(service, (AppRunner, EcsExpress)) for service in blueprint.services.values())

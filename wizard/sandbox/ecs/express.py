"""ECS Express Mode: a service, its task definitions and its surroundings from one request.

Each update that touches the containers is a canary deployment (5 %, 3 minutes, 100 %, 3 minutes); one whose tasks keep
failing, or that does not come up in a quarter of an hour, is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wizard.sandbox.ecs import answers, express_surroundings, finding, outcome, rollout
from wizard.sandbox.ecs.clusters import create_cluster
from wizard.sandbox.ecs.door import operation
from wizard.sandbox.ecs.express_form import DEFAULTS, configuration, registered, settings_of
from wizard.sandbox.ecs.express_surroundings import Place
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Cluster, Service
from wizard.sandbox.handling import Refused
from wizard.sandbox.world import after, on_reset

GUARD_SECONDS = 15.0
TOO_MANY_FAILURES = 3
TOO_LONG_SECONDS = 900.0


@dataclass
class Express:
    """What Express Mode remembers of a service, beside the service itself."""

    service: Service
    place: Place
    role: str
    updated_at: float
    cleared: bool = False
    revisions: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Configuration by service revision."""

    @property
    def newest(self) -> dict[str, Any]:
        """The configuration that was asked for last."""
        return self.revisions[self.service.history[0].target.revision.arn]


_KNOWN: dict[str, Express] = {}


@operation("CreateExpressGatewayService")
def create(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Everything at once; the default cluster is made when there is none."""
    cluster = _cluster(region, params.get("cluster"))
    name = params.get("serviceName") or f"express-{region.fresh_id(8)}"
    existing = finding.service_or_none(region, cluster, name)
    if existing and (existing.status != "INACTIVE" or not _cleared(existing)):
        raise Refused("InvalidParameterException", "Creation of service was not idempotent.")
    if params.get("taskDefinitionArn"):
        raise Refused("UnsupportedFeatureException", "The sandbox's Express Mode takes primaryContainer only.")
    _check_roles(region, params)
    wanted = configuration(DEFAULTS, params)
    subnets = wanted.get("networkConfiguration", {}).get("subnets", [])
    definition = registered(region, cluster, name, wanted)
    port = wanted["primaryContainer"]["containerPort"]
    place = express_surroundings.prepare(region, name, port, wanted["healthCheckPath"], subnets)
    service = Service(
        name=name,
        arn=region.arn(f"service/{cluster.name}/{name}"),
        cluster=cluster,
        settings=settings_of(place, wanted),
        desired=wanted["scalingTarget"]["minTaskCount"],
        created_at=region.time,
        created_by=region.caller,
    )
    region.services[service.arn] = service
    region.tags[service.arn] = params.get("tags", [])
    one = _KNOWN[service.arn] = Express(service, place, params["infrastructureRoleArn"], region.time)
    _begin(region, one, definition, wanted)
    return {"service": _shown(region, one, with_tags=True)}


@operation("DescribeExpressGatewayService")
def describe(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """One service, INACTIVE ones too."""
    one = _KNOWN.get(params["serviceArn"])
    if one is None:
        raise Refused("ResourceNotFoundException", "Service not found.")
    return {"service": _shown(region, one, with_tags="TAGS" in params.get("include", ()))}


@operation("UpdateExpressGatewayService")
def update(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """A new deployment; only a change of the scaling needs none."""
    one = _active(params["serviceArn"])
    _check_roles(region, params)
    before = one.newest
    wanted = configuration(before, params)
    service = one.service
    one.updated_at, service.desired = region.time, wanted["scalingTarget"]["minTaskCount"]
    service.unsettled, service.wake = True, region.time
    only_scaling = set(params) <= {"serviceArn", "scalingTarget"}
    if only_scaling:
        before["scalingTarget"] = wanted["scalingTarget"]
    else:
        definition = registered(region, service.cluster, service.name, wanted)
        express_surroundings.check_path(region, one.place, wanted["healthCheckPath"])
        service.settings = settings_of(one.place, wanted)
        _begin(region, one, definition, wanted)
    shown = _shown(region, one, with_tags=False)
    target = next(each for each in shown["activeConfigurations"] if each["taskDefinitionArn"])
    kept = ("serviceArn", "cluster", "serviceName", "status", "createdAt", "updatedAt")
    return {"service": {key: shown[key] for key in kept} | {"targetConfiguration": target}}


@operation("DeleteExpressGatewayService")
def delete(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """DRAINING while its tasks stop; INACTIVE once its surroundings are gone too. The log group stays."""
    one = _active(params["serviceArn"])
    outcome.close(region, one.service)
    one.service.status, one.service.desired, one.service.unsettled = "DRAINING", 0, True
    one.service.wake = region.time
    after(GUARD_SECONDS, lambda: _clear_away(region, one))
    return {"service": _shown(region, one, with_tags=False)}


def _cluster(region: Region, name: str | None) -> Cluster:
    if name is None and "default" not in region.clusters:
        create_cluster(region, {})
    return finding.cluster(region, name)


def _active(arn: str) -> Express:
    one = _KNOWN.get(arn)
    if one is None:
        raise Refused("ServiceNotFoundException", "Service not found.")
    if one.service.status != "ACTIVE":
        raise Refused("ServiceNotActiveException", "Service was not ACTIVE.")
    return one


def _cleared(service: Service) -> bool:
    return service.arn not in _KNOWN or _KNOWN[service.arn].cleared


def _check_roles(region: Region, params: dict[str, Any]) -> None:
    neighbours = Neighbours(region.account, region.name)
    for key in ("executionRoleArn", "infrastructureRoleArn", "taskRoleArn"):
        if params.get(key) and not neighbours.role_exists(params[key]):
            raise Refused("InvalidParameterException", f"Unable to assume role {params[key]}. Role is not valid")


def _begin(region: Region, one: Express, definition: str, wanted: dict[str, Any]) -> None:
    kept = ("networkConfiguration", "loadBalancers", "launchType", "platformFamily", "propagateTags")
    settings = {key: one.service.settings[key] for key in (*kept, "enableECSManagedTags")}
    outcome.begin(region, one.service, finding.deployable(region, definition), settings)
    record = one.service.history[0]
    one.revisions[record.target.revision.arn] = wanted
    after(GUARD_SECONDS, lambda: _guard(region, one, record.arn))


def _guard(region: Region, one: Express, deployment: str) -> None:
    """Give a deployment up whose tasks keep failing, as the alarm on 5xx answers does."""
    rollout.advance(region, region.now())
    current = one.service.current
    if current is None or current.arn != deployment or current.status not in ("PENDING", "IN_PROGRESS"):
        return
    late = region.time - current.created_at > TOO_LONG_SECONDS and one.service.primary.settled_at is None
    if current.failures >= TOO_MANY_FAILURES or late:
        outcome.announce_failure(region, one.service, "alarm detected.")
        outcome.request_rollback(region, one.service, current, "Service deployment rolled back because of an alarm.")
    else:
        after(GUARD_SECONDS, lambda: _guard(region, one, deployment))


def _clear_away(region: Region, one: Express) -> None:
    rollout.advance(region, region.now())
    if one.service.status != "INACTIVE":
        after(GUARD_SECONDS, lambda: _clear_away(region, one))
        return
    others = [each for each in _KNOWN.values() if not each.cleared and each is not one]
    last = all(each.place.balancer != one.place.balancer for each in others)
    express_surroundings.clear(region, one.place, last=last)
    one.cleared = True


def _shown(region: Region, one: Express, *, with_tags: bool) -> dict[str, Any]:
    """An ECSExpressGatewayService: a configuration for each revision that still has tasks, the newest first."""
    service = one.service
    status = "DRAINING" if service.status == "INACTIVE" and not one.cleared else service.status
    found = {
        "cluster": service.cluster.name,
        "serviceName": service.name,
        "serviceArn": service.arn,
        "infrastructureRoleArn": one.role,
        "status": {"statusCode": status},
        "activeConfigurations": [_active_configuration(region, one, arn) for arn in _visible(region, one)],
        "createdAt": region.wall(service.created_at),
        "updatedAt": region.wall(one.updated_at),
    }
    if service.current:
        found["currentDeployment"] = service.current.arn
    return found | ({"tags": list(region.tags.get(service.arn, []))} if with_tags else {})


def _visible(region: Region, one: Express) -> list[str]:
    service = one.service
    if service.status == "INACTIVE":
        return []
    busy = [task.deployment for task in rollout.tasks_of(region, service)]
    shown = [each for each in service.deployments if each is service.primary or any(each is used for used in busy)]
    return [each.revision.arn for each in shown]


def _active_configuration(region: Region, one: Express, arn: str) -> dict[str, Any]:
    revision, configuration = one.service.revisions[arn], one.revisions[arn]
    host = f"{one.service.name}.ecs.{region.name}.on.aws"
    path = {"accessType": "PUBLIC" if one.place.public else "PRIVATE", "endpoint": f"https://{host}"}
    return answers.present(**configuration) | {
        "serviceRevisionArn": arn,
        "taskDefinitionArn": revision.definition.arn,
        "ingressPaths": [path],
        "createdAt": region.wall(revision.created_at),
    }


@on_reset
def _clear() -> None:
    _KNOWN.clear()

"""The service on which a game day is played: what it runs, and how a teammate's pipeline would change it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from wizard.sandbox import moto_state, registry, world
from wizard.sandbox.ecs.images import ECR
from wizard.sandbox.ecs.region import REGIONS, Region
from wizard.sandbox.ecs.rollout import advance
from wizard.sandbox.ecs.store import Service
from wizard.sandbox.front import FrontDoor
from wizard.sandbox.handling import HANDLERS, Call

DERIVED = ("compatibilities", "requiresAttributes")
"""What ECS adds to a registered task definition and does not take back."""
BY, COMMIT, WHY = "pilotage:by", "pilotage:commit", "pilotage:why"


@dataclass(frozen=True)
class Stage:
    """One service, with the region that it lives in and the front door of the sandbox."""

    region: Region
    service: Service
    front: FrontDoor

    @property
    def container(self) -> dict[str, Any]:
        """The container that serves: the first that is essential and has a port, or else the first essential one."""
        essential = [each for each in self.definition["containerDefinitions"] if each.get("essential", True)]
        return next((each for each in essential if each.get("portMappings")), essential[0])

    @property
    def definition(self) -> dict[str, Any]:
        """The task definition that the service is at, as it was registered."""
        return self.service.primary.revision.definition.fields

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """Call ECS as somebody else does; raises `Refused`."""
        call = Call("ecs", operation, params, self.region.account, self.region.name, world.AGENDA.clock, dict)
        return HANDLERS[("ecs", operation)](call)

    def update(self, **changes: Any) -> None:
        """UpdateService of this service."""
        self.call("UpdateService", cluster=self.service.cluster.name, service=self.service.name, **changes)

    def deploy(self, kind: str, *, pushed: bool = True, **changes: Any) -> str:
        """Build a version of some kind, push its image unless told not to, and deploy it; returns the image."""
        commit = self.region.fresh_id(7)
        image = self._image(f"{kind}-{commit}", pushed)
        fields = copy.deepcopy({key: value for key, value in self.definition.items() if key not in DERIVED})
        name = self.container["name"]
        for container in fields["containerDefinitions"]:
            if container["name"] == name:
                container["image"] = image
        revision = self.service.primary.revision.definition
        tags = {tag["key"]: tag["value"] for tag in self.region.tags.get(revision.arn, [])}
        tags |= {BY: "sam", COMMIT: commit, WHY: "merge of a branch"}
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        answer = self.call("RegisterTaskDefinition", family=revision.family, tags=listed, **fields)
        self.update(taskDefinition=answer["taskDefinition"]["taskDefinitionArn"], **changes)
        return image

    def _image(self, tag: str, pushed: bool) -> str:
        reference = self.container["image"].partition("@")[0]
        match = ECR.match(reference)
        if match is None:
            head, slash, last = reference.rpartition("/")
            return f"{head}{slash}{last.partition(':')[0]}:{tag}"
        if pushed:
            text = registry.manifest(match["repository"], tag)
            store = moto_state.ecr(match["region"])
            store.put_image(match["repository"], text, tag, registry.MANIFEST_TYPE, registry.digest_of(text))
        return f"{match[0]}:{tag}"


def stage_of(target: str, front: FrontDoor) -> Stage:
    """The stage for `APP/ENV/SERVICE`, `CLUSTER/SERVICE` or, when empty, for the first service behind a load balancer.

    Raises `ValueError` that names the services there are.
    """
    for region in REGIONS.values():
        region.keep_pace(world.AGENDA.clock)
        advance(region, region.now())
    found = [
        Stage(region, service, front)
        for region in REGIONS.values()
        for service in region.services.values()
        if service.status == "ACTIVE" and service.deployments
    ]
    if not found:
        raise ValueError("no ECS service runs in the sandbox; deploy one first: pilotage replay FILE --sandbox")
    if not target:
        return next((stage for stage in found if stage.service.settings.get("loadBalancers")), found[0])
    for stage in found:
        if target in (title(stage), f"{stage.service.cluster.name}/{stage.service.name}"):
            return stage
    raise ValueError(f"there is no service {target}; there are: {', '.join(sorted(title(stage) for stage in found))}")


def title(stage: Stage) -> str:
    """`APP/ENV/SERVICE` of a service with ownership tags, `CLUSTER/SERVICE` of another."""
    tags = {tag["key"]: tag["value"] for tag in stage.region.tags.get(stage.service.arn, [])}
    deployment, address = tags.get("pilotage:deployment", ""), tags.get("pilotage:address", "")
    if deployment and address:
        return f"{deployment}/{address.partition('.')[2]}"
    return f"{stage.service.cluster.name}/{stage.service.name}"

"""What is there: services and their health, past runs, outputs. Reads only, from AWS alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from wizard.aws.lock import LOCK_NAME
from wizard.aws.ownership import tag_map
from wizard.deployment.opening import Connection, Deployment
from wizard.deployment.replaying import outputs_of
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG
from wizard.engine.world import read_world

SERVICES_A_CALL = 10


@dataclass(frozen=True)
class ServiceState:
    """One service as it runs now."""

    deployment: str
    service: str
    state: str
    """`OK`, `DOWN`, `ROLLING` or `IDLE`."""
    running: int
    desired: int
    revision: str
    since: str
    sentence: str
    hold: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return dict(self.__dict__)


class Looking:
    """Reads of one account and Region."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._aws = connection.aws

    def services(self, name: str = "") -> list[ServiceState]:
        """Every service that Pilotage made, or those of `APP` or `APP/ENV`; worst first."""
        by_cluster: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
        found = self._aws.pages(
            "resourcegroupstaggingapi",
            "get_resources",
            "ResourceTagMappingList",
            ResourceTypeFilters=["ecs:service"],
            TagFilters=[{"Key": DEPLOYMENT_TAG}],
        )
        for item in found:
            tags = tag_map(item["Tags"])
            deployment = tags.get(DEPLOYMENT_TAG, "")
            if not name or deployment == name or deployment.split("/")[0] == name:
                cluster = item["ResourceARN"].split(":service/")[1].split("/")[0]
                by_cluster[cluster].append((item["ResourceARN"], tags))
        states = []
        for cluster, items in by_cluster.items():
            for start in range(0, len(items), SERVICES_A_CALL):
                states += self._states(cluster, items[start : start + SERVICES_A_CALL])
        order = {"DOWN": 0, "ROLLING": 1, "OK": 2, "IDLE": 3}
        return sorted(states, key=lambda state: (order[state.state], state.deployment, state.service))

    def _states(self, cluster: str, items: list[tuple[str, dict[str, str]]]) -> list[ServiceState]:
        answer = self._aws.read(
            "ecs", "describe_services", cluster=cluster, services=[arn for arn, _ in items], include=["TAGS"]
        )
        by_arn = dict(items)
        alive = [service for service in answer["services"] if service["status"] == "ACTIVE"]
        return [_state(service, by_arn[service["serviceArn"]]) for service in alive if service["serviceArn"] in by_arn]

    def history(self, name: str) -> list[dict[str, Any]]:
        """Past runs, newest first. One that says it runs but does not hold the lock died: `unfinished`."""
        logbook = self._connection.logbook()
        entries = [logbook.get(name, key) for key in reversed(logbook.list(name, "runs/"))]
        runs = [entry.body for entry in entries if entry is not None]
        if any(run["verdict"] == "running" for run in runs):
            lock = logbook.get(name, LOCK_NAME)
            holder = lock.body.get("run") if lock else None
            dead = [run for run in runs if run["verdict"] == "running" and run["run"] != holder]
            for run in dead:
                run["verdict"] = "unfinished"
        return runs

    def deployments(self) -> list[str]:
        """Every deployment that the logbook knows."""
        return self._connection.logbook().names()


def _state(service: dict[str, Any], tags: dict[str, str]) -> ServiceState:
    primary: dict[str, Any] = next((each for each in service["deployments"] if each["status"] == "PRIMARY"), {})
    running, desired = service["runningCount"], service["desiredCount"]
    rollout = primary.get("rolloutState", "")
    events = service.get("events") or [{}]
    live_tags = tag_map(service.get("tags"))
    if desired == 0:
        word = "IDLE"
    elif running == 0 or rollout == "FAILED":
        word = "DOWN"
    elif rollout == "IN_PROGRESS" or running < desired:
        word = "ROLLING"
    else:
        word = "OK"
    return ServiceState(
        deployment=tags[DEPLOYMENT_TAG],
        service=tags.get(ADDRESS_TAG, "").removeprefix("service."),
        state=word,
        running=running,
        desired=desired,
        revision=service["taskDefinition"].split("/")[-1],
        since=primary["createdAt"].isoformat(timespec="seconds") if primary else "",
        sentence=primary.get("rolloutStateReason", "") or events[0].get("message", ""),
        hold=live_tags.get("pilotage:hold", ""),
    )


def current_outputs(deployment: Deployment) -> dict[str, Any]:
    """The outputs of what stands now."""
    world = read_world(deployment.graph, deployment.kinds, deployment.reading_context(), deployment.secrets)
    return outputs_of(deployment, world.live)

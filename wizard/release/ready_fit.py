"""Whether a revision still fits its service: containers, ports, target groups, network mode, launch type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.release.readiness import Finding
from wizard.release.revision import Revision

Groups = Mapping[str, Mapping[str, Any] | Finding]


def findings_about_fit(revision: Revision, service: Mapping[str, Any], groups: Groups) -> Iterator[Finding]:
    """What ECS would refuse, or what would never become healthy."""
    if revision.status == "GONE":
        yield Finding.broken(revision.label, f"{revision.label} is deleted, and AWS no longer shows it")
        return
    if revision.status == "UNKNOWN":
        yield Finding.unclear(revision.label, f"AWS does not show {revision.label}")
        return
    yield Finding.there(revision.label)
    if service.get("resourceManagementType") == "ECS":
        # Express Mode makes its target groups, and fits them to each revision.
        return
    yield from _launch(revision, service)
    for balancer in service.get("loadBalancers") or ():
        yield from _behind(revision, balancer, groups)
    for registry in service.get("serviceRegistries") or ():
        if registry.get("containerName"):
            yield from _port(revision, registry["containerName"], registry.get("containerPort"), "service discovery")


def _launch(revision: Revision, service: Mapping[str, Any]) -> Iterator[Finding]:
    definition = revision.definition
    providers = {str(one.get("capacityProvider", "")) for one in service.get("capacityProviderStrategy") or ()}
    fargate = service.get("launchType") == "FARGATE" or any(one.startswith("FARGATE") for one in providers)
    kinds = definition.get("requiresCompatibilities") or definition.get("compatibilities") or ()
    if fargate and kinds and "FARGATE" not in kinds:
        yield Finding.broken(revision.label, f"{revision.label} is not made for Fargate, and the service runs on it")
    if fargate and definition.get("networkMode") != "awsvpc":
        yield Finding.broken(revision.label, f"{revision.label} has not the network mode awsvpc that Fargate wants")
    needs_network = definition.get("networkMode") == "awsvpc"
    if needs_network and not (service.get("networkConfiguration") or {}).get("awsvpcConfiguration"):
        yield Finding.broken(revision.label, f"{revision.label} wants a network of its own, and the service gives none")


def _behind(revision: Revision, balancer: Mapping[str, Any], groups: Groups) -> Iterator[Finding]:
    alternate = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
    found = [group for arn in (balancer.get("targetGroupArn"), alternate) if arn and (group := groups.get(arn))]
    known = []
    for group in found:
        if isinstance(group, Finding):
            yield group
            continue
        known.append(group)
        yield from _group(revision, group)
    # Of two between which requests are shifted one gets them at a time; the other may belong to nothing meanwhile.
    if known and len(known) == len(found) and not any(group.get("LoadBalancerArns") for group in known):
        name = known[0].get("TargetGroupName", "")
        yield Finding.broken(name, f"the target group {name} belongs to no load balancer")
    yield from _port(revision, balancer.get("containerName", ""), balancer.get("containerPort"), "the load balancer")


def _group(revision: Revision, group: Mapping[str, Any]) -> Iterator[Finding]:
    name = group.get("TargetGroupName", "")
    wanted = "ip" if revision.definition.get("networkMode") == "awsvpc" else "instance"
    if group.get("TargetType", wanted) != wanted:
        sentence = f"the target group {name} takes targets by {group['TargetType']}, {revision.label} needs {wanted}"
        yield Finding.broken(name, sentence)
    yield Finding.there(f"target group {name}")


def _port(revision: Revision, container: str, port: Any, whose: str) -> Iterator[Finding]:
    containers = {one["name"]: one for one in revision.definition.get("containerDefinitions") or ()}
    if container not in containers:
        yield Finding.broken(container, f"{revision.label} has no container {container}, to which {whose} sends")
        return
    ports = {mapping.get("containerPort") for mapping in containers[container].get("portMappings") or ()}
    if port is not None and port not in ports:
        yield Finding.broken(container, f"the container {container} has no port {port}, to which {whose} sends")

"""Who reaches whom: the nodes and ways of a deployment, read from its security groups, routes and rights.

A way is drawn because a rule of a security group opens it, or because a task role may use the thing: the picture is
what AWS will let happen, not what somebody meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.advice.paper import Paper
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, refs_in

INTERNET = "internet"
"""Where requests come from."""
OUTSIDE = "outside"
"""The same internet, where what runs here goes; a node of its own, so that a picture flows one way."""
ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
ENDPOINTS = "endpoints"
"""All interface endpoints together: they share their security group."""
PUBLIC, PRIVATE, ELSEWHERE = "public subnets", "private subnets", "outside the VPC"
SIGN_IN = "signs people in"
RIGHTS_REACH = ("bucket", "queue", "table", "topic", "file_system")
"""Kinds that code reaches by its task role rather than by a network of ours."""
DRAWN_WITHOUT_GROUP = ("user_pool", "nat_gateway", "app_runner_service")
STANDS_FOR = {"mount_target": "file_system", "db_cluster_instance": "db_cluster"}
"""Kinds that are drawn as the one they belong to."""
DETAILS = {
    "broker": ("instance", "mode"),
    "db_instance": ("engine", "version", "instance_class"),
    "db_cluster": ("engine", "version"),
    "load_balancer": ("scheme",),
}


@dataclass(frozen=True)
class Node:
    """Something that is reached or reaches. `id` is its address, `area` where it stands."""

    id: str
    title: str
    name: str
    area: str
    detail: str = ""


@dataclass(frozen=True)
class Way:
    """One node reaches another; `label` says at which port, or by which right."""

    start: str
    end: str
    label: str


@dataclass(frozen=True)
class Subnet:
    """A subnet and where its way out leads."""

    name: str
    zone: str
    cidr: str
    area: str
    way_out: str


@dataclass(frozen=True)
class Topology:
    """A deployment as a picture, before it is drawn. Everything is sorted, so equal graphs give equal pictures."""

    deployment: str
    region: str
    network: str
    nodes: Mapping[str, Node]
    ways: tuple[Way, ...]
    subnets: tuple[Subnet, ...]
    endpoints: tuple[str, ...]
    undrawn: Mapping[str, int]
    """What is not drawn: how many by title."""

    def ways_from(self, node: str) -> list[Way]:
        """The ways that begin at a node."""
        return [way for way in self.ways if way.start == node]

    def roots(self) -> list[str]:
        """Where a reader begins: the internet, then what nobody reaches."""
        reached = {way.end for way in self.ways}
        first = [INTERNET] if self.ways_from(INTERNET) else []
        starts = [id for id in self.nodes if id not in reached and self.ways_from(id) and id != INTERNET]
        return first + sorted(starts)


def topology(paper: Paper) -> Topology:
    """Read the picture from the graph."""
    return _Reader(paper).read()


class _Reader:
    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._resources = paper.graph.resources
        self._public = self._subnets_of_tables_to("internet_gateway")
        self._nat = {nat.address: self._subnets_of_tables_to_one(nat) for nat in paper.of_kind("nat_gateway")}
        self._members: dict[str, set[str]] = defaultdict(set)
        """Nodes by the address of a security group that they carry."""

    def read(self) -> Topology:
        nodes = {node.id: node for node in self._nodes()}
        found = {*self._opened(), *self._way_out(nodes), *self._rights(), *self._sign_ins()}
        ways = sorted(found, key=lambda way: (way.start, way.end))
        for place, title in ((INTERNET, "Internet"), (OUTSIDE, "Internet, outgoing")):
            if any(place in (way.start, way.end) for way in ways):
                nodes[place] = Node(place, title, "", ELSEWHERE)
        if any(way.end == ENDPOINTS for way in ways):
            nodes[ENDPOINTS] = Node(ENDPOINTS, "Interface endpoints", "AWS APIs inside the VPC", PRIVATE)
        reached = {end for way in ways for end in (way.start, way.end)}
        nodes = {id: node for id, node in nodes.items() if id in reached or not id.startswith(("topic.", "user_pool."))}
        drawn = set(nodes) | {each.address for each in self._resources.values() if each.kind in STANDS_FOR}
        vpcs = self._paper.of_kind("vpc")
        return Topology(
            self._paper.deployment,
            self._paper.scope.region,
            f"VPC {vpcs[0].properties['name']} {vpcs[0].properties['cidr']}" if vpcs else "existing VPC",
            dict(sorted(nodes.items())),
            tuple(_joined(ways)),
            tuple(self._subnets()),
            tuple(f"{each.properties['service']} ({each.properties['type']})" for each in self._endpoints()),
            self._undrawn(drawn),
        )

    def _endpoints(self) -> list[Resource]:
        return self._paper.of_kind("vpc_endpoint")

    def _nodes(self) -> Iterable[Node]:
        for each in self._resources.values():
            groups = [ref.address for ref in refs_in(each.properties.get("security_groups", ()))]
            subject = self._subject(each)
            if subject is None:
                continue
            for group in groups:
                self._members[group].add(ENDPOINTS if each.kind == "vpc_endpoint" else subject.address)
            if each.kind == "vpc_endpoint":
                continue
            if each is subject and (groups or each.kind in (*RIGHTS_REACH, *DRAWN_WITHOUT_GROUP)):
                name = str(each.properties.get("name", each.name))
                yield Node(each.address, self._paper.title(each.kind), name, self._area(each), self._detail(each))

    def _subject(self, resource: Resource) -> Resource | None:
        """The resource that is drawn for this one."""
        kind = STANDS_FOR.get(resource.kind)
        if kind is None:
            return resource
        return next((self._resources[ref.address] for ref in resource.refs if ref.address.startswith(f"{kind}.")), None)

    def _area(self, resource: Resource) -> str:
        places = [*_as_list(resource.properties.get("subnets")), *_as_list(resource.properties.get("subnet"))]
        if not places and "security_groups" not in resource.properties:
            return ELSEWHERE
        subnets = {ref.address for ref in refs_in(places)}
        if subnets & self._public or resource.properties.get("public_ip"):
            return PUBLIC
        return PUBLIC if not subnets and resource.properties.get("scheme") == "internet-facing" else PRIVATE

    def _detail(self, resource: Resource) -> str:
        size, count = resource.properties.get("size"), resource.properties.get("count")
        if isinstance(size, Mapping):
            count = self._scaled(resource) if count is None else count
            parts = [f"{count} x {_vcpu(size['cpu'])} vCPU {_vcpu(size['memory'])} GB"]
            parts += ["ARM64"] if size.get("architecture") == "ARM64" else []
            return ", ".join([*parts, *(["Spot"] if resource.properties.get("spot") else [])])
        shown = (resource.properties.get(key) for key in DETAILS.get(resource.kind, ()))
        return ", ".join(str(value) for value in shown if isinstance(value, (str, int)))

    def _scaled(self, service: Resource) -> str:
        """The bounds of a service whose number of tasks is not fixed."""
        for target in self._paper.of_kind("scalable_target"):
            if service.address in {ref.address for ref in target.refs}:
                return f"{target.properties['min']}-{target.properties['max']}"
        return "some"

    def _opened(self) -> Iterable[Way]:
        """What rules let in, and what they let out to addresses elsewhere."""
        for rule in self._paper.of_kind("security_group_rule"):
            properties = rule.properties
            inward = properties["direction"] == "ingress"
            own = sorted(self._members[ref.address] for ref in refs_in(properties["group"]))
            peer = properties["peer"]
            if isinstance(peer, Ref) and inward:
                others: Iterable[str] = self._members[peer.address]
            elif peer in ANYWHERE and inward:
                others = [INTERNET]
            else:
                continue
            for members in own:
                yield from (Way(other, member, _port(properties)) for member in members for other in others)

    def _way_out(self, nodes: Mapping[str, Node]) -> Iterable[Way]:
        """What rules let out to the internet, through the gateway that the routes of its subnets name."""
        ports: dict[str, set[str]] = defaultdict(set)
        for rule in self._paper.of_kind("security_group_rule"):
            if rule.properties["direction"] == "egress" and rule.properties["peer"] in ANYWHERE:
                for group in refs_in(rule.properties["group"]):
                    for member in self._members[group.address]:
                        ports[member].add(_port(rule.properties))
        for open_group in self._paper.of_kind("security_group"):
            if open_group.properties.get("allow_all_egress"):
                for member in self._members[open_group.address]:
                    ports[member] = {"all ports"}
        ports.pop(ENDPOINTS, None)
        for member, opened in ports.items():
            subnets = {ref.address for ref in refs_in(self._resources[member].properties.get("subnets", ()))}
            gateways = sorted(nat for nat, served in self._nat.items() if subnets & served)
            label = ", ".join(sorted(opened, key=_by_number))
            for gateway in gateways:
                yield Way(member, gateway, label)
                yield Way(gateway, OUTSIDE, "")
            if not gateways and (nodes[member].area == PUBLIC or not self._paper.of_kind("vpc")):
                yield Way(member, OUTSIDE, label)

    def _rights(self) -> Iterable[Way]:
        """What the code of a service may use."""
        for service in self._paper.of_kind("service", "app_runner_service"):
            for role in self._task_roles(service):
                for ref in refs_in(role.properties.get("policy", {})):
                    if ref.address.split(".")[0] in RIGHTS_REACH:
                        yield Way(service.address, ref.address, "by its role")

    def _sign_ins(self) -> Iterable[Way]:
        """Where people sign in before a load balancer lets their requests through."""
        for listener in self._paper.of_kind("listener"):
            asked = listener.properties.get("sign_in") or {}
            for balancer in refs_in(listener.properties["load_balancer"]):
                yield from (Way(balancer.address, ref.address, SIGN_IN) for ref in refs_in(asked.get("pool", "")))

    def _task_roles(self, service: Resource) -> Iterable[Resource]:
        definitions = [self._resources[ref.address] for ref in refs_in(service.properties.get("task_definition", ""))]
        for holder, key in [*((each, "task_role") for each in definitions), (service, "instance_role")]:
            yield from (self._resources[ref.address] for ref in refs_in(holder.properties.get(key, "")))

    def _subnets(self) -> Iterable[Subnet]:
        for each in self._paper.of_kind("subnet"):
            area = PUBLIC if each.address in self._public else PRIVATE
            nats = [nat for nat, served in self._nat.items() if each.address in served]
            way_out = "internet gateway" if area == PUBLIC else ", ".join(sorted(nats)) or "no way out"
            yield Subnet(each.name, each.properties["zone"], each.properties["cidr"], area, way_out)

    def _subnets_of_tables_to(self, kind: str) -> set[str]:
        found: set[str] = set()
        for gateway in self._paper.of_kind(kind):
            found |= self._subnets_of_tables_to_one(gateway)
        return found

    def _subnets_of_tables_to_one(self, gateway: Resource) -> set[str]:
        tables = self._paper.of_kind("route_table")
        leading = [
            each for each in tables if gateway.address in {ref.address for ref in refs_in(each.properties["routes"])}
        ]
        return {ref.address for table in leading for ref in refs_in(table.properties["subnets"])}

    def _undrawn(self, drawn: set[str]) -> Mapping[str, int]:
        shown_apart = {"vpc", "subnet", "vpc_endpoint"}
        counts: dict[str, int] = defaultdict(int)
        for each in self._resources.values():
            if each.address not in drawn and each.kind not in shown_apart:
                counts[self._paper.title(each.kind)] += 1
        return dict(sorted(counts.items()))


def _joined(ways: Iterable[Way]) -> Iterable[Way]:
    """One way between two nodes, with every label."""
    labels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for way in ways:
        labels[way.start, way.end] |= {way.label} - {""}
    for (start, end), found in sorted(labels.items()):
        yield Way(start, end, ", ".join(sorted(found, key=_by_number)))


def _by_number(label: str) -> tuple[int, str]:
    first = label.split(",")[0].split("-")[0]
    return (int(first), label) if first.isdigit() else (10**6, label)


def _port(properties: Mapping[str, Any]) -> str:
    first, last, protocol = properties["from_port"], properties["to_port"], properties["protocol"]
    if protocol not in ("tcp", "udp"):
        return "all ports" if protocol == "-1" else str(protocol)
    ports = str(first) if first == last else f"{first}-{last}"
    return ports if protocol == "tcp" else f"{ports}/udp"


def _vcpu(units: Any) -> str:
    return f"{int(units) / 1024:g}"


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]

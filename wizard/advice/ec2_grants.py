"""Grants for what lives in EC2, whose ids AWS chooses: new ones must carry our tag, and only what has it may change.

What the blueprint only points at (an existing VPC and its subnets) has no tag of ours: it is named by its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wizard.advice.fits import fitting
from wizard.advice.grants import Grant, Why
from wizard.advice.paper import Paper
from wizard.engine.kind import DEPLOYMENT_TAG
from wizard.engine.values import Ref

TYPES = {
    "vpc": "vpc",
    "subnet": "subnet",
    "internet_gateway": "internet-gateway",
    "elastic_ip": "elastic-ip",
    "nat_gateway": "natgateway",
    "route_table": "route-table",
    "vpc_endpoint": "vpc-endpoint",
    "security_group": "security-group",
    "security_group_rule": "security-group-rule",
    "flow_log": "vpc-flow-log",
}
IDS = {"vpc": "vpc", "subnet": "subnet", "sg": "security-group", "rtb": "route-table", "igw": "internet-gateway"}
"""The resource type that the beginning of an id tells."""
CREATES = ("ec2:Create", "ec2:Allocate")
RULES_OF_GROUPS = ("ec2:Authorize", "ec2:Revoke")
NEW_RULES = RULES_OF_GROUPS[0]
ROUTES = frozenset({"ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute"})
FOR_AMAZON_MQ = {"ec2:CreateVpcEndpoint": "RequestTag", "ec2:DeleteVpcEndpoints": "ResourceTag"}
"""Amazon MQ makes a VPC endpoint in the caller's name and tags it `AMQManaged`, which can limit the permission."""
IN_OUR_NETWORK = frozenset({"ec2:CreateNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"})
INTERFACES_OF = {"broker": Why.AMAZON_MQ, "mount_target": Why.EFS}
"""Kinds whose services make network interfaces in the caller's name."""


def ec2_grants(paper: Paper, kind: str, action: str) -> Iterable[Grant]:
    """What one EC2 call of a kind needs; `kind` is one of `TYPES`."""
    own, parents, given = TYPES[kind], _parents(paper, kind), _given(paper, kind)
    if action == "ec2:CreateTags":
        yield from _tagging(paper, own)
        return
    if action.startswith(CREATES) and action not in ROUTES:
        yield Grant(action, (_any(paper, own),), _requested(paper), Why.ID_OF_AWS_NEW)
        touched = parents
    elif action.startswith(RULES_OF_GROUPS):
        if action.startswith(NEW_RULES):
            yield Grant(action, (_any(paper, "security-group-rule"),), {}, Why.RULE_OF_GROUP)
        touched = {"security-group"}
    else:
        touched = {own, *parents}
    if ours := fitting(action, [_any(paper, each) for each in sorted(touched)]):
        yield Grant(action, tuple(ours), _carried(paper), Why.ID_OF_AWS_OURS)
    if named := fitting(action, given):
        yield Grant(action, tuple(named), {}, None)


def interface_grants(paper: Paper, kind: str, action: str) -> Iterable[Grant]:
    """What Amazon MQ and EFS do in the caller's name: endpoints and network interfaces in our subnets and groups."""
    parents, given, why = ("security-group", "subnet", "vpc"), _given(paper, kind), INTERFACES_OF[kind]
    if action in FOR_AMAZON_MQ:
        condition = {"StringEquals": {f"aws:{FOR_AMAZON_MQ[action]}/AMQManaged": "true"}}
        yield Grant(action, (_any(paper, "vpc-endpoint"),), condition, why)
    else:
        yield Grant(action, (_any(paper, "network-interface"),), {}, why)
    if action == "ec2:CreateVpcEndpoint" or action in IN_OUR_NETWORK:
        ours = fitting(action, [_any(paper, each) for each in parents])
        yield Grant(action, tuple(ours), _carried(paper), Why.ID_OF_AWS_OURS)
        if named := fitting(action, given):
            yield Grant(action, tuple(named), {}, None)


def _tagging(paper: Paper, own: str) -> Iterable[Grant]:
    """Tags in the call that creates; later ones on what is ours; and on an equal rule that is adopted."""
    creates = {"ec2:CreateAction": [_create_action(each) for each in sorted(TYPES.values())]}
    yield Grant("ec2:CreateTags", (_any(paper, own),), {"StringEquals": creates}, Why.TAGS_AT_BIRTH)
    yield Grant("ec2:CreateTags", (_any(paper, own),), _carried(paper), Why.ID_OF_AWS_OURS)
    if own == "security-group-rule":
        yield Grant("ec2:CreateTags", (_any(paper, own),), _requested(paper), Why.ADOPTED)


def _create_action(type_: str) -> str:
    special = {
        "elastic-ip": "AllocateAddress",
        "natgateway": "CreateNatGateway",
        "security-group-rule": "AuthorizeSecurityGroupIngress",
        "vpc-flow-log": "CreateFlowLogs",
    }
    return special.get(type_) or "Create" + "".join(part.title() for part in type_.split("-"))


def _parents(paper: Paper, kind: str) -> set[str]:
    """The types of what the resources of a kind refer to and that we make."""
    refs = {ref.address.split(".")[0] for each in paper.of_kind(kind) for ref in each.refs}
    found = {TYPES[other] for other in refs if other in TYPES}
    # A NAT gateway is checked against the VPC of its subnet, which no property names.
    return found | ({"vpc"} if kind == "nat_gateway" and paper.of_kind("vpc") else set())


def _given(paper: Paper, kind: str) -> list[str]:
    """ARNs of what is there already, by the ids that the blueprint gives."""
    values = [value for each in paper.of_kind(kind) for value in each.properties.values()]
    return sorted({_exact(paper, id) for value in values for id in _ids(value)})


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, str) and value.split("-")[0] in IDS and value.count("-") == 1:
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            if not isinstance(item, Ref):
                yield from _ids(item)


def _exact(paper: Paper, id: str) -> str:
    return paper.scope.arn("ec2", f"{IDS[id.split('-')[0]]}/{id}")


def _any(paper: Paper, type_: str) -> str:
    return paper.scope.arn("ec2", f"{type_}/*")


def _requested(paper: Paper) -> dict[str, Any]:
    return {"StringEquals": {f"aws:RequestTag/{DEPLOYMENT_TAG}": paper.deployment}}


def _carried(paper: Paper) -> dict[str, Any]:
    return {"StringEquals": {f"aws:ResourceTag/{DEPLOYMENT_TAG}": paper.deployment}}

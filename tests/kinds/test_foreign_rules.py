"""What somebody puts into a security group of ours by hand is seen and taken away; what is declared stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kinds.cases.network import VPC
from tests.kinds.driver import Account, Builder
from wizard.aws.memory import RememberedReads
from wizard.aws.ownership import tag_list
from wizard.engine.graph import Resource
from wizard.engine.kind import DEPLOYMENT_TAG, Live
from wizard.engine.world import differences
from wizard.kinds.registry import all_kinds

GROUP = Resource(
    "security_group",
    "web",
    {
        "name": "shop-dev-web",
        "description": "web of shop-dev",
        "vpc": VPC.ref("id"),
        "allow_all_egress": True,
        "foreign_rules": [],
    },
)
DECLARED = {"direction": "ingress", "protocol": "tcp", "from_port": 443, "to_port": 443, "peer": "0.0.0.0/0"}
HTTPS = Resource("security_group_rule", "https", {"group": GROUP.ref("id"), "description": "from anywhere", **DECLARED})


@pytest.fixture
def group(account: Account) -> Builder:
    builder = Builder(account, account.context())
    builder.build([VPC, GROUP, HTTPS])
    return builder


def add_by_hand(builder: Builder, direction: str, permission: dict[str, Any], owner: str = "") -> str:
    """Open the group as a person would; with an owner, as another deployment would. Returns the rule's id."""
    tags = tag_list({DEPLOYMENT_TAG: owner})
    mine = {"TagSpecifications": [{"ResourceType": "security-group-rule", "Tags": tags}]} if owner else {}
    answer = builder.account.aws.once(
        "ec2",
        f"authorize_security_group_{direction}",
        GroupId=builder.lives[GROUP.address].id,
        IpPermissions=[permission],
        **mine,
    )
    return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def seen(builder: Builder) -> Live:
    (live,) = builder.look(all_kinds()["security_group"], GROUP.address, builder.resolved(GROUP))
    return live


def rule_ids(builder: Builder) -> set[str]:
    filters = [{"Name": "group-id", "Values": [builder.lives[GROUP.address].id]}]
    found = builder.account.aws.pages("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=filters)
    return {item["SecurityGroupRuleId"] for item in found}


def tcp(port: int, block: str) -> dict[str, Any]:
    ranges = {"Ipv6Ranges": [{"CidrIpv6": block}]} if ":" in block else {"IpRanges": [{"CidrIp": block}]}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **ranges}


def test_declared_rules_and_the_egress_that_aws_gives_are_not_foreign(group: Builder) -> None:
    assert seen(group).properties["foreign_rules"] == []


@pytest.mark.parametrize(
    ("direction", "permission", "sentence"),
    [
        ("ingress", tcp(22, "0.0.0.0/0"), "in tcp 22 from 0.0.0.0/0"),
        ("ingress", tcp(443, "::/0"), "in tcp 443 from ::/0"),
        (
            "ingress",
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "203.0.113.0/24"}]},
            "in everything from 203.0.113.0/24",
        ),
        (
            "egress",
            {"IpProtocol": "udp", "FromPort": 1000, "ToPort": 2000, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            "out udp 1000-2000 to 10.0.0.0/8",
        ),
    ],
)
def test_a_rule_added_by_hand_is_a_difference_and_goes_while_ours_stay(
    group: Builder, direction: str, permission: dict[str, Any], sentence: str
) -> None:
    ours = rule_ids(group)
    foreign = add_by_hand(group, direction, permission)

    live = seen(group)
    (difference,) = differences(all_kinds()["security_group"], group.resolved(GROUP), live)
    assert (difference.property, difference.before) == ("foreign_rules", [f"{sentence} ({foreign})"])

    group.converge(GROUP)
    assert rule_ids(group) == ours


def test_rules_on_both_sides_go_together_and_the_egress_of_all_can_go_with_them(group: Builder) -> None:
    add_by_hand(group, "ingress", tcp(22, "0.0.0.0/0"))
    add_by_hand(group, "egress", tcp(25, "0.0.0.0/0"))
    group.converge(Resource("security_group", "web", {**GROUP.properties, "allow_all_egress": False}))
    assert rule_ids(group) == {group.lives[HTTPS.address].id}


def test_a_rule_of_another_deployment_is_left_alone(group: Builder) -> None:
    theirs = add_by_hand(group, "ingress", tcp(9090, "10.20.0.0/16"), owner="monitoring/main")
    add_by_hand(group, "ingress", tcp(22, "0.0.0.0/0"))
    group.converge(GROUP)
    assert theirs in rule_ids(group)
    assert seen(group).properties["foreign_rules"] == []


def test_what_is_open_to_anywhere_is_told_whoever_opened_it(group: Builder) -> None:
    add_by_hand(group, "ingress", tcp(9090, "::/0"), owner="monitoring/main")
    assert [one["sentence"] for one in seen(group).attributes["open_in"]] == [
        "in tcp 443 from 0.0.0.0/0",
        "in tcp 9090 from ::/0",
    ]


def test_a_plan_that_finds_nothing_foreign_asks_for_the_rules_once(group: Builder) -> None:
    account = group.account
    context = account.context(aws=RememberedReads(account.aws))
    before = len(account.calls)
    for resource in (GROUP, HTTPS):
        all_kinds()[resource.kind].read_many(context, {resource.address: group.resolved(resource)})
    assert [call.operation for call in account.calls[before:]] == [
        "DescribeSecurityGroups",
        "DescribeSecurityGroupRules",
    ]


def test_a_step_that_makes_a_group_asks_for_no_rules(account: Account) -> None:
    builder = Builder(account, account.context())
    builder.build([VPC, GROUP])
    assert "DescribeSecurityGroupRules" not in {call.operation for call in account.calls}

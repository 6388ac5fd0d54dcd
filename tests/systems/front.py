"""What the public meets: load balancers, their rules and health checks, certificates, addresses."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

from tests.systems.account import Account, Facts


def balancers(account: Account) -> list[Facts]:
    """All load balancers."""
    return account.every("elbv2", "describe_load_balancers", "LoadBalancers")


def balancer(account: Account, name: str) -> Facts:
    """The load balancer of this name."""
    return account.the("elbv2", "describe_load_balancers", "LoadBalancers", Names=[name])


def attributes(account: Account, arn: str) -> dict[str, str]:
    """The attributes of a load balancer."""
    found = account.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    return {each["Key"]: each["Value"] for each in found}


def listeners(account: Account, name: str) -> dict[int, Facts]:
    """The listeners of a load balancer by port."""
    arn = balancer(account, name)["LoadBalancerArn"]
    found = account.every("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
    return {each["Port"]: each for each in found}


def rules(account: Account, name: str, port: int) -> list[tuple[str, tuple[str, ...], str]]:
    """The rules of a listener in the order in which they are tried: priority, paths, what happens."""
    arn = listeners(account, name)[port]["ListenerArn"]
    found = account.every("elbv2", "describe_rules", "Rules", ListenerArn=arn)
    told = [(each["Priority"], _paths(each), outcome(account, each["Actions"])) for each in found]
    return sorted(told, key=lambda each: int(each[0]) if each[0].isdigit() else 1_000_000)


def answer_to(account: Account, name: str, path: str, port: int = 443) -> str:
    """What happens to a request for this path."""
    for _, paths, happens in rules(account, name, port):
        if not paths or any(fnmatch.fnmatchcase(path, pattern) for pattern in paths):
            return happens
    raise AssertionError(f"no rule of {name} answers {path}")


def _paths(rule: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for each in rule["Conditions"]:
        assert each["Field"] == "path-pattern", each
        found += each.get("PathPatternConfig", {}).get("Values") or each["Values"]
    return tuple(found)


def outcome(account: Account, actions: list[Facts]) -> str:
    """The end of a rule in words: `redirect HTTPS 443`, `answer 404`, `forward to <target group>`."""
    action = actions[-1]
    if action["Type"] == "redirect":
        to = action["RedirectConfig"]
        return f"redirect {to['Protocol']} {to['Port']} {to['StatusCode']}"
    if action["Type"] == "fixed-response":
        return f"answer {action['FixedResponseConfig']['StatusCode']}"
    shares = action.get("ForwardConfig", {}).get("TargetGroups") or [{"TargetGroupArn": action["TargetGroupArn"]}]
    (arn,) = [each["TargetGroupArn"] for each in shares if each.get("Weight", 1) > 0]
    return f"forward to {target_group_of(account, arn)['TargetGroupName']}"


def target_group(account: Account, name: str) -> Facts:
    """The target group of this name."""
    return account.the("elbv2", "describe_target_groups", "TargetGroups", Names=[name])


def target_group_of(account: Account, arn: str) -> Facts:
    """The target group of this ARN."""
    return account.the("elbv2", "describe_target_groups", "TargetGroups", TargetGroupArns=[arn])


def health(account: Account, name: str) -> list[str]:
    """The state of each target of a target group."""
    arn = target_group(account, name)["TargetGroupArn"]
    found = account.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return [each["TargetHealth"]["State"] for each in found]


def certificate(account: Account, name: str, port: int = 443) -> Facts:
    """The certificate that a listener shows."""
    (shown,) = listeners(account, name)[port]["Certificates"]
    return dict(account.client("acm").describe_certificate(CertificateArn=shown["CertificateArn"])["Certificate"])


def leads_to(account: Account, host: str, zone: str = "example.com.") -> str:
    """The address that the host is an alias of, without the prefixes that AWS adds."""
    hosted = account.the("route53", "list_hosted_zones", "HostedZones")
    assert hosted["Name"] == zone
    found = account.every("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=hosted["Id"])
    (record,) = [each for each in found if each["Name"] == f"{host}." and each["Type"] == "A"]
    return str(record["AliasTarget"]["DNSName"]).removeprefix("dualstack.").rstrip(".").lower()

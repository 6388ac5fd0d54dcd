"""Settings, progress and the slow end of a load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Live, State, Status
from wizard.errors import AwsError
from wizard.kinds import _elb

SETTINGS = {
    "idle_timeout": "idle_timeout.timeout_seconds",
    "deletion_protection": "deletion_protection.enabled",
    "drop_invalid_headers": "routing.http.drop_invalid_header_fields.enabled",
}
"""Properties that are attributes in AWS, read and set by calls of their own."""
USABLE = ("active", "active_impaired")


def settings_of(context: Context, arn: str) -> dict[str, Any]:
    """The settings as properties."""
    values = _elb.attributes_of(context, "describe_load_balancer_attributes", LoadBalancerArn=arn)
    return {name: _plain(values.get(key, "")) for name, key in SETTINGS.items()}


def _plain(value: str) -> bool | int | None:
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value else None


def set_settings(context: Context, arn: str, settings: Mapping[str, Any]) -> None:
    """Set some of the settings."""
    attributes = [{"Key": SETTINGS[name], "Value": str(value).lower()} for name, value in settings.items()]
    context.aws.write("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=arn, Attributes=attributes)


def progress(context: Context, arn: str) -> Status:
    """One look at how far it is."""
    try:
        answer = context.aws.read("elbv2", "describe_load_balancers", LoadBalancerArns=[arn])
    except AwsError as error:
        if not _elb.is_missing(error):
            raise
        return Status(State.PENDING, "AWS does not show the load balancer yet")
    state = answer["LoadBalancers"][0]["State"]
    if state["Code"] in USABLE:
        return READY
    if state["Code"] == "failed":
        cause = state.get("Reason", "AWS gives no reason")
        return Status(State.FAILED, f"the load balancer could not be set up: {cause}", corpse=True)
    return Status(State.PENDING, "the load balancer is being set up")


def lingering(context: Context, arns: set[str]) -> Iterator[Live]:
    """Deleted ones whose network interfaces still hold subnets and security groups."""
    for arn in sorted(arns):
        name = _elb.full_name(arn)
        filters = [{"Name": "description", "Values": [f"ELB {name}"]}]
        if context.aws.read("ec2", "describe_network_interfaces", Filters=filters)["NetworkInterfaces"]:
            properties = {"name": name.split("/")[1]}
            attributes = {"dns_name": "", "zone_id": "", "full_name": name, "state": "deleting"}
            yield _elb.live(arn, None, context.index.tags(arn) or {}, properties, attributes)

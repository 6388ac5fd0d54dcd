"""What AWS tells of an account's limits: its quotas at AWS's defaults, the vCPUs that Fargate runs, its plan.

The sandbox tells its quotas and enforces none: a rehearsal may go on where an account would be full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.sandbox.ecs.region import region_of
from wizard.sandbox.handling import Call, Refused, handles

ON_DEMAND, SPOT = "Standard/OnDemand", "Standard/Spot"
USAGE = "AWS/Usage"


@dataclass(frozen=True)
class Limit:
    """A quota; `vcpus` names the class of Fargate tasks whose vCPUs are its use."""

    name: str
    value: float
    vcpus: str = ""


LIMITS = {
    ("vpc", "L-F678F1CE"): Limit("VPCs per Region", 5),
    ("vpc", "L-A4707A72"): Limit("Internet gateways per Region", 5),
    ("vpc", "L-FE5A380F"): Limit("NAT gateways per Availability Zone", 5),
    ("ec2", "L-0263D0A3"): Limit("EC2-VPC Elastic IPs", 5),
    ("elasticloadbalancing", "L-53DA6B97"): Limit("Application Load Balancers per Region", 50),
    ("elasticloadbalancing", "L-B22855CB"): Limit("Target Groups per Region", 3000),
    ("acm", "L-F141DD1D"): Limit("ACM certificates", 2500),
    ("rds", "L-7B6409FD"): Limit("DB instances", 40),
    ("rds", "L-952B80B8"): Limit("DB clusters", 40),
    ("elasticfilesystem", "L-848C634D"): Limit("File systems per account", 1000),
    ("secretsmanager", "L-2F66C23C"): Limit("Secrets per Region", 500_000),
    ("fargate", "L-3032A538"): Limit("Fargate On-Demand vCPU resource count", 6, ON_DEMAND),
    ("fargate", "L-36FBB829"): Limit("Fargate Spot vCPU resource count", 6, SPOT),
}


@handles("service-quotas", "GetServiceQuota")
def get_service_quota(call: Call) -> dict[str, Any]:
    """The account's value, which is AWS's default for a new one."""
    service, code = call.params["ServiceCode"], call.params["QuotaCode"]
    limit = LIMITS.get((service, code))
    if limit is None:
        raise Refused("NoSuchResourceException", "The request failed because the specified quota does not exist.")
    quota: dict[str, Any] = {
        "ServiceCode": service,
        "QuotaCode": code,
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{service}/{code}",
        "QuotaName": limit.name,
        "Value": float(limit.value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
    if limit.vcpus:
        quota["UsageMetric"] = {
            "MetricNamespace": USAGE,
            "MetricName": "ResourceCount",
            "MetricDimensions": {"Service": "Fargate", "Type": "Resource", "Resource": "vCPU", "Class": limit.vcpus},
            "MetricStatisticRecommendation": "Maximum",
        }
    return {"Quota": quota}


@handles("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(call: Call) -> dict[str, Any]:
    """The vCPUs that run on Fargate now, for whoever asks for their use; anything else is moto's."""
    dimensions = {each["Name"]: each["Value"] for each in call.params.get("Dimensions", ())}
    if call.params["Namespace"] != USAGE or dimensions.get("Resource") != "vCPU":
        return call.moto()
    running = _running_vcpus(call, spot=dimensions.get("Class") == SPOT)
    point = {"Timestamp": call.params["EndTime"], "Unit": "None"}
    return {
        "Label": call.params["MetricName"],
        "Datapoints": [point | dict.fromkeys(("Maximum", "Minimum", "Average", "Sum"), running)] if running else [],
    }


def _running_vcpus(call: Call, *, spot: bool) -> float:
    tasks = region_of(call.account, call.region, call.clock).tasks.values()
    return sum(
        int(task.definition.fields.get("cpu") or 0) / 1024
        for task in tasks
        if task.alive and (task.launch.get("capacityProviderName") == "FARGATE_SPOT") is spot
    )


@handles("freetier", "GetAccountPlanState")
def get_account_plan_state(call: Call) -> dict[str, Any]:
    """The sandbox holds nothing back."""
    return {"accountId": call.account, "accountPlanType": "PAID", "accountPlanStatus": "ACTIVE"}

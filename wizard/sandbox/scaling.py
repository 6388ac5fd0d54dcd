"""Application Auto Scaling: the service that is to scale must be one of the sandbox's own ECS."""

from __future__ import annotations

from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

from wizard.sandbox import ecs, moto_state
from wizard.sandbox.handling import Call, handles


def _service_exists(backend: Any, resource_id: str) -> bool:
    """In place of moto's look into its own ECS, which is empty here."""
    _, cluster, service = resource_id.split("/", 2)
    ending = f":service/{cluster}/{service}"
    for entry in ecs.inventory(backend.account_id, backend.region_name):
        if entry["type"] == "service" and entry["status"] == "ACTIVE" and entry["id"].endswith(ending):
            return True
    raise AWSValidationException(f"ECS service doesn't exist: {resource_id}")


moto_state.override(ApplicationAutoscalingBackend, _ecs_service_exists_for_target=_service_exists)


@handles("application-autoscaling", "DescribeScalingActivities")
def describe_scaling_activities(_call: Call) -> dict[str, Any]:
    """None: load does not change here, so nothing scales."""
    return {"ScalingActivities": []}


@handles("application-autoscaling", "DeregisterScalableTarget")
def deregister_scalable_target(call: Call) -> dict[str, Any]:
    """The policies of the target go with it, and their alarms."""
    answer = call.moto()
    store = moto_state.scaling(call.region)
    place = (call.params["ServiceNamespace"], call.params["ResourceId"], call.params["ScalableDimension"])
    for policy in list(store.policies.values()):
        if (policy.service_namespace, policy.resource_id, policy.scalable_dimension) == place:
            store.delete_scaling_policy(policy.policy_name, *place)
    return answer

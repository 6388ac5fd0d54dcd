"""Application Auto Scaling: the service that is to scale must be one of the sandbox's own ECS; targets have tags."""

from __future__ import annotations

from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

from wizard.sandbox import ecs, moto_state
from wizard.sandbox.handling import Call, Refused, before, handles


def _service_exists(backend: Any, resource_id: str) -> bool:
    """In place of moto's look into its own ECS, which is empty here."""
    _, cluster, service = resource_id.split("/", 2)
    ending = f":service/{cluster}/{service}"
    for entry in ecs.inventory(backend.account_id, backend.region_name):
        if entry["type"] == "service" and entry["status"] == "ACTIVE" and entry["id"].endswith(ending):
            return True
    raise AWSValidationException(f"ECS service doesn't exist: {resource_id}")


moto_state.override(ApplicationAutoscalingBackend, _ecs_service_exists_for_target=_service_exists)


@handles("application-autoscaling", "RegisterScalableTarget")
def register_scalable_target(call: Call) -> dict[str, Any]:
    """Keeps the tags that a new target comes with."""
    known = _target(call)
    answer = call.moto()
    if known is None:
        target = _target(call)
        target.sandbox_tags = dict(call.params.get("Tags") or {})
    return answer


@handles("application-autoscaling", "ListTagsForResource", "TagResource", "UntagResource")
def tags_of_a_target(call: Call) -> dict[str, Any]:
    """Tags of one target, by its ARN."""
    arn = call.params["ResourceARN"]
    targets = [one for places in moto_state.scaling(call.region).targets.values() for one in places.values()]
    found = [target for target in targets if target.arn == arn]
    if not found:
        raise Refused("ResourceNotFoundException", f"The scalable target {arn} does not exist.")
    tags = found[0].sandbox_tags
    if call.operation == "ListTagsForResource":
        return {"Tags": dict(tags)}
    tags.update(call.params.get("Tags") or {})
    for key in call.params.get("TagKeys", ()):
        tags.pop(key, None)
    return {}


@handles("application-autoscaling", "DescribeScalingActivities")
def describe_scaling_activities(_call: Call) -> dict[str, Any]:
    """None: load does not change here, so nothing scales."""
    return {"ScalingActivities": []}


@before("application-autoscaling", "DeregisterScalableTarget", "PutScalingPolicy")
def _target_exists(call: Call) -> None:
    if _target(call) is None:
        raise Refused("ObjectNotFoundException", f"No scalable target found for {_words(call)}")


@before("application-autoscaling", "DeleteScalingPolicy")
def _policy_exists(call: Call) -> None:
    name = call.params["PolicyName"]
    if not any(_place(policy) == _wanted(call) and policy.policy_name == name for policy in _policies(call)):
        raise Refused("ObjectNotFoundException", f"No scaling policy found for {_words(call)}, policy name: {name}")


@handles("application-autoscaling", "PutScalingPolicy")
def put_scaling_policy(call: Call) -> dict[str, Any]:
    """The alarms of the rule that is replaced go away."""
    name = call.params["PolicyName"]
    for policy in _policies(call):
        if _place(policy) == _wanted(call) and policy.policy_name == name:
            policy.delete_alarms(call.account, call.region)
    return call.moto()


@handles("application-autoscaling", "DeregisterScalableTarget")
def deregister_scalable_target(call: Call) -> dict[str, Any]:
    """The policies of the target go with it, and their alarms."""
    answer = call.moto()
    for policy in _policies(call):
        if _place(policy) == _wanted(call):
            moto_state.scaling(call.region).delete_scaling_policy(policy.policy_name, *_wanted(call))
    return answer


def _policies(call: Call) -> list[Any]:
    return list(moto_state.scaling(call.region).policies.values())


def _target(call: Call) -> Any:
    return (
        moto_state.scaling(call.region).targets.get(call.params["ScalableDimension"], {}).get(call.params["ResourceId"])
    )


def _wanted(call: Call) -> tuple[str, str, str]:
    return (call.params["ServiceNamespace"], call.params["ResourceId"], call.params["ScalableDimension"])


def _place(policy: Any) -> tuple[str, str, str]:
    return (policy.service_namespace, policy.resource_id, policy.scalable_dimension)


def _words(call: Call) -> str:
    namespace, resource, dimension = _wanted(call)
    return f"service namespace: {namespace}, resource ID: {resource}, scalable dimension: {dimension}"

"""IAM and STS: who asks, the roles that AWS has for itself, AWS's own policies, and what holds a policy or a role."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import ACCOUNT, on_reset

CALLER = f"arn:aws:iam::{ACCOUNT}:user/sandbox"
SERVICE_LINKED = {
    "apprunner.amazonaws.com": "AWSServiceRoleForAppRunner",
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
    "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "mq.amazonaws.com": "AWSServiceRoleForAmazonMQ",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
}
SERVICE_LINKED_PATH = "/aws-service-role/"
_AWS_POLICY = ":iam::aws:policy/"


@handles("sts", "GetCallerIdentity")
def get_caller_identity(call: Call) -> dict[str, Any]:
    """Everyone here is the sandbox's user."""
    return {"UserId": "AIDASANDBOXUSER000000", "Account": call.account, "Arn": CALLER}


@handles("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """The sandbox's user is its administrator; what a role may do, the sandbox does not work out."""
    if call.params["PolicySourceArn"] != CALLER:
        raise Refused("SandboxNotBuilt", "The sandbox simulates the policies of its own user only.", 501)
    resources = call.params.get("ResourceArns", ["*"])
    results = [
        {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": "allowed"}
        for action in call.params["ActionNames"]
        for resource in resources
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


@before("iam", "AttachRolePolicy", "GetPolicy", "GetPolicyVersion", "ListPolicyVersions", "PutRolePermissionsBoundary")
def _load_aws_policy(call: Call) -> None:
    """Make one of AWS's own policies known when it is first asked for; reading all of them takes a second."""
    arn = call.params.get("PolicyArn") or call.params.get("PermissionsBoundary", "")
    store = moto_state.iam()
    if _AWS_POLICY not in arn or arn in store.managed_policies:
        return
    name = arn.rpartition("/")[2]
    start = aws_managed_policies_data.find(f'\n "{name}":{{')
    if start < 0:
        return
    data, _ = json.JSONDecoder().raw_decode(aws_managed_policies_data, aws_managed_policies_data.index("{", start))
    policy = AWSManagedPolicy.from_data(name, ACCOUNT, "us-east-1", data)
    if policy.arn == arn:
        store.managed_policies[arn] = policy
        store.aws_managed_policies.append(policy)


@before("iam", "CreateRole", "UpdateAssumeRolePolicy")
def _trust_policy_is_sound(call: Call) -> None:
    text = call.params.get("AssumeRolePolicyDocument") or call.params.get("PolicyDocument", "")
    try:
        statements = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("MalformedPolicyDocument", "This policy contains invalid Json") from error
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        if principal is None:
            raise Refused("MalformedPolicyDocument", "Missing required field Principal")
        if "Resource" in statement:
            raise Refused("MalformedPolicyDocument", "Has prohibited field Resource")
        for arn in _named_principals(principal):
            _principal_exists(arn)


def _named_principals(principal: Any) -> list[str]:
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    return [named] if isinstance(named, str) else list(named)


def _principal_exists(arn: str) -> None:
    if f":iam::{ACCOUNT}:role/" not in arn:
        return
    if not any(role.arn == arn for role in moto_state.iam().roles.values()):
        raise Refused("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{arn}"')


@before("iam", "DeletePolicy")
def _policy_is_free(call: Call) -> None:
    policy = moto_state.iam().managed_policies.get(call.params["PolicyArn"])
    if policy is None:
        return
    if policy.attachment_count:
        raise Refused("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    if len(policy.versions) > 1:
        raise Refused(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy.",
            409,
        )


@before("iam", "DeleteRole", "AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy")
def _service_linked_roles_are_out_of_reach(call: Call) -> None:
    for role in moto_state.iam().roles.values():
        if role.name == call.params["RoleName"] and role.path.startswith(SERVICE_LINKED_PATH):
            raise Refused(
                "UnmodifiableEntity",
                f"Cannot perform the operation on the protected role '{role.name}' - "
                "this role is only modifiable by AWS",
            )


@handles("iam", "CreateServiceLinkedRole")
def create_service_linked_role(call: Call) -> dict[str, Any]:
    """There is one for each service; most are here from the start."""
    service, suffix = call.params["AWSServiceName"], call.params.get("CustomSuffix")
    name = SERVICE_LINKED.get(service)
    if name is None:
        raise Refused("InvalidInput", f"Service name {service} has no service-linked role in the sandbox.")
    if suffix:
        raise Refused("InvalidInput", f"Custom suffix is not allowed for {service}")
    if any(role.name == name for role in moto_state.iam().roles.values()):
        raise Refused(
            "InvalidInput",
            f"Service role name {name} has been taken in this account, please try a different suffix.",
        )
    role = _make_service_linked_role(service, name, call.params.get("Description", ""))
    return {
        "Role": {
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": role.id,
            "Arn": role.arn,
            "CreateDate": call.clock.now(),
            "AssumeRolePolicyDocument": role.assume_role_policy_document,
        }
    }


def _make_service_linked_role(service: str, name: str, description: str) -> Any:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
    }
    return moto_state.iam().create_role(
        name,
        json.dumps(trust),
        f"{SERVICE_LINKED_PATH}{service}/",
        permissions_boundary=None,
        description=description,
        tags=[],
        max_session_duration="3600",
        linked_service=service,
    )


@on_reset
def _seed() -> None:
    for service, name in SERVICE_LINKED.items():
        _make_service_linked_role(service, name, "")

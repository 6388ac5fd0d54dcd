"""What ECS sees of the sandbox's other services, in moto: roles, secrets, logs, networks, target groups, alarms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import FakeAction, FakeTargetGroup, elbv2_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

TASKS_PRINCIPAL = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True)
class Neighbours:
    """The other services of one account and region."""

    account: str
    region: str

    def role_exists(self, role: str) -> bool:
        """Whether a role, given by name or ARN, exists."""
        return self._role(role) is not None

    def role_trusts_tasks(self, role: str) -> bool:
        """Whether ECS tasks may assume the role."""
        found = self._role(role)
        if found is None:
            return False
        for statement in _listed(json.loads(found.assume_role_policy_document).get("Statement", [])):
            principal = statement.get("Principal", {})
            services = _listed(principal.get("Service", []) if isinstance(principal, dict) else principal)
            if statement.get("Effect") == "Allow" and (TASKS_PRINCIPAL in services or "*" in services):
                return True
        return False

    def _role(self, role: str) -> Any:
        roles = iam_backends[self.account]["aws"].roles.values()
        return next((found for found in roles if role in (found.name, found.arn)), None)

    def secret_problem(self, value_from: str) -> str | None:
        """Why a container's secret cannot be read, in the words of the stopped task; None when it can."""
        if ":secretsmanager:" in value_from:
            return self._secrets_manager_problem(value_from)
        name = value_from.partition(":parameter")[2] or value_from
        parameters = ssm_backends[self.account][self.region]
        if parameters.get_parameter(name) or parameters.get_parameter(name.lstrip("/")):
            return None
        return (
            "unable to retrieve secrets from ssm: service call has been retried 1 time(s): "
            f"unable to get SSM parameters, invalid parameters: {name}"
        )

    def _secrets_manager_problem(self, value_from: str) -> str | None:
        parts = value_from.split(":")
        arn, key = ":".join(parts[:7]), parts[7] if len(parts) > 7 else ""
        secret = secretsmanager_backends[self.account][self.region].secrets.get(arn)
        retrieving = "unable to retrieve secret from asm: service call has been retried 1 time(s):"
        fetching = f"{retrieving} failed to fetch secret {arn} from secrets manager:"
        if secret is None:
            return f"{fetching} ResourceNotFoundException: Secrets Manager can't find the specified secret."
        if secret.is_deleted():
            return (
                f"{fetching} InvalidRequestException: You can't perform this operation on the secret "
                "because it was marked for deletion."
            )
        current = next((v for v in secret.versions.values() if "AWSCURRENT" in v.get("version_stages", [])), None)
        if current is None:
            return (
                f"{fetching} ResourceNotFoundException: Secrets Manager can't find the specified secret value "
                "for staging label: AWSCURRENT"
            )
        if key and key not in _json_keys(current.get("secret_string")):
            return f"{retrieving} retrieved secret from Secrets Manager did not contain json key {key}"
        return None

    def log_group_exists(self, group: str) -> bool:
        """Whether a log group exists in this region."""
        return group in logs_backends[self.account][self.region].groups

    def create_log_group(self, group: str) -> None:
        """Make a log group, as `awslogs-create-group` asks."""
        if not self.log_group_exists(group):
            logs_backends[self.account][self.region].create_log_group(group, {})

    def write_log(self, group: str, stream: str, lines: tuple[str, ...], at: datetime) -> None:
        """Append lines to a log stream; without their group they are lost, as with the awslogs driver."""
        logs = logs_backends[self.account][self.region]
        if group not in logs.groups:
            return
        if stream not in logs.groups[group].streams:
            logs.create_log_stream(group, stream)
        stamp = int(at.timestamp() * 1000)
        logs.put_log_events(group, stream, [{"timestamp": stamp, "message": line} for line in lines])

    def subnet(self, subnet_id: str) -> Any:
        """Moto's subnet, or None."""
        zones = ec2_backends[self.account][self.region].subnets.values()
        return next((zone[subnet_id] for zone in zones if subnet_id in zone), None)

    def security_group(self, group_id: str) -> Any:
        """Moto's security group, or None."""
        groups = ec2_backends[self.account][self.region].groups.values()
        return next((group[group_id] for group in groups if group_id in group), None)

    def default_security_group(self, vpc_id: str) -> str:
        """The id of the default security group of a VPC."""
        groups = ec2_backends[self.account][self.region].groups.get(vpc_id, {})
        return next((group.id for group in groups.values() if group.name == "default"), "")

    def addresses_in_use(self, subnet_id: str) -> set[str]:
        """The private addresses that moto has given out in a subnet."""
        interfaces = ec2_backends[self.account][self.region].enis.values()
        return {str(eni.private_ip_address) for eni in interfaces if eni.subnet.id == subnet_id}

    def target_group(self, arn: str) -> FakeTargetGroup | None:
        """Moto's target group, or None."""
        return elbv2_backends[self.account][self.region].target_groups.get(arn)

    def on_a_listener(self, target_group: str) -> bool:
        """Whether a rule of some listener forwards to the target group."""
        return elbv2_backends[self.account][self.region]._any_listener_using(target_group)

    def listener_rule(self, arn: str) -> Any:
        """Moto's listener rule, or None."""
        balancers = elbv2_backends[self.account][self.region].load_balancers.values()
        listeners = (listener for balancer in balancers for listener in balancer.listeners.values())
        return next((rule for listener in listeners for rule in listener.rules.values() if rule.arn == arn), None)

    def forward(self, rule: str, weights: dict[str, int]) -> None:
        """Let a listener rule, if it is still there, forward to target groups by weight."""
        found = self.listener_rule(rule)
        if found is not None:
            shares = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights.items()]
            found.actions[:] = [FakeAction({"Type": "forward", "ForwardConfig": {"TargetGroups": shares}})]

    def alarms_ringing(self, names: list[str]) -> list[str]:
        """Those of the alarms that are in ALARM."""
        alarms = cloudwatch_backends[self.account][self.region].alarms
        return [name for name in names if name in alarms and alarms[name].state_value == "ALARM"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _json_keys(text: str | None) -> set[str]:
    try:
        document = json.loads(text or "")
    except ValueError:
        return set()
    return set(document) if isinstance(document, dict) else set()

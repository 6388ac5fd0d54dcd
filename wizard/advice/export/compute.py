"""What runs containers in CloudFormation's words: ECS, its scaling, images, Express Mode, App Runner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.advice.export.form import Asked, Note, One, Part, Piece, Shape, att, capitalised, ref
from wizard.kinds import _app_runner, _express, _scaling, _service
from wizard.kinds.scaling_policy import COOLDOWNS, METRICS

PROVIDERS = ("FARGATE", "FARGATE_SPOT")
OWN_WORDS = frozenset({"options", "dockerLabels", "driverOpts"})
"""What lies under these names in a container is somebody's own."""
OWN_ADDRESS = (
    "{names}: the service's own address, which CloudFormation cannot give to the service itself. "
    "Set them after the first deployment, or name a domain of your own."
)


def _cluster(one: One) -> Iterable[Part]:
    insights = "enabled" if one.raw("container_insights") else "disabled"
    yield Piece(
        "AWS::ECS::Cluster",
        {
            "ClusterName": one("name"),
            "ClusterSettings": [{"Name": "containerInsights", "Value": insights}],
            "CapacityProviders": list(PROVIDERS if one.raw("spot") else PROVIDERS[:1]),
        },
    )


def _service_of(one: One) -> Iterable[Part]:
    asked = capitalised(_service.settings(one.said, frozenset(one.said)))
    spot = one.raw("spot")
    yield Piece(
        "AWS::ECS::Service",
        {
            "ServiceName": one("name"),
            "Cluster": one("cluster"),
            **(capitalised(_service.capacity(spot=True)) if spot else {"LaunchType": "FARGATE"}),
            "DesiredCount": one("start_count", 1),
            **asked,
            "EnableECSManagedTags": True,
            "PropagateTags": "SERVICE",
        },
    )


def _task_definition(one: One) -> Iterable[Part]:
    architecture = one("architecture", "X86_64")
    yield Piece(
        "AWS::ECS::TaskDefinition",
        {
            "Family": one("family"),
            "Cpu": str(one("cpu")),
            "Memory": str(one("memory")),
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "RuntimePlatform": {"CpuArchitecture": architecture, "OperatingSystemFamily": "LINUX"},
            "ExecutionRoleArn": one("execution_role"),
            "TaskRoleArn": one("task_role"),
            "ContainerDefinitions": capitalised(one("containers"), OWN_WORDS),
            "Volumes": capitalised(one("volumes", ())) or None,
        },
    )


def _migration(one: One) -> Iterable[Part]:
    yield Note(
        "CloudFormation runs no task. Before each release run it yourself (aws ecs run-task) with the new revision of "
        f"{', '.join(each.address for each in one.parents(one.raw('task_definition')))} and the command "
        f"{' '.join(map(str, one.raw('command') or ()))}; let the release wait until it ends with 0."
    )


def _scalable_target(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "ServiceNamespace": _scaling.NAMESPACE,
            "ScalableDimension": _scaling.DIMENSION,
            "ResourceId": one("service"),
            "MinCapacity": one("min"),
            "MaxCapacity": one("max"),
        },
    )


def _scaling_policy(one: One) -> Iterable[Part]:
    targets = [each for each in one.parents(one.raw("service")) if each.kind == "scalable_target"]
    resource = one.values.of(targets[0].properties["service"]) if targets else one("service")
    rule = {
        "TargetValue": one("target"),
        "PredefinedMetricSpecification": {"PredefinedMetricType": METRICS[one.raw("metric")]},
        **{COOLDOWNS[key]: seconds for key, seconds in one("cooldowns", {}).items()},
    }
    yield Piece(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "PolicyName": one("name"),
            "PolicyType": "TargetTrackingScaling",
            "ServiceNamespace": _scaling.NAMESPACE,
            "ScalableDimension": _scaling.DIMENSION,
            "ResourceId": resource,
            "TargetTrackingScalingPolicyConfiguration": rule,
        },
        after=tuple(one.values.id(each.address) for each in targets),
    )


def _repository(one: One) -> Iterable[Part]:
    key = one("encryption")
    own = {"EncryptionType": "KMS", "KmsKey": key}
    yield Piece(
        "AWS::ECR::Repository",
        {
            "RepositoryName": one("name"),
            "ImageScanningConfiguration": {"ScanOnPush": bool(one.raw("scan_on_push"))},
            "ImageTagMutability": "IMMUTABLE" if one.raw("immutable_tags") else "MUTABLE",
            "EncryptionConfiguration": {"EncryptionType": "AES256"} if key in (None, "aes256") else own,
        },
        kept="Retain",
    )
    yield Note(
        "Every environment of the application uses this repository: where another stack has made it, take it from here."
    )


def _image(one: One) -> Iterable[Part]:
    yield Asked(
        "String",
        f"The tag of the image {one.resource.name}. Push it once its repository exists: until then no task starts",
        default=str(one.raw("tag")),
    )


def _image_uri(one: One) -> Any:
    return one.values.text("{repository}:{tag}", repository=one("repository_uri"), tag=ref(one.id))


def _express_service(one: One) -> Iterable[Part]:
    known = {**one.said, "environment_with_url": {}}
    asked = capitalised(_express.settings(_as_text(known), frozenset(known) - {"architecture"}, ""))
    yield Piece(
        "AWS::ECS::ExpressGatewayService",
        {
            "ServiceName": one("name"),
            "Cluster": one("cluster"),
            "InfrastructureRoleArn": one("infrastructure_role"),
            **asked,
            "ExecutionRoleArn": one("execution_role"),
            "TaskRoleArn": one("task_role"),
        },
    )
    yield from _own_address(one)
    if one.raw("architecture") == "ARM64":
        yield Note("CloudFormation cannot choose ARM64 for Express Mode: the tasks run on x86.")


def _as_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the roles, which the API's form would turn to plain text."""
    return {name: value for name, value in values.items() if name not in ("execution_role", "task_role")}


def _own_address(one: One) -> Iterable[Part]:
    names = one.raw("environment_with_url") or {}
    if names:
        yield Note(OWN_ADDRESS.format(names=", ".join(sorted(names))))


def _app_runner_service(one: One) -> Iterable[Part]:
    instance = {theirs: one(ours) for ours, theirs in _app_runner.INSTANCE.items()}
    health = one("health")
    yield Piece(
        "AWS::AppRunner::Service",
        {
            "ServiceName": one("name"),
            "SourceConfiguration": _app_runner_source(one),
            "InstanceConfiguration": {
                name: value if name.endswith("Arn") else str(value)
                for name, value in instance.items()
                if value is not None
            },
            "HealthCheckConfiguration": health and _app_runner_health(health),
            "AutoScalingConfigurationArn": one("scaling"),
        },
    )
    yield from _own_address(one)
    if one.raw("running") is False:
        yield Note("CloudFormation cannot pause a service: this one runs until somebody pauses it.")


def _app_runner_health(health: Mapping[str, Any]) -> dict[str, Any]:
    counts = {theirs: health.get(ours) for ours, theirs in _app_runner.HEALTH.items()}
    return {"Protocol": "HTTP", "Path": health["path"], **counts}


def _app_runner_source(one: One) -> dict[str, Any]:
    public = str(one.raw("image")).startswith("public.ecr.aws/")
    port, role = one("port"), one("access_role")
    return {
        "ImageRepository": {
            "ImageIdentifier": one("image"),
            "ImageRepositoryType": "ECR_PUBLIC" if public else "ECR",
            "ImageConfiguration": {
                "Port": None if port is None else str(port),
                "StartCommand": one("command") or None,
                "RuntimeEnvironmentVariables": _pairs(one("environment", {})),
                "RuntimeEnvironmentSecrets": _pairs(one("secrets", {})),
            },
        },
        "AutoDeploymentsEnabled": bool(one.raw("auto_deploy")),
        "AuthenticationConfiguration": {"AccessRoleArn": role} if role else None,
    }


def _pairs(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": value} for name, value in sorted(values.items())]


def _app_runner_scaling(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::AppRunner::AutoScalingConfiguration",
        {
            "AutoScalingConfigurationName": one("name"),
            "MaxConcurrency": one("concurrency"),
            "MinSize": one("min"),
            "MaxSize": one("max"),
        },
    )


SHAPES: Mapping[str, Shape] = {
    "cluster": Shape(_cluster, {"id": "", "name": "", "arn": "Arn"}),
    "service": Shape(_service_of, {"id": "", "arn": "", "name": "Name"}),
    "task_definition": Shape(_task_definition, {"id": "", "arn": ""}),
    "migration": Shape(_migration, {}),
    "scalable_target": Shape(_scalable_target, {"id": lambda one: one("service")}),
    "scaling_policy": Shape(_scaling_policy, {"arn": ""}),
    "repository": Shape(_repository, {"id": "", "name": "", "arn": "Arn", "uri": "RepositoryUri"}),
    "image": Shape(_image, {"uri": _image_uri}),
    "express_service": Shape(
        _express_service,
        {
            "id": "",
            "arn": "",
            "name": lambda one: one("name"),
            "url": lambda one: one.values.text("https://{host}", host=att(one.id, "Endpoint")),
        },
    ),
    "app_runner_service": Shape(
        _app_runner_service,
        {
            "id": "",
            "arn": "",
            "name": lambda one: one("name"),
            "url": lambda one: one.values.text("https://{host}", host=att(one.id, "ServiceUrl")),
        },
    ),
    "app_runner_scaling": Shape(_app_runner_scaling, {"id": "", "arn": ""}),
}

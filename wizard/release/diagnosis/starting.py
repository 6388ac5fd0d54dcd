"""Causes that keep a task from starting. ECS stops it with TaskFailedToStart and says why."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, says

SECRET = r"(?P<secret>arn:aws[\w-]*:(?:secretsmanager|ssm):[^\s'\",]+)"

RULES: tuple[Rule, ...] = (
    Rule(
        "wrong architecture",
        says(
            r"does not contain descriptor matching platform '?(?P<platform>[\w/]+)",
            r"no match(?:ing manifest)? for (?:platform in manifest|(?P<platform>[\w/]+))",
            r"exec format error",
        ),
        "the image {image} is built for another processor architecture",
        "docker buildx build --platform linux/amd64 --tag {target} --push .   (linux/arm64 for ARM64 tasks)",
        final=True,
    ),
    Rule(
        "image access denied",
        says(
            r"CannotPull.*(?:403 Forbidden|AccessDenied|not authorized|no basic auth|denied:)",
            r"not authorized to perform: ecr:",
        ),
        "the image {image} may not be pulled: the execution role or the registry login lacks the permission",
        final=True,
    ),
    Rule(
        "image not found",
        says(r"CannotPull.*(?:not found|manifest unknown|does not exist|404)", r"CannotPullImageManifestError"),
        "the image {image} does not exist",
        "docker push {target}",
        final=True,
    ),
    Rule(
        "registry not reachable",
        says(r"CannotPull.*(?:i/o timeout|context deadline|dial tcp|no such host|connection refused|request canceled)"),
        "the registry of {image} cannot be reached from the task's subnets (NAT gateway or endpoints missing?)",
    ),
    Rule("image pull failed", says(r"CannotPull\w*Error"), "the image {image} cannot be pulled"),
    Rule(
        "secret missing",
        says(
            rf"(?:secret|parameter).*{SECRET}.*(?:ResourceNotFound|can't find|not found)",
            rf"(?:ResourceNotFound|can't find|ParameterNotFound|invalid parameters).*{SECRET}",
            r"Secrets Manager can't find the specified secret(?P<secret>)",
            r"invalid ssm parameters: (?P<secret>\S+)",
            r"retrieved secret.* did not contain json key (?P<secret>\S+)",
        ),
        "a secret that the task needs is missing: {secret}",
        "aws secretsmanager list-secrets --include-planned-deletion --query SecretList[].[Name,DeletedDate]",
        final=True,
    ),
    Rule(
        "secret access denied",
        says(rf"(?:secret|ssm|kms).*(?:AccessDenied|not authorized).*?{SECRET}", r"(?:secret).*(?:AccessDenied)"),
        "the execution role may not read a secret: {secret}",
        final=True,
    ),
    Rule(
        "log group missing",
        says(
            r"log group (?P<log_group>\S+) does not exist",
            r"(?:Cloudwatch log|logger|awslogs).*(?:ResourceNotFoundException|log group does not exist)",
        ),
        "the log group that the task writes to does not exist",
        "aws logs create-log-group --log-group-name LOG_GROUP   (or run the same replay again)",
        final=True,
    ),
    Rule(
        "role not assumable",
        says(r"unable to assume the role '?(?P<role>arn:[^\s']+)"),
        "ECS may not assume the role {role}: it is missing, or its trust policy does not name ecs-tasks.amazonaws.com",
        "aws iam get-role --role-name ROLE   ({role})",
        final=True,
    ),
)

"""Causes that App Runner and Express Mode name in their own words."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, runner_says

LOG = "aws logs tail /aws/apprunner/SERVICE/ID/service --since 30m"
EXPRESS = "aws ecs describe-express-gateway-service --service-arn SERVICE_ARN"

RULES: tuple[Rule, ...] = (
    Rule(
        "App Runner is closed to new customers",
        runner_says(r"App Runner is no longer open to new customers", r"App Runner.*(?:closed|not available) to new"),
        "AWS closed App Runner to accounts that did not use it before 30 April 2026",
        "pilotage new FILE   (choose ECS Express Mode or ECS Fargate)",
        final=True,
    ),
    Rule(
        "App Runner cannot read the secret",
        runner_says(r"Failed to (?:fetch|retrieve|get) secrets? ?(?:for (?P<name>\w+))?", r"instance role.*secret"),
        "App Runner cannot hand over a secret: it is missing, or the instance role may not read it",
        "aws secretsmanager list-secrets --include-planned-deletion --query SecretList[].[Name,DeletedDate]",
        final=True,
    ),
    Rule(
        "App Runner role not usable yet",
        runner_says(
            r"(?:Invalid Access Role|access role|AuthenticationConfiguration).*(?:invalid|trust|assum|permission|not)",
            r"(?:unable|failed|cannot) to? ?assume.*(?:apprunner|instance role|access role)",
            r"Error in assuming (?:access|instance) role",
        ),
        "App Runner may not assume its role yet: the role is new (wait a minute) or does not trust it",
        "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
    ),
    Rule(
        "App Runner cannot pull the image",
        runner_says(
            r"Failed to (?:pull|copy)\w* (?:your|the) (?:application )?image",
            r"(?:pull|copy).*image.*ECR.*(?:fail|error|denied)",
        ),
        "App Runner cannot pull the image: it is missing, for another architecture, or the access role lacks ECR",
        LOG,
        final=True,
    ),
    Rule(
        "Express role not usable",
        runner_says(
            r"infrastructure role.*(?:assume|trust|permission|not)", r"ecsInfrastructureRole\w*.*(?:assum|not)"
        ),
        "Express Mode may not use its infrastructure role: it is missing, new, or lacks the managed policy",
        "aws iam get-role --role-name ecsInfrastructureRoleForExpressServices --query Role.AssumeRolePolicyDocument",
    ),
    Rule(
        "Express has no network",
        runner_says(r"default VPC.*(?:not|no|missing|does)", r"no default (?:VPC|subnets?)", r"at least two.*subnets"),
        "Express Mode needs the default VPC or at least two subnets in two zones, and finds none",
        "aws ec2 create-default-vpc   (or name subnets in the blueprint)",
        final=True,
    ),
    Rule(
        "Express balancer is full",
        runner_says(r"(?:maximum|limit).*(?:25|Express).*(?:services|load balancer|rules)"),
        "the load balancers that Express Mode shares among services have no room for another rule",
        EXPRESS,
        final=True,
    ),
)
LESS_TELLING: tuple[Rule, ...] = (
    Rule(
        "App Runner health check fails",
        runner_says(r"Health check (?:failed|is failing|did not)", r"failed to pass (?:the )?health check"),
        "the application does not answer App Runner's health check: wrong port or path, or it listens on 127.0.0.1",
        "aws apprunner describe-service --service-arn SERVICE_ARN "
        "--query Service.[HealthCheckConfiguration,SourceConfiguration.ImageRepository.ImageConfiguration.Port]",
        final=True,
    ),
    Rule(
        "App Runner container ended",
        runner_says(
            r"application (?:stopped|failed to start|exited)(?:.*exit code:? (?P<code>\d+))?",
            r"Container exit code:? (?P<code>\d+)",
        ),
        "the application ended by itself under App Runner (exit code {code})",
        "aws logs tail /aws/apprunner/SERVICE/ID/application --since 30m",
        final=True,
    ),
    Rule(
        "App Runner build failed",
        runner_says(r"Failed to build your application", r"build (?:command )?failed"),
        "App Runner could not build the application from its source",
        LOG,
        final=True,
    ),
)
"""What the application's own log, where there is one, tells better."""

"""Causes that keep a task from getting its secrets, roles, environment files and log streams."""

from __future__ import annotations

from wizard.release.diagnosis.pulling import UNREACHABLE
from wizard.release.diagnosis.rule import Rule, event_says, says

SECRET = r"(?P<secret>arn:aws[\w-]*:(?:secretsmanager|ssm):[^\s'\",]*[^\s'\",.:])"
STORE = r"(?:from asm|from ssm|secrets? manager|secretsmanager|ssm|systems manager)"
CALLED_OFF = r"(?:AccessDenied|not authorized|forbidden)"

RULES: tuple[Rule, ...] = (
    Rule(
        "secret's key denied",
        says(
            rf"(?:kms:\w+|Access to KMS is not allowed).*{CALLED_OFF}",
            rf"{CALLED_OFF}.*(?:kms:\w+|KMS)",
            r"Access to KMS is not allowed",
            r"KMS.*(?:DisabledException|is disabled|pending deletion|KMSInvalidState)",
        ),
        "a secret cannot be decrypted: the execution role may not use its KMS key, or the key is disabled",
        "aws kms describe-key --key-id KEY --query KeyMetadata.[KeyState,Enabled]",
        final=True,
    ),
    Rule(
        "secret scheduled for deletion",
        says(rf"(?:{SECRET}.*)?marked for deletion"),
        "a secret that the task needs is scheduled for deletion: {secret}",
        "aws secretsmanager restore-secret --secret-id {secret}",
        final=True,
    ),
    Rule(
        "secret without that key",
        says(
            r"did not contain json key (?P<key>[\w.-]+)",
            r"retrieved secret.*(?:invalid character|not (?:a )?valid json|unmarshal)",
        ),
        "a secret is there, but lacks the JSON key {key} that the task definition names",
        "aws secretsmanager put-secret-value --secret-id SECRET --secret-string file://SECRET.json",
        final=True,
    ),
    Rule(
        "secret has no value",
        says(rf"(?:{SECRET}.*)?(?:for staging label|specified secret value|version.*not found).*"),
        "a secret that the task needs has no current value: {secret}",
        "pilotage replay FILE --env ENV   (it asks for the value), or aws secretsmanager put-secret-value",
        final=True,
    ),
    Rule(
        "secret missing",
        says(
            rf"(?:secret|parameter).*{SECRET}.*(?:ResourceNotFound|can't find|not found)",
            rf"(?:ResourceNotFound|can't find|ParameterNotFound|invalid parameters).*{SECRET}",
            r"Secrets Manager can't find the specified secret",
            r"invalid (?:ssm )?parameters: (?P<secret>[^\s\]]+)",
        ),
        "a secret that the task needs is missing: {secret}",
        "aws secretsmanager list-secrets --include-planned-deletion --query SecretList[].[Name,DeletedDate]",
        final=True,
    ),
    Rule(
        "secret reference malformed",
        says(
            r"(?:unexpected|invalid) ARN format",
            r"invalid arn|arn: (?:invalid|not enough)",
            r"ValidationException.*(?:secret|parameter)",
        ),
        "the task definition names a secret in a form that ECS cannot read",
        "aws ecs describe-task-definition --task-definition FAMILY "
        "--query taskDefinition.containerDefinitions[].secrets",
        final=True,
    ),
    Rule(
        "secret access denied",
        says(
            rf"(?:secret|ssm|asm).*{CALLED_OFF}.*?(?:secretsmanager:|ssm:).*?{SECRET}",
            rf"(?:secretsmanager:Get|ssm:GetParam).*?(?:{SECRET}|$)",
            rf"{STORE}(?!.*log).*{CALLED_OFF}",
        ),
        "the execution role may not read a secret: {secret}",
        "aws iam list-role-policies --role-name EXECUTION_ROLE   (secretsmanager:GetSecretValue must be allowed)",
        final=True,
    ),
    Rule(
        "secrets throttled",
        says(rf"(?:{STORE}|kms).*(?:ThrottlingException|Rate exceeded|TooManyUpdates)"),
        "AWS limits how often secrets may be read, and too many tasks start at once; it is tried again",
    ),
    Rule(
        "secrets not reachable",
        says(rf"{STORE}.*{UNREACHABLE}"),
        "Secrets Manager or Parameter Store cannot be reached from the task's subnets: no NAT gateway, public address "
        "or endpoint",
        "aws ec2 describe-vpc-endpoints --query VpcEndpoints[].[ServiceName,State,VpcId]",
    ),
    Rule(
        "log group missing",
        says(
            r"log group (?P<log_group>\S+) does not exist",
            r"(?:Cloudwatch log|logger|awslogs).*(?:ResourceNotFoundException|log group does not exist)",
        ),
        "the log group that the task writes to does not exist",
        "aws logs create-log-group --log-group-name {log_group}   (or run the same replay again)",
        final=True,
    ),
    Rule(
        "log access denied",
        says(
            r"(?:Cloudwatch log|logger|awslogs|logging driver).*(?:AccessDenied|not authorized|NoCredentialProviders)",
            r"not authorized to perform: logs:(?P<action>\w+)",
        ),
        "the execution role may not write logs",
        "aws iam list-attached-role-policies --role-name EXECUTION_ROLE   (AmazonECSTaskExecutionRolePolicy allows it)",
        final=True,
    ),
    Rule(
        "logs not reachable",
        says(rf"(?:Cloudwatch log|logger args|awslogs|logging driver|logs\.[\w-]+\.amazonaws).*{UNREACHABLE}"),
        "CloudWatch Logs cannot be reached from the task's subnets: no NAT gateway, public address or endpoint",
        "aws ec2 describe-vpc-endpoints --query VpcEndpoints[].[ServiceName,State,VpcId]",
    ),
    Rule(
        "log driver fails",
        says(r"(?:initialize logging driver|validate logger args|log-opt|firelens|log driver)"),
        "the container cannot start because its log driver cannot",
        "aws ecs describe-task-definition --task-definition FAMILY "
        "--query taskDefinition.containerDefinitions[].logConfiguration",
        final=True,
    ),
    Rule(
        "environment file not readable",
        says(r"(?:env files?|environment files?).*(?:download|AccessDenied|NotFound|not found|403|404)"),
        "the environment file of the task cannot be read from S3: it is missing, or the execution role may not read it",
        "aws s3api head-object --bucket BUCKET --key KEY",
        final=True,
    ),
    Rule(
        "role not assumable",
        event_says(
            r"unable to assume (?:the )?role '?(?P<role>arn:[^\s'\"]+)",
            r"unable to assume (?:the )?(?:task |execution )?role",
            r"(?:NoCredentialProviders|sts:AssumeRole).*(?:task|role)",
        ),
        "ECS may not assume the role {role}: it is missing, or its trust policy does not name ecs-tasks.amazonaws.com",
        "aws iam get-role --role-name ROLE   ({role})",
        final=True,
    ),
)

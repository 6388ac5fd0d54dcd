"""Examines one App Runner service: its status, its last operation, and the ends of its two logs."""

from __future__ import annotations

import re

from wizard.engine.kind import Calls
from wizard.errors import AwsError
from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.rule import Diagnosis
from wizard.release.diagnosis.symptoms import Symptoms
from wizard.release.last_words import newest_lines

WELL = ("SUCCEEDED", "PENDING", "IN_PROGRESS")
EXIT_CODE = re.compile(r"exit code:? (\d+)", re.IGNORECASE)
IAM_ACTIONS = (
    "apprunner:DescribeService",
    "apprunner:ListOperations",
    "logs:DescribeLogStreams",
    "logs:GetLogEvents",
)


def examine_app_runner(aws: Calls, service_arn: str) -> Diagnosis:
    """What is wrong with an App Runner service; `normal` when its last operation went well. At most six reads.

    Raises `AwsError` when DescribeService is refused.
    """
    service = aws.read("apprunner", "describe_service", ServiceArn=service_arn)["Service"]
    try:
        listed = aws.read("apprunner", "list_operations", ServiceArn=service_arn, MaxResults=1)["OperationSummaryList"]
    except AwsError:
        listed = []
    operation = listed[0]["Status"] if listed else ""
    name, unique = service_arn.split("/")[-2:]
    if service["Status"] in ("RUNNING", "OPERATION_IN_PROGRESS") and operation in ("", *WELL):
        nothing = diagnose(Symptoms(service=name))
        return Diagnosis("nothing wrong", f"{name} is well", "", nothing.safe, nothing.command, normal=True)
    group = f"/aws/apprunner/{name}/{unique}"
    words = " ".join(newest_lines(aws, f"{group}/service"))
    code = EXIT_CODE.search(words)
    symptoms = Symptoms(
        service=name,
        runner=words or f"the last operation ended as {operation or service['Status']}",
        exit_code=int(code[1]) if code else None,
        log_lines=newest_lines(aws, f"{group}/application"),
        older_serving=service["Status"] == "RUNNING",
    )
    return diagnose(symptoms)

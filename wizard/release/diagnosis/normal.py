"""What stops a task although nothing failed: a person, a deployment, scaling in, AWS's own maintenance."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Details, Rule, any_of, says
from wizard.release.diagnosis.symptoms import Symptoms


def _by_a_person(symptoms: Symptoms) -> Details | None:
    return {} if symptoms.stop_code == "UserInitiated" else None


def _interrupted(symptoms: Symptoms) -> Details | None:
    return {} if symptoms.stop_code in ("SpotInterruption", "TerminationNotice") else None


RULES: tuple[Rule, ...] = (
    Rule(
        "Spot interruption",
        any_of(_interrupted, says(r"Spot (?:Task|instance).*interrupt", r"SpotInterruption")),
        "AWS took the Spot capacity back; the service starts another task",
        "aws ecs describe-services --cluster {cluster} --services {service} "
        "--query services[].capacityProviderStrategy",
        normal=True,
    ),
    Rule(
        "task retired by AWS",
        says(r"(?:performing|scheduled) (?:for )?(?:maintenance|retire)", r"task retirement", r"host .* terminated"),
        "AWS renewed what lies under the task; the service starts another one",
        normal=True,
    ),
    Rule(
        "stopped by a person",
        any_of(_by_a_person, says(r"Task stopped by user", r"stopped by user")),
        "somebody stopped this task; the service starts another one",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopTask",
        normal=True,
    ),
    Rule(
        "scaled in",
        says(r"Scaling activity initiated by", r"scale-?in"),
        "the service needed fewer tasks, or a deployment replaced this one",
        "aws ecs describe-services --cluster {cluster} --services {service} --query services[].events[:5].message",
        normal=True,
    ),
    Rule(
        "service deleted",
        says(r"service .*(?:was |being )?deleted", r"the service is being deleted"),
        "the service is being deleted",
        normal=True,
    ),
)

"""What became of the deployment itself, when no task says why."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Details, Rule, any_of, deployment_says
from wizard.release.diagnosis.symptoms import Symptoms

EVENTS = "aws ecs describe-services --cluster {cluster} --services {service} --query services[].events[:10].message"


def _alarm(symptoms: Symptoms) -> Details | None:
    return {"alarm": symptoms.alarms[0]} if symptoms.alarms else None


def _waits(symptoms: Symptoms) -> Details | None:
    if not symptoms.hook:
        return None
    return {
        "stage": symptoms.hook,
        "deployment": symptoms.deployment_arn or "DEPLOYMENT",
        "hook": symptoms.hook_id or "HOOK",
    }


def _nothing_wanted(symptoms: Symptoms) -> Details | None:
    return {} if symptoms.desired == 0 else None


RULES: tuple[Rule, ...] = (
    Rule(
        "deployment waits for a decision",
        _waits,
        "the deployment waits at a lifecycle hook ({stage}) until somebody lets it go on or rolls it back",
        "aws ecs continue-service-deployment --service-deployment-arn {deployment} --hook-id {hook} --action CONTINUE"
        "   (or back: {rollback})",
    ),
    Rule(
        "hook timed out",
        deployment_says(r"hook.*(?:timed out|timeout|expired)", r"(?:timed out|timeout).*hook"),
        "nobody decided at a lifecycle hook in time, so that AWS rolled back",
        EVENTS,
    ),
    Rule(
        "hook failed",
        deployment_says(r"(?:lifecycle )?hook.*(?:fail|error|rolled back)", r"(?:fail|rolled back).*hook"),
        "a lifecycle hook of the deployment failed or asked for a rollback",
        EVENTS,
    ),
    Rule(
        "alarm rolled it back",
        any_of(
            deployment_says(r"alarm(?:s)? (?:was |were |is )?(?:detected|triggered)", r"because of (?:an )?alarm"),
            _alarm,
        ),
        "an alarm that guards the deployment went off: {alarm}",
        "aws cloudwatch describe-alarms --state-value ALARM --query MetricAlarms[].[AlarmName,StateReason]",
    ),
    Rule(
        "superseded",
        deployment_says(r"superseded", r"was deployed after it"),
        "another deployment took the place of this one before it was over",
        EVENTS,
        normal=True,
    ),
    Rule(
        "stopped on request",
        deployment_says(
            r"(?:stopped|rolled back|rollback requested) (?:by|on|due to) (?:the )?(?:user|request|customer)"
        ),
        "somebody stopped this deployment or rolled it back",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopServiceDeployment",
        normal=True,
    ),
    Rule(
        "nothing to roll back to",
        deployment_says(r"no (?:completed|healthy|successful) (?:service revision|deployment)"),
        "the deployment failed, and there is no earlier version that ever worked",
        EVENTS,
        final=True,
    ),
    Rule(
        "circuit breaker",
        deployment_says(r"circuit breaker", r"tasks failed to start"),
        "too many tasks failed in a row, so that AWS gave this version up",
        "aws ecs list-tasks --cluster {cluster} --service-name {service} --desired-status STOPPED",
    ),
    Rule(
        "scaled to zero",
        _nothing_wanted,
        "somebody or a schedule set the service to 0 tasks",
        "aws ecs update-service --cluster {cluster} --service {service} --desired-count 1",
    ),
)

"""Causes that a health check shows: of the load balancer, or of the container itself."""

from __future__ import annotations

import re

from wizard.release.diagnosis.rule import (
    Details,
    Rule,
    Sign,
    all_of,
    any_of,
    event_says,
    matching,
    refused,
    says,
    target_says,
)
from wizard.release.diagnosis.symptoms import Symptoms

OPEN = r"(?:listening|running|serving|started|bound|available|ready|binding|starting (?:development )?server)"
LOOPBACK = rf"{OPEN}.*(?:127\.0\.0\.1|localhost|\[::1\])"
ANYWHERE = rf"{OPEN}.*(?:0\.0\.0\.0|\[::\]|\*:)"
STARTING = r"(?:warming|starting|loading|booting|initiali[sz]ing|waiting for|applying|running migration|downloading)"
STARTED = r"(?:startup complete|listening|running on|started|serving|ready|accepting)"
LISTENS = re.compile(rf"{OPEN}.*?(?::|port:? ?)(?P<port>\d{{2,5}})\b", re.IGNORECASE)
BLUEPRINT = "correct the health check's path or codes in the blueprint, then: pilotage replay FILE   (now: {rollback})"


def _answers(*codes: str) -> Sign:
    """The application answers the load balancer's check with one of these status codes (regular expressions)."""
    code = rf"codes?: ?\[?(?P<status>{'|'.join(codes)})\b"
    return any_of(matching(lambda symptoms: symptoms.target_notes, code), event_says(rf"unhealthy.*{code}"))


def _fails(symptoms: Symptoms) -> Details | None:
    """Some check of the load balancer fails."""
    if symptoms.target_reasons or re.search(r"ELB health checks|is unhealthy in", _words(symptoms)):
        return {}
    return None


def _words(symptoms: Symptoms) -> str:
    return " ".join((symptoms.reason, *symptoms.events))


def _log(*patterns: str) -> Sign:
    return matching(lambda symptoms: symptoms.log_lines, *patterns)


def _on_loopback(symptoms: Symptoms) -> Details | None:
    return None if _log(ANYWHERE)(symptoms) is not None else _log(LOOPBACK)(symptoms)


def _on_another_port(symptoms: Symptoms) -> Details | None:
    """The log tells of a port, and it is not the one that the load balancer sends to."""
    told = {int(found["port"]) for line in symptoms.log_lines if (found := LISTENS.search(line))}
    if symptoms.port is None or not told or symptoms.port in told:
        return None
    return {"port": str(min(told)), "wanted": str(symptoms.port)}


def _still_starting(symptoms: Symptoms) -> Details | None:
    if not symptoms.log_lines or _log(STARTED)(symptoms) is not None:
        return None
    return _log(STARTING)(symptoms)


RULES: tuple[Rule, ...] = (
    Rule(
        "listens on loopback only",
        all_of(_fails, _on_loopback),
        "the application in {container} listens on 127.0.0.1, where the load balancer cannot reach it",
        "let it listen on 0.0.0.0 (HOST=0.0.0.0, --host 0.0.0.0), then build, push and: pilotage replay FILE",
        final=True,
    ),
    Rule(
        "listens on another port",
        all_of(_fails, _on_another_port),
        "the application listens on port {port}, but the load balancer sends to {wanted}",
        "set port: {port} in the blueprint (or PORT={wanted} for the container), then: pilotage replay FILE",
        final=True,
    ),
    Rule(
        "grace period too short",
        all_of(_fails, _still_starting),
        "the application was still starting when the load balancer gave it up: its grace period is too short",
        "aws ecs update-service --cluster {cluster} --service {service} --health-check-grace-period-seconds 300",
    ),
    Rule(
        "health check path missing",
        _answers("404"),
        "the load balancer's health check asks for a path that the application does not have (404)",
        BLUEPRINT,
    ),
    Rule(
        "health check needs a login",
        _answers("401", "403"),
        "the load balancer's health check is refused ({status}): its path must answer without a login",
        BLUEPRINT,
    ),
    Rule(
        "health check is redirected",
        _answers(r"30\d"),
        "the load balancer's health check is redirected ({status}), which does not count as healthy",
        BLUEPRINT,
    ),
    Rule(
        "health check host refused",
        _answers("400", "421"),
        "the application answers the health check with {status}: it takes only requests for its own host name",
        "allow every host on the health check's path (Django: ALLOWED_HOSTS), or accept {status}, then: "
        "pilotage replay FILE",
    ),
    Rule(
        "application answers errors",
        _answers(r"5\d\d"),
        "the application answers the load balancer's health check with an error ({status})",
        "aws logs tail LOG_GROUP --since 15m   (or at once: {rollback})",
    ),
    Rule(
        "health check path answers wrongly",
        any_of(target_says("Target.ResponseCodeMismatch"), event_says(r"Health checks failed with these codes")),
        "the load balancer's health check gets another status code than it expects",
        BLUEPRINT,
    ),
    Rule(
        "health check times out",
        any_of(
            target_says("Target.Timeout"),
            event_says(r"unhealthy in.*(?:Request timed out|timeout)"),
            matching(lambda symptoms: symptoms.target_notes, r"timed out"),
        ),
        "the load balancer's health check gets no answer: wrong port, security group, or the application is too slow",
        "aws ec2 describe-security-groups --query SecurityGroups[].[GroupId,GroupName,IpPermissions[].FromPort]",
    ),
    Rule(
        "target address not usable",
        target_says("Target.IpUnusable"),
        "the address of a task is used by a load balancer itself and cannot be a target",
        final=True,
    ),
    Rule(
        "target group without load balancer",
        any_of(
            target_says("Target.NotInUse"),
            refused(r"target group.*does not have an associated load balancer"),
        ),
        "the target group is not used by any listener rule, or the load balancer does not serve the task's zone",
        "aws elbv2 describe-target-groups --query TargetGroups[].[TargetGroupName,LoadBalancerArns]",
        final=True,
    ),
    Rule(
        "target not registered",
        target_says("Target.NotRegistered", "Target.InvalidState"),
        "a task is not, or no longer, registered as a target: it stopped",
    ),
    Rule(
        "health checks switched off",
        target_says("Target.HealthCheckDisabled"),
        "the target group has no health check, so that nobody can say whether the tasks are well",
        "aws elbv2 describe-target-groups --query TargetGroups[].[TargetGroupName,HealthCheckEnabled]",
    ),
    Rule(
        "load balancer fault",
        target_says("Elb.InternalError"),
        "the load balancer has a fault of its own; AWS repairs it",
        "aws health describe-events --filter services=ELASTICLOADBALANCING",
    ),
    Rule(
        "targets are starting",
        target_says("Elb.RegistrationInProgress", "Elb.InitialHealthChecking"),
        "new targets are being registered and checked for the first time; this is how it should be",
        normal=True,
    ),
    Rule(
        "targets are leaving",
        target_says("Target.DeregistrationInProgress"),
        "old targets finish their requests and leave; this is how it should be",
        normal=True,
    ),
    Rule(
        "health check fails",
        target_says("Target.FailedHealthChecks"),
        "the load balancer's health check cannot reach the container: nothing listens on its port, or it listens on "
        "127.0.0.1",
    ),
    Rule(
        "health check fails",
        event_says(
            r"failed ELB health checks(?: in \(?(?P<target_group>[^)]+))?",
            r"is unhealthy in.*(?:Health checks failed|reason)",
        ),
        "the application does not pass the load balancer's health check",
    ),
    Rule(
        "container health check fails",
        says(r"failed container health checks", r"container health checks? fail"),
        "the container's own health check command fails",
        "aws ecs describe-task-definition --task-definition FAMILY "
        "--query taskDefinition.containerDefinitions[].[name,healthCheck]",
    ),
)

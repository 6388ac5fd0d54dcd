"""Codes that a task, a container or a target shows in AWS, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.release.diagnosis.rule import SIGNALS

Told = tuple[str, str]
"""Meaning and advice."""
TASK = "aws ecs describe-tasks --cluster CLUSTER --tasks TASK --query tasks[].[stoppedReason,containers[].reason]"
LOG = "pilotage logs APP/ENV   shows what it wrote last"
STOP_CODES: Mapping[str, Told] = {
    "TaskFailedToStart": ("the task could not begin: image, secret, log group, network or role is in the way", TASK),
    "EssentialContainerExited": ("a container that must run ended, and ECS stopped the task with it", LOG),
    "UserInitiated": ("a person or a program stopped the task; a service starts another one", "nothing"),
    "ServiceSchedulerInitiated": ("ECS stopped it: a deployment, scaling in, or a health check that failed", TASK),
    "SpotInterruption": ("AWS took the Spot capacity back; a service starts another task", "nothing, or use FARGATE"),
    "TerminationNotice": ("AWS is about to take the capacity under the task back", "nothing, or use FARGATE"),
}
EXIT_CODES: Mapping[int, Told] = {
    0: ("the container ended by itself, without an error; a service's containers must keep running", LOG),
    1: ("the application ended with an error", LOG),
    2: ("the command was called wrongly, or the application ended with an error", LOG),
    125: ("the container could not be run at all", TASK),
    126: ("the command is there but may not be executed", "chmod +x the entrypoint in the image, then push and replay"),
    127: ("the command does not exist in the image", "correct the command or the image, then push and replay"),
    134: ("the application gave up by itself (abort), often out of memory", LOG),
    137: ("the container was killed: out of memory, or it did not stop in time", "raise memory, or stop within 30 s"),
    139: ("the container crashed (segmentation fault)", LOG),
    143: ("the container ended as it was told to (SIGTERM)", "nothing"),
    255: ("the application or its shell ended with an error that has no number of its own", LOG),
}
TARGETS = "aws elbv2 describe-target-health --target-group-arn TARGET_GROUP"
TARGET_REASONS: Mapping[str, Told] = {
    "Elb.RegistrationInProgress": ("the target is being registered", "nothing: wait"),
    "Elb.InitialHealthChecking": ("the target is checked for the first time", "nothing: wait"),
    "Target.ResponseCodeMismatch": ("the health check gets another status code than it expects", TARGETS),
    "Target.Timeout": ("the health check gets no answer in time", TARGETS),
    "Target.FailedHealthChecks": ("the load balancer cannot connect, or the answer makes no sense", TARGETS),
    "Target.NotRegistered": ("the target is not in the target group", TARGETS),
    "Target.NotInUse": ("no listener uses the target group, or its zone is not enabled", TARGETS),
    "Target.DeregistrationInProgress": ("the target finishes its requests and leaves", "nothing: wait"),
    "Target.InvalidState": ("the target is stopped or terminated", TARGETS),
    "Target.IpUnusable": ("the address is used by a load balancer itself", TARGETS),
    "Target.HealthCheckDisabled": ("health checks are switched off", TARGETS),
    "Elb.InternalError": ("the load balancer has a fault of its own", "nothing: AWS repairs it"),
}


def container_exit(code: int) -> Told | None:
    """What an exit code of a container means; 128 and a number means that a signal ended it. None for another."""
    if code in EXIT_CODES:
        return EXIT_CODES[code]
    if code - 128 in SIGNALS:
        return f"the container was ended by the signal {SIGNALS[code - 128]}", LOG
    return None

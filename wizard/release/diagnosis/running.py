"""Causes that end a task that did start: memory, its own exit, failing health checks."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, ended_with, says, target_says

RULES: tuple[Rule, ...] = (
    Rule(
        "out of memory",
        says(r"OutOfMemory"),
        "the container {container} needed more memory than it may use",
        "raise memory of the service in the blueprint, then run the same replay again",
        final=True,
    ),
    Rule(
        "health check path answers wrongly",
        target_says("Target.ResponseCodeMismatch"),
        "the load balancer's health check gets another status code than it expects",
        "correct the health check's path or codes in the blueprint, then run the same replay again",
    ),
    Rule(
        "health check times out",
        target_says("Target.Timeout"),
        "the load balancer's health check gets no answer: wrong port, security group, or the application is too slow",
    ),
    Rule(
        "health check fails",
        target_says("Target.FailedHealthChecks"),
        "the load balancer cannot reach the container: nothing listens on its port, or it listens on 127.0.0.1",
    ),
    Rule(
        "health check fails",
        says(r"failed ELB health checks(?: in \(?(?P<target_group>[^)]+))?"),
        "the application does not pass the load balancer's health check",
    ),
    Rule(
        "container health check fails",
        says(r"failed container health checks"),
        "the container's own health check command fails",
    ),
    Rule(
        "killed",
        ended_with(137),
        "the container {container} was killed (137): out of memory, or it did not stop in time",
    ),
    Rule("crashed", ended_with(139), "the container {container} crashed (139, segmentation fault)"),
    Rule("command not found", ended_with(127), "the command of the container {container} does not exist in its image"),
    Rule("exited", ended_with(), "the container {container} ended with exit code {code}{last_words}"),
    Rule(
        "exited without error",
        says(r"Essential container in task exited"),
        "an essential container ended by itself; a service's containers must keep running",
    ),
)

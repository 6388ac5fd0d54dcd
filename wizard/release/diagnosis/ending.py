"""What is known from the exit code alone."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, ended_by_signal, ended_with, says

LOG = "aws logs tail LOG_GROUP --since 15m   (or at once: {rollback})"

RULES: tuple[Rule, ...] = (
    Rule(
        "killed",
        ended_with(137),
        "the container {container} was killed (exit code 137): out of memory, or it did not stop in time",
        "aws ecs describe-tasks --cluster {cluster} --tasks {task} "
        "--query tasks[].[stoppedReason,containers[].reason,memory]",
    ),
    Rule("crashed", ended_with(139), "the container {container} crashed (exit code 139, segmentation fault)", LOG),
    Rule(
        "aborted",
        ended_with(134),
        "the application in {container} gave up by itself (exit code 134, abort){last_words}",
        LOG,
    ),
    Rule(
        "stopped by signal TERM",
        ended_with(143),
        "the container {container} ended as it should when it was told to stop (exit code 143)",
        normal=True,
    ),
    Rule(
        "ended by a signal", ended_by_signal, "the container {container} was ended by the signal {signal} ({code})", LOG
    ),
    Rule(
        "container could not be run",
        ended_with(125),
        "the container {container} could not be run at all (exit code 125)",
        final=True,
    ),
    Rule("exited", ended_with(), "the container {container} ended with exit code {code}{last_words}", LOG),
    Rule(
        "exited without error",
        says(r"Essential container in task exited"),
        "an essential container ended by itself; a service's containers must keep running",
        LOG,
    ),
)

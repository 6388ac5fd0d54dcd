"""Causes that keep a container from starting once its image is there."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, any_of, ended_with, log_says, says

RULES: tuple[Rule, ...] = (
    Rule(
        "command not found",
        any_of(
            says(
                r"exec(?:utable)?: \\?\"(?P<command>[^\"\\]+)\\?\":? ?.*(?:not found|no such file)",
                r"executable file not found",
                r"(?:CannotStartContainerError|OCI runtime|runc).*no such file or directory",
            ),
            log_says(
                r"exec(?:ve)?:? \(?\"?(?P<command>[\w./-]+)\"?\)?:? (?:failed )?:?.*no such file or directory",
                r"(?:sh|bash|ash|entrypoint\S*): (?:line )?(?:\d+: )?(?P<command>[\w./-]+): (?:command )?not found",
                r"npm (?:ERR!|error) Missing script: \"?(?P<command>[\w:-]+)",
            ),
            ended_with(127),
        ),
        "the command of the container {container} does not exist in its image{ended}",
        "docker run --rm --entrypoint sh {image} -c 'command -v COMMAND'",
        final=True,
    ),
    Rule(
        "command not executable",
        any_of(
            says(r"(?:CannotStartContainerError|OCI runtime|runc|exec).*permission denied"),
            log_says(
                r"(?:exec|sh|bash|entrypoint)\S* ?.*: permission denied",
                r"exec user process caused:? \"?permission denied",
            ),
            ended_with(126),
        ),
        "the command of the container {container} may not be executed{ended}: it lacks the execute bit, or the user "
        "the right",
        "git update-index --chmod=+x ENTRYPOINT   (or RUN chmod +x in the Dockerfile), then build and push again",
        final=True,
    ),
    Rule(
        "user missing in the image",
        says(r"unable to find (?:user|group) (?P<user>[\w-]+)", r"no matching entries in (?:passwd|group) file"),
        "the user that the container {container} should run as does not exist in its image",
        "docker run --rm --entrypoint cat {image} /etc/passwd",
        final=True,
    ),
    Rule(
        "dependency container failed",
        says(
            r"depend\w* (?:on )?(?:container )?\W*(?P<other>[\w-]+)?.*(?:fail|exit|unhealthy|never|not start)",
            r"(?:container|task).*dependenc(?:y|ies).*(?:fail|exit|not|never|timed out)",
            r"dependsOn",
        ),
        "a container on which {container} waits failed or did not become healthy",
        final=True,
    ),
    Rule(
        "container start timed out",
        says(
            r"(?:DockerTimeoutError|ContainerRuntimeTimeoutError)",
            r"Could not transition to (?:created|started|running)",
        ),
        "the container {container} could not be started in time; AWS tries again",
    ),
    Rule(
        "port already in use",
        any_of(
            says(r"address already in use", r"port is already allocated"),
            log_says(
                r"(?:EADDRINUSE|address already in use|address in use).*?(?::(?P<port>\d{2,5}))?\b",
                r"port (?P<port>\d+) (?:is )?(?:already )?in use",
                r"\[?Errno 98",
            ),
        ),
        "something else in the task listens on the port already{ended}: {port}",
        "aws ecs describe-task-definition --task-definition FAMILY "
        "--query taskDefinition.containerDefinitions[].[name,portMappings]",
        final=True,
    ),
    Rule(
        "container cannot be made",
        says(r"CannotCreateContainerError", r"CannotStartContainerError", r"OCI runtime create failed"),
        "the container {container} cannot be started as its task definition says",
        final=True,
    ),
    Rule(
        "container runtime failed",
        says(r"CannotInspectContainerError", r"CannotStopContainerError", r"DockerStateError", r"\bInternalError\b"),
        "AWS's own container runtime failed; it tries again",
    ),
)

"""Signs of failure in AWS's words, and the cause that each shows."""

from __future__ import annotations

import pytest

from tests.release.test_corpus import CORPUS
from wizard.release.diagnosis import RULES, diagnose
from wizard.release.diagnosis.symptoms import Symptoms

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/dev/API_KEY-a1b2c3"
INIT = "ResourceInitializationError: unable to pull secrets or registry auth: "
EXITED = "Essential container in task exited"
SIGNS: tuple[tuple[str, Symptoms], ...] = (
    (
        "image not found",
        Symptoms(
            "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref x: "
            "x: not found"
        ),
    ),
    ("image not found", Symptoms("CannotPullContainerError: Error response from daemon: manifest unknown")),
    (
        "wrong architecture",
        Symptoms(
            "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'"
        ),
    ),
    ("wrong architecture", Symptoms("Essential container in task exited", container_reason="exec format error")),
    (
        "image access denied",
        Symptoms(
            "CannotPullContainerError: pull access denied for x, repository does not exist or may require login: "
            "denied: User is not authorized"
        ),
    ),
    ("registry not reachable", Symptoms("CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout")),
    ("image pull rate limit", Symptoms("CannotPullContainerError: toomanyrequests")),
    ("image pull failed", Symptoms("CannotPullContainerError: ref pull has been retried 1 time(s): unexpected EOF")),
    ("image format not supported", Symptoms("CannotPullContainerError: mediaType in manifest should be another")),
    ("image name invalid", Symptoms("CannotPullContainerError: invalid reference format")),
    ("registry certificate not trusted", Symptoms("CannotPullContainerError: x509: certificate has expired")),
    ("secrets throttled", Symptoms(f"{INIT}unable to retrieve secrets from ssm: ThrottlingException: Rate exceeded")),
    (
        "file system access point missing",
        Symptoms("failed to invoke EFS utils commands: access point fsap-1 does not exist"),
    ),
    ("volume cannot be attached", Symptoms("CannotCreateVolumeError: the volume cannot be made")),
    ("dependency container failed", Symptoms("dependency container migrate exited with 1, task failed to start")),
    ("container runtime failed", Symptoms(container_reason="CannotInspectContainerError: context deadline")),
    ("container could not be run", Symptoms(EXITED, exit_code=125)),
    ("aborted", Symptoms(EXITED, exit_code=134)),
    ("stopped by signal TERM", Symptoms(EXITED, exit_code=143)),
    ("file missing in the image", Symptoms(EXITED, exit_code=1, log_lines=("Error: ENOENT: open 'config.yaml'",))),
    ("connection refused", Symptoms(EXITED, exit_code=1, log_lines=("connect ECONNREFUSED 10.0.1.9:8500",))),
    ("Spot interruption", Symptoms("Your Spot Task was interrupted.")),
    ("scaled in", Symptoms("Scaling activity initiated by (deployment ecs-svc/1)")),
    ("stopped by a person", Symptoms("restart", stop_code="UserInitiated")),
    ("task retired by AWS", Symptoms("ECS is performing maintenance on the underlying infrastructure")),
    ("service deleted", Symptoms("the service was deleted")),
    ("targets are starting", Symptoms(target_reasons=("Elb.RegistrationInProgress",))),
    ("targets are leaving", Symptoms(target_reasons=("Target.DeregistrationInProgress",))),
    ("target not registered", Symptoms(target_reasons=("Target.NotRegistered",))),
    ("superseded", Symptoms(deployment_reason="Service deployment superseded by a new service deployment.")),
    ("stopped on request", Symptoms(deployment_reason="Service deployment stopped by user request.")),
    ("hook failed", Symptoms(deployment_reason="Service deployment rolled back at a lifecycle hook.")),
    ("certificate revoked", Symptoms(certificate="REVOKED www.example.com")),
    ("certificate not usable", Symptoms(refusal="UnsupportedCertificate: the certificate must have a domain name")),
    ("quota reached", Symptoms(refusal="VpcLimitExceeded: The maximum number of VPCs has been reached.")),
    ("service cannot be changed now", Symptoms(refusal="ServiceNotActiveException: Service was not ACTIVE.")),
    ("App Runner build failed", Symptoms(runner="[AppRunner] Failed to build your application source code.")),
    (
        "Express role not usable",
        Symptoms(refusal="InvalidParameterException: the infrastructure role cannot be assumed"),
    ),
    ("Express balancer is full", Symptoms(refusal="LimitExceeded: maximum of 25 Express services on a load balancer")),
    (
        "secret missing",
        Symptoms(
            f"{INIT}execution resource retrieval failed: unable to retrieve secret from asm: service call has "
            f"been retried 1 time(s): failed to fetch secret {SECRET} from secrets manager: "
            "ResourceNotFoundException: Secrets Manager can't find the specified secret."
        ),
    ),
    (
        "secret access denied",
        Symptoms(
            f"{INIT}AccessDeniedException: User: arn:aws:sts::1:assumed-role/x is not authorized to perform: "
            f"secretsmanager:GetSecretValue on resource: {SECRET} because no identity-based policy allows it"
        ),
    ),
    (
        "log group missing",
        Symptoms(
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
            "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not "
            "exist. : exit status 1"
        ),
    ),
    (
        "role not assumable",
        Symptoms("ECS was unable to assume the role 'arn:aws:iam::1:role/x' that was provided for this task."),
    ),
    (
        "out of memory",
        Symptoms(
            "Essential container in task exited",
            container_reason="OutOfMemoryError: Container killed due to memory usage",
            exit_code=137,
        ),
    ),
    ("killed", Symptoms("Essential container in task exited", exit_code=137)),
    ("crashed", Symptoms("Essential container in task exited", exit_code=139)),
    ("command not found", Symptoms("Essential container in task exited", exit_code=127)),
    ("exited", Symptoms("Essential container in task exited", exit_code=1)),
    ("exited without error", Symptoms("Essential container in task exited", exit_code=0)),
    ("health check path answers wrongly", Symptoms(target_reasons=("Target.ResponseCodeMismatch",))),
    ("health check times out", Symptoms(target_reasons=("Target.Timeout",))),
    ("health check fails", Symptoms("Task failed ELB health checks in (target-group arn:x)")),
    ("container health check fails", Symptoms("Task failed container health checks")),
    (
        "vCPU quota reached",
        Symptoms(
            events=(
                "unable to place a task. Reason: You've reached the limit on the number of "
                "vCPUs you can run concurrently.",
            )
        ),
    ),
    ("no capacity", Symptoms(events=("unable to place a task. Reason: Capacity is unavailable at this time.",))),
    ("cannot place tasks", Symptoms(events=("(service api) was unable to place a task.",))),
    ("unknown", Symptoms("Something that AWS has never said before")),
    ("unknown", Symptoms()),
)


@pytest.mark.parametrize(("cause", "symptoms"), SIGNS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_sign_shows_its_cause(cause: str, symptoms: Symptoms) -> None:
    assert diagnose(symptoms).cause == cause


@pytest.mark.parametrize(("cause", "symptoms"), SIGNS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_diagnosis_has_all_its_parts_filled_in(cause: str, symptoms: Symptoms) -> None:
    detail = diagnose(symptoms).as_detail()
    words = [value for value in detail.values() if isinstance(value, str)]
    assert len(words) == 5 and all(words)
    assert not any("{" in text for text in words)


def test_every_cause_of_the_table_is_shown_by_some_sign_here_or_in_the_corpus() -> None:
    covered = {cause for cause, _ in SIGNS} | {message.cause for message in CORPUS}
    assert {rule.cause for rule in RULES} - covered == set()


def test_the_table_knows_far_more_than_the_promised_causes() -> None:
    assert len({rule.cause for rule in RULES}) >= 45


def test_a_cause_of_the_application_is_not_taken_from_the_log_of_a_task_that_is_well() -> None:
    assert diagnose(Symptoms(log_lines=("connect ECONNREFUSED 10.0.0.1:5432 postgres, retrying",))).cause == "unknown"


def test_what_the_log_names_wins_over_what_only_the_exit_code_says() -> None:
    found = diagnose(Symptoms(EXITED, exit_code=1, log_lines=("OSError: [Errno 28] No space left on device",)))
    assert (found.cause, found.sentence) == ("disk full", "the task's disk is full (exit code 1)")


def test_aws_telling_of_memory_wins_over_what_the_log_says() -> None:
    killed = Symptoms(
        EXITED, container_reason="OutOfMemoryError: Container killed", exit_code=137, log_lines=("ECONNREFUSED :5432",)
    )
    assert diagnose(killed).cause == "out of memory"


def test_the_way_back_is_a_command_for_this_very_service() -> None:
    found = diagnose(Symptoms(EXITED, exit_code=139, cluster="main", service="api"))
    assert found.rollback == "pilotage rollback --cluster main --service api"
    assert found.rollback in found.command


def test_what_is_unknown_keeps_the_raw_words_as_evidence() -> None:
    found = diagnose(Symptoms("Something that AWS has never said before", exit_code=None))
    assert found.evidence == "Something that AWS has never said before"


def test_the_last_line_of_the_log_is_in_the_sentence_and_all_of_them_are_evidence() -> None:
    found = diagnose(
        Symptoms(
            "Essential container in task exited",
            container="api",
            exit_code=1,
            log_lines=("Traceback (most recent call last):", "ValueError: no such mode"),
        )
    )
    assert found.sentence == "the container api ended with exit code 1: ValueError: no such mode"
    assert "log: Traceback" in found.evidence


def test_the_missing_secret_is_named() -> None:
    reason = f"failed to fetch secret {SECRET} from secrets manager: ResourceNotFoundException: can't find it"
    assert SECRET in diagnose(Symptoms(reason)).sentence


def test_only_causes_that_cannot_heal_are_final() -> None:
    assert diagnose(Symptoms("CannotPullContainerError: x: not found")).final
    assert not diagnose(Symptoms("CannotPullContainerError: dial tcp: i/o timeout")).final


def test_braces_in_the_words_of_aws_or_of_a_log_do_no_harm() -> None:
    found = diagnose(Symptoms("Essential container in task exited", exit_code=1, log_lines=("{'a': {0}}",)))
    assert found.sentence.endswith("{'a': {0}}")


def test_an_older_version_that_serves_is_said_to_be_safe() -> None:
    assert diagnose(Symptoms("x", older_serving=True)).safe == "the version before it is serving"

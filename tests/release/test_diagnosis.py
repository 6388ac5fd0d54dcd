"""Signs of failure in AWS's words, and the cause that each shows."""

from __future__ import annotations

import pytest

from wizard.release.diagnosis import RULES, diagnose
from wizard.release.diagnosis.symptoms import Symptoms

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/dev/API_KEY-a1b2c3"
INIT = "ResourceInitializationError: unable to pull secrets or registry auth: "
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
    ("image pull failed", Symptoms("CannotPullContainerError: toomanyrequests")),
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
    assert all(detail.values())
    assert not any("{" in text for text in detail.values())


def test_every_cause_of_the_table_is_shown_by_some_sign_here() -> None:
    covered = {cause for cause, _ in SIGNS}
    assert {rule.cause for rule in RULES} - covered == {"no free addresses"}


def test_what_is_unknown_keeps_the_raw_words_as_evidence() -> None:
    found = diagnose(Symptoms("Something that AWS has never said before", exit_code=None))
    assert found.evidence == "Something that AWS has never said before"


def test_the_last_line_of_the_log_is_in_the_sentence_and_all_of_them_are_evidence() -> None:
    found = diagnose(
        Symptoms(
            "Essential container in task exited",
            container="api",
            exit_code=1,
            log_lines=("Traceback (most recent call last):", "KeyError: 'APP_MODE'"),
        )
    )
    assert found.sentence == "the container api ended with exit code 1: KeyError: 'APP_MODE'"
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

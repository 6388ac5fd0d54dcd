"""App Runner tells little; its two logs and its last operation tell the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.release.runner_examination import examine_app_runner

ARN = "arn:aws:apprunner:us-east-1:111122223333:service/shop/0a1b"


class Answers:
    """Calls whose answers are laid out beforehand; notes what was asked."""

    def __init__(self, status: str, operation: str, logs: Mapping[str, tuple[str, ...]]) -> None:
        self.asked: list[str] = []
        self._status, self._operation, self._logs = status, operation, logs

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        self.asked.append(f"{service}:{operation}")
        match operation:
            case "describe_service":
                return {"Service": {"Status": self._status}}
            case "list_operations":
                return {"OperationSummaryList": [{"Status": self._operation}]}
            case "describe_log_streams":
                return {"logStreams": [{"logStreamName": "newest"}]}
        lines = self._logs.get(params["logGroupName"].rpartition("/")[2], ())
        return {"events": [{"message": line} for line in lines]}

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Any:
        raise AssertionError("one page is enough")

    write = once = read


def test_a_service_whose_last_operation_went_well_is_well_and_costs_two_reads() -> None:
    aws = Answers("RUNNING", "SUCCEEDED", {})
    found = examine_app_runner(aws, ARN)
    assert (found.cause, found.normal, len(aws.asked)) == ("nothing wrong", True, 2)


def test_what_the_application_wrote_tells_more_than_that_it_ended() -> None:
    ended = "[AppRunner] Your application stopped or failed to start. Container exit code: 1"
    aws = Answers("RUNNING", "ROLLBACK_SUCCEEDED", {"service": (ended,), "application": ("KeyError: 'API_KEY'",)})
    found = examine_app_runner(aws, ARN)
    assert found.cause == "environment variable missing"
    assert found.sentence.endswith("(exit code 1): API_KEY")
    assert found.safe == "the version before it is serving"
    assert ended in found.evidence
    assert len(aws.asked) <= 6


def test_without_a_word_of_the_application_app_runners_own_are_the_cause() -> None:
    words = "[AppRunner] Health check failed on path '/'. Check your configured port number."
    found = examine_app_runner(Answers("CREATE_FAILED", "FAILED", {"service": (words,)}), ARN)
    assert found.cause == "App Runner health check fails"
    assert found.safe == "no other resource was changed by this"


def test_an_end_without_any_words_is_unknown_and_says_what_is_known() -> None:
    found = examine_app_runner(Answers("CREATE_FAILED", "FAILED", {}), ARN)
    assert found.cause == "unknown"
    assert "ended as FAILED" in found.evidence

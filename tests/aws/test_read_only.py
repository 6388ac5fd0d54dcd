"""Calls that may only look: judged over every operation that the product uses, and over AWS's own models."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from wizard.aws.read_only import ReadOnlyCalls, ReadOnlyRefused, is_read

ROOT = Path(__file__).resolve().parents[2] / "wizard"
READS, WRITES = ("read", "pages"), ("write", "once")
SERVICES = (
    "apprunner",
    "cloudwatch",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "elbv2",
    "iam",
    "logs",
    "secretsmanager",
    "ssm",
)
CHANGING = ("Create", "Delete", "Put", "Update", "Stop", "Start", "Register", "Deregister", "Tag", "Untag", "Run")


@cache
def used() -> frozenset[tuple[str, str, str]]:
    """How, service and method of every call in the product that names both literally."""
    found = set()
    for file in ROOT.rglob("*.py"):
        if "sandbox" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                if node.func.attr in (*READS, *WRITES) and len(words) == 2:
                    found.add((node.func.attr, str(words[0]), str(words[1])))
    return frozenset(found)


@cache
def methods(service: str) -> frozenset[str]:
    model = botocore.session.get_session().get_service_model(service)
    return frozenset(xform_name(name) for name in model.operation_names)


def test_every_read_of_the_product_is_known_to_read_and_every_write_to_change() -> None:
    calls = used()
    assert len(calls) > 150
    wrong = [call for call in calls if is_read(call[1], call[2]) != (call[0] in READS)]
    assert wrong == []


def test_every_call_of_the_product_exists_in_aws() -> None:
    assert [call for call in used() if call[2] not in methods(call[1])] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_of_aws_that_changes_something_by_its_name_counts_as_a_read(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    changing = [name for name in model.operation_names if name.startswith(CHANGING)]
    assert changing
    assert [name for name in changing if is_read(service, xform_name(name))] == []


class Notes:
    """Notes what comes through."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        self.sent.append(operation)
        return {}

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        self.sent.append(operation)
        return iter(())

    write = read
    once = read


def test_nothing_that_changes_comes_through_until_it_is_allowed() -> None:
    notes, armed = Notes(), [False]
    calls = ReadOnlyCalls(notes, lambda: armed[0])
    calls.read("ecs", "describe_services")
    for call in (calls.write, calls.once, calls.read):
        with pytest.raises(ReadOnlyRefused):
            call("ecs", "update_service")
    with pytest.raises(ReadOnlyRefused):
        calls.pages("ecs", "run_task", "tasks")
    assert notes.sent == ["describe_services"]
    armed[0] = True
    calls.write("ecs", "update_service")
    armed[0] = False
    with pytest.raises(ReadOnlyRefused):
        calls.once("ecs", "update_service")
    assert notes.sent == ["describe_services", "update_service"]

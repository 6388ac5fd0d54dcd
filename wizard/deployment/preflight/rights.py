"""Asks IAM's policy simulator whether the caller may do all that a set-up does. Nothing is carried out by it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wizard.advice.paper import Paper
from wizard.advice.permissions import Role, grants
from wizard.advice.preflight import Checked, State, Topic
from wizard.advice.preflight.permissions import Answers, Question, judged, principal_of, questions, read
from wizard.aws.translate import is_denied
from wizard.deployment.preflight.look import Look
from wizard.errors import AwsError
from wizard.release.finding import together

SUBJECT = "actions of a set-up"


def permissions(look: Look) -> Iterable[Checked]:
    """Every action that the caller lacks, in one list."""
    caller = look.deployment.connection.identity.arn
    if caller.endswith(":root"):
        evidence = "root may do everything that no organization forbids; a role of a person is safer"
        return [Checked(Topic.PERMISSIONS, SUBJECT, State.OK, evidence)]
    principal, role = principal_of(caller)
    if not principal:
        return [Checked(Topic.PERMISSIONS, SUBJECT, State.NOT_CHECKED, f"IAM simulates users and roles, not {caller}")]
    principal = _with_path(look, role) or principal
    asked = questions(grants(Paper(look.deployment.graph, look.context.scope), Role.SETUP))
    fix = look.command("policy", "--for setup")
    try:
        found = together(lambda question: _asked(look, question, principal), asked)
    except AwsError as error:
        if not is_denied(error) and error.code != "NoSuchEntity":
            raise
        evidence = f"iam:SimulatePrincipalPolicy on {principal}: {error.code}; what is lacking shows when it is needed"
        return [Checked(Topic.PERMISSIONS, SUBJECT, State.NOT_CHECKED, evidence, fix)]
    answers = Answers()
    for question, results in zip(asked, found, strict=True):
        read(answers, question, results)
    return judged(answers, principal, f"let your administrator grant what this prints: {fix}")


def _asked(look: Look, question: Question, principal: str) -> list[dict[str, Any]]:
    parameters = question.parameters(principal)
    return list(look.aws.pages("iam", "simulate_principal_policy", "EvaluationResults", **parameters))


def _with_path(look: Look, role: str) -> str:
    """The ARN of a role with its path, which the ARN of a session leaves out; empty when IAM does not tell."""
    if not role:
        return ""
    try:
        return str(look.aws.read("iam", "get_role", RoleName=role)["Role"]["Arn"])
    except AwsError:
        return ""

"""Why a version fails: a table of causes, tried from the most telling sign to the least.

A new cause is one row in one of the tables beside this file. What stops a task before it runs comes first, since AWS
names it exactly; then what the application wrote itself; then exit codes and health checks, which say less; then the
deployment, the account and the doors around it.
"""

from __future__ import annotations

from wizard.release.diagnosis import (
    app_runner,
    application,
    attaching,
    backing,
    certificates,
    checking,
    deploying,
    ending,
    memory,
    normal,
    placing,
    preparing,
    pulling,
    refusing,
    starting,
)
from wizard.release.diagnosis.rule import Diagnosis, Rule
from wizard.release.diagnosis.symptoms import Symptoms

RULES: tuple[Rule, ...] = (
    *app_runner.RULES,
    *preparing.RULES,
    *pulling.RULES,
    *attaching.RULES,
    *starting.RULES,
    *memory.RULES,
    *normal.RULES,
    *backing.RULES,
    *application.RULES,
    *app_runner.LESS_TELLING,
    *checking.RULES,
    *ending.RULES,
    *placing.RULES,
    *refusing.RULES,
    *certificates.RULES,
    *deploying.RULES,
)


def diagnose(symptoms: Symptoms) -> Diagnosis:
    """The first cause that explains the symptoms; `unknown`, with the raw evidence, when none does."""
    for rule in RULES:
        details = rule.when(symptoms)
        if details is not None:
            return rule.diagnosis(symptoms, details)
    return Diagnosis(
        cause="unknown",
        sentence=symptoms.reason or symptoms.deployment_reason or "the cause is not known",
        evidence=symptoms.evidence or "AWS shows no stopped task and no reason",
        safe=symptoms.safe,
        command=symptoms.look,
        rollback=symptoms.rollback,
    )

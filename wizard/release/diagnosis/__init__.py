"""Why a rollout fails: a table of causes, tried from the most telling sign to the least.

A new cause is one row in one of the tables beside this file: `starting`, `running`, `placing`.
"""

from __future__ import annotations

from wizard.release.diagnosis import placing, running, starting
from wizard.release.diagnosis.rule import Diagnosis, Rule
from wizard.release.diagnosis.symptoms import Symptoms

RULES: tuple[Rule, ...] = (*starting.RULES, *running.RULES, *placing.RULES)


def diagnose(symptoms: Symptoms) -> Diagnosis:
    """The first cause that explains the symptoms; `unknown`, with the raw evidence, when none does."""
    for rule in RULES:
        details = rule.when(symptoms)
        if details is not None:
            return rule.diagnosis(symptoms, details)
    return Diagnosis(
        cause="unknown",
        sentence=symptoms.reason or "the cause is not known",
        evidence=symptoms.evidence or "AWS shows no stopped task and no reason",
        safe=symptoms.safe,
        command=symptoms.look,
    )

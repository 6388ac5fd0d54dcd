"""Which permissions a set-up needs, as questions for IAM's policy simulator, and what its answers mean.

Each action is simulated on the very resources, and with the very condition keys, that `pilotage policy` grants it on:
a person who has exactly that policy passes, an administrator passes, and whoever lacks anything learns all of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.advice.grants import Grant
from wizard.advice.preflight.checked import Checked, State, Topic

MOST_ACTIONS = 60
MOST_PAIRS = 240
"""Actions times resources of one question: an answer stays small, and one question does for many grants."""
SHOWN = 3


@dataclass(frozen=True)
class Question:
    """One call of SimulatePrincipalPolicy. Of the answers only those about `pairs` count."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[Mapping[str, Any], ...]
    pairs: frozenset[tuple[str, str]]

    def parameters(self, principal: str) -> dict[str, Any]:
        """As the call takes them."""
        asked = {"PolicySourceArn": principal, "ActionNames": list(self.actions), "ResourceArns": list(self.resources)}
        return asked | ({"ContextEntries": [dict(each) for each in self.context]} if self.context else {})


@dataclass
class Answers:
    """What the simulator said: the pairs it denied, how, and which condition keys it missed."""

    denied: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By action and resource, the reason in words."""
    unclear: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


def questions(grants: Iterable[Grant]) -> list[Question]:
    """The fewest questions that ask for every pair of action and resource: grants of one condition share them."""
    by_condition: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
    for grant in grants:
        condition = json.dumps(grant.condition, sort_keys=True)
        by_condition[condition][tuple(sorted(set(grant.resources)))].add(grant.action)
    found: list[Question] = []
    for condition, groups in by_condition.items():
        context = tuple(_context(json.loads(condition)))
        found += _packed(groups, context)
    return found


def read(answers: Answers, question: Question, results: Iterable[Mapping[str, Any]]) -> None:
    """Take the results of one question.

    IAM answers once for each action, with the single resources inside; it used to answer once for each pair.
    """
    answers.asked.update(question.actions)
    for result in results:
        action = result["EvalActionName"]
        singles = result.get("ResourceSpecificResults") or [result]
        for single in singles:
            resource = single.get("EvalResourceName", "*")
            decision = single.get("EvalResourceDecision") or single.get("EvalDecision")
            if (action, resource) not in question.pairs or decision == "allowed":
                continue
            missing = single.get("MissingContextValues") or result.get("MissingContextValues") or ()
            if missing and decision == "implicitDeny":
                answers.unclear[action] = f"it depends on {', '.join(sorted(missing))}"
                continue
            answers.denied[action][resource] = _why(result, decision)


def judged(answers: Answers, principal: str, next_step: str) -> list[Checked]:
    """Every action that is lacking, all at once; one line where none is."""
    found = [
        Checked(Topic.PERMISSIONS, action, State.FAILS, _evidence(denied), next_step)
        for action, denied in sorted(answers.denied.items())
    ]
    unclear = {action: why for action, why in answers.unclear.items() if action not in answers.denied}
    found += [Checked(Topic.PERMISSIONS, action, State.NOT_CHECKED, why) for action, why in sorted(unclear.items())]
    good = len(answers.asked) - len(found)
    words = f"{principal} may call {good} of the {len(answers.asked)} actions that a set-up needs"
    return found or [Checked(Topic.PERMISSIONS, "actions of a set-up", State.OK, words)]


def principal_of(caller: str) -> tuple[str, str]:
    """The user or role whose policies count for a caller, and the role's name where its path is not known yet."""
    parts = caller.split(":", 5)
    resource = parts[5] if len(parts) == 6 else ""
    if resource.startswith("user/"):
        return caller, ""
    if resource.startswith("assumed-role/"):
        role = resource.split("/")[1]
        return f"{parts[0]}:{parts[1]}:iam::{parts[4]}:role/{role}", role
    return "", ""


def _packed(groups: Mapping[tuple[str, ...], set[str]], context: tuple[Mapping[str, Any], ...]) -> Iterable[Question]:
    actions: set[str] = set()
    resources: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for theirs, wanted in sorted(groups.items(), key=lambda item: (min(item[1]), item[0])):
        together, all_resources = actions | wanted, resources | set(theirs)
        if pairs and (len(together) > MOST_ACTIONS or len(together) * len(all_resources) > MOST_PAIRS):
            yield Question(tuple(sorted(actions)), tuple(sorted(resources)), context, frozenset(pairs))
            together, all_resources, pairs = set(wanted), set(theirs), set()
        actions, resources = together, all_resources
        pairs |= {(action, resource) for action in wanted for resource in theirs}
    if pairs:
        yield Question(tuple(sorted(actions)), tuple(sorted(resources)), context, frozenset(pairs))


def _context(condition: Mapping[str, Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """The condition keys as a real call would carry them."""
    for operator, keys in condition.items():
        for key, value in keys.items():
            values = [value] if isinstance(value, str) else list(value)
            several = operator.startswith("ForAll")
            # A key of one value is asked about with the first: each of them is granted alike.
            chosen = values if several else values[:1]
            yield {
                "ContextKeyName": key,
                "ContextKeyValues": chosen,
                "ContextKeyType": "stringList" if several else "string",
            }


def _why(result: Mapping[str, Any], decision: Any) -> str:
    if (result.get("OrganizationsDecisionDetail") or {}).get("AllowedByOrganizations") is False:
        return "forbidden by a policy of the organization"
    if (result.get("PermissionsBoundaryDecisionDetail") or {}).get("AllowedByPermissionsBoundary") is False:
        return "outside the permissions boundary"
    return "explicitly denied" if decision == "explicitDeny" else "granted by no policy"


def _evidence(denied: Mapping[str, str]) -> str:
    reasons = ", ".join(sorted(set(denied.values())))
    shown = sorted(denied)[:SHOWN]
    more = f" and {len(denied) - SHOWN} more" if len(denied) > SHOWN else ""
    return f"{reasons}: on {', '.join(shown)}{more}"

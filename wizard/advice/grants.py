"""One permission: an action, where, on which condition, and, where the resource stays open, why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Why(Enum):
    """Why a resource is not named to the end: the word for the Sid, and the sentence for people."""

    NO_RESOURCE = ("ApiKnowsNoResource", "AWS knows no resource for these calls: they list, or look at any")
    CREATE = ("CreateKnowsNoResource", "AWS knows no resource for these creates; they must carry this deployment's tag")
    ID_OF_AWS_NEW = ("NewOnesCarryOurTag", "AWS chooses their ids; new ones must carry this deployment's tag")
    ID_OF_AWS_OURS = ("OnlyWhatCarriesOurTag", "AWS chooses their ids; only what carries this deployment's tag")
    ID_OF_AWS_READ = ("LooksThroughForOurs", "AWS chooses their ids; all are looked through to find this deployment's")
    TAGS_AT_BIRTH = ("TagsInTheCreateCallOnly", "AWS chooses their ids; tags only in the call that makes them")
    ADOPTED = (
        "AdoptsEqualRules",
        "an equal rule without a tag, in this deployment's group, is taken over by tagging it",
    )
    RULE_OF_GROUP = ("RulesOfOurGroups", "a rule has no owner: the condition on its security group limits it")
    LIST = ("AsksForSeveralAtOnce", "one question for several, which AWS checks against any resource of the type")
    EFS = ("MadeByEfs", "EFS makes network interfaces in the caller's name; AWS chooses their ids")
    AMAZON_MQ = ("MadeByAmazonMq", "Amazon MQ makes these in the caller's name; AWS chooses their ids")
    ZONE = ("OurRecordsInAnyZone", "the zone's id is looked up by its name; only the records of this deployment")
    ZONE_READ = ("ReadsRecordsOfAnyZone", "the zone's id is looked up by its name; changes are asked about by AWS's id")
    SUFFIX = ("NamesAreOurs", "the name is this deployment's; AWS adds an id, a revision or an object's key")
    TASKS = ("TasksOfOurClusters", "AWS chooses the ids of tasks; only in this deployment's clusters")
    VIA_SERVICE = ("KeysThroughTheirService", "AWS chooses the ids of keys; only through the service that encrypts")
    SERVICE_ROLE = ("ServiceLinkedRoles", "AWS names these roles; only for the services that are used here")
    UNKNOWN = ("NoNarrowerKnown", "Pilotage knows no narrower resource for these calls")

    @property
    def word(self) -> str:
        """For a Sid, which has letters and digits only."""
        return str(self.value[0])

    @property
    def sentence(self) -> str:
        """For people."""
        return str(self.value[1])


@dataclass(frozen=True)
class Grant:
    """One permission. `why` is None when every resource is named to the end."""

    action: str
    resources: tuple[str, ...]
    condition: Mapping[str, Any] = field(default_factory=dict)
    why: Why | None = None

    @property
    def service(self) -> str:
        """The part of the action before the colon."""
        return self.action.split(":")[0]


@dataclass(frozen=True)
class Statement:
    """Permissions of one kind, as IAM writes them."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Any]
    why: Why | None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a policy."""
        found = {"Sid": self.sid, "Effect": "Allow", "Action": list(self.actions), "Resource": list(self.resources)}
        return found | ({"Condition": dict(self.condition)} if self.condition else {})


def statements(grants: Iterable[Grant]) -> list[Statement]:
    """Join grants without making any wider in effect.

    Grants of one action are one; actions with equal resources, condition and reason share a statement. What must carry
    our tag already is joined over resource types: an action knows its own types only, and the tag limits each.
    """
    by_action: dict[tuple[str, str, Why | None], set[str]] = {}
    for grant in grants:
        key = (grant.action, json.dumps(grant.condition, sort_keys=True), grant.why)
        by_action.setdefault(key, set()).update(grant.resources)
    shared: dict[tuple[str, str, Why | None], tuple[set[str], set[str]]] = {}
    for (action, condition, why), resources in by_action.items():
        by_tag = why in (Why.ID_OF_AWS_OURS, Why.TAGS_AT_BIRTH)
        same = action.split(":")[0] if by_tag else " ".join(sorted(resources))
        actions, all_resources = shared.setdefault((condition, same, why), (set(), set()))
        actions.add(action)
        all_resources |= resources
    ordered = sorted(shared.items(), key=lambda item: (item[0][2].word if item[0][2] else "", sorted(item[1][0])))
    counts: dict[str, int] = {}
    return [_statement(key, actions, resources, counts) for key, (actions, resources) in ordered]


def _statement(
    key: tuple[str, str, Why | None], actions: set[str], resources: set[str], counts: dict[str, int]
) -> Statement:
    condition, _, why = key
    word = why.word if why else "Named"
    counts[word] = counts.get(word, 0) + 1
    return Statement(
        f"{word}{counts[word]}", tuple(sorted(actions)), tuple(sorted(resources)), json.loads(condition), why
    )

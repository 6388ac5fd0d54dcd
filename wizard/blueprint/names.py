"""What things are called in AWS: one pattern for all, own rules for a kind of part or for one part, and AWS's limits.

A part is a kind (`vpc`, `cluster`) or a kind and a name (`repository.backend`). The most exact rule wins.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Protocol

NAME_PLACEHOLDERS = ("app", "env", "part", "pattern", "account", "region", "suffix")


@dataclass(frozen=True)
class PartKind:
    """What AWS demands of the name of one kind of thing, and the rule when a blueprint gives none."""

    limit: int
    allowed: str = r"[A-Za-z0-9-]+"
    words: str = "letters, digits and hyphens"
    rule: str = "{pattern}"
    lower: bool = False


_WORD = PartKind(255, r"[A-Za-z0-9_-]+", "letters, digits, _ and -")
_TAG = PartKind(255, r"[A-Za-z0-9_.:/=+@ -]+", "letters, digits and _ . : / = + @ -")
_ELB = PartKind(32, r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", "letters, digits and inner hyphens")
_RDS = PartKind(
    63, r"[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*", "lower-case letters, digits and single inner hyphens", lower=True
)

# Limits: Service Authorization and API references of the services, as of November 2026.
PART_KINDS: Mapping[str, PartKind] = {
    "vpc": _TAG,
    "subnet": _TAG,
    "route_table": _TAG,
    "internet_gateway": _TAG,
    "nat_gateway": _TAG,
    "address": _TAG,
    "endpoint": _TAG,
    "flow_log": _TAG,
    "security_group": PartKind(
        255, r"(?!sg-)[A-Za-z0-9 ._:/()#,@+=&;{}!$*-]+", "letters, digits and ._-:/()#,@+=", "{pattern}-sg"
    ),
    "alb": _ELB,
    "target_group": _ELB,
    "waf": PartKind(128, r"[A-Za-z0-9_-]+", "letters, digits, _ and -"),
    "cluster": _WORD,
    "service": _WORD,
    "task": _WORD,
    "container": _WORD,
    "repository": PartKind(
        256, r"[a-z0-9]+(?:[._/-][a-z0-9]+)*", "lower-case letters and digits, joined by single . _ / -", lower=True
    ),
    "role": PartKind(64, r"[A-Za-z0-9+=,.@_-]+", "letters, digits and +=,.@_-"),
    "bucket": PartKind(
        63,
        r"(?!xn--|sthree-)[a-z0-9](?:[a-z0-9-]*[a-z0-9])(?<!-s3alias)",
        "lower-case letters, digits and inner hyphens",
        "{pattern}-{suffix}",
        lower=True,
    ),
    "file_system": _TAG,
    "secret": PartKind(256, r"[A-Za-z0-9/_+=.@-]+", "letters, digits and /_+=.@-", "{app}/{env}/{part}"),
    "parameter": PartKind(1011, r"/?[A-Za-z0-9/_.-]+", "letters, digits and /_.-", "/{app}/{env}/{part}"),
    "log_group": PartKind(
        512, r"(?!aws/|/aws/)[A-Za-z0-9._/#-]+", "letters, digits and ._/#-, not under /aws/", "/ecs/{pattern}"
    ),
    "broker": PartKind(50, r"[A-Za-z0-9_-]+", "letters, digits, _ and -"),
    "queue": PartKind(75, r"[A-Za-z0-9_-]+", "letters, digits, _ and -"),
    "database": _RDS,
    "subnet_group": _RDS,
    "parameter_group": _RDS,
    "table": PartKind(255, r"[A-Za-z0-9_.-]{3,}", "at least 3 letters, digits and _ . -"),
    "key": PartKind(250, r"[A-Za-z0-9/_-]+", "letters, digits and / _ -"),
    "alarm": _TAG,
    "topic": PartKind(256, r"[A-Za-z0-9_-]+", "letters, digits, _ and -"),
    "budget": PartKind(100, r"[^:\\]+", "no : and no backslash"),
    "trail": PartKind(128, r"[A-Za-z0-9][A-Za-z0-9._-]{2,}", "at least 3 letters, digits and . _ -"),
    "user_pool": PartKind(128, r"[A-Za-z0-9 +=,.@_-]+", "letters, digits and +=,.@_-"),
    "connector": PartKind(40, r"[A-Za-z0-9][A-Za-z0-9_-]{3,}", "at least 4 letters, digits, _ and -"),
    "scaling": PartKind(32, r"[A-Za-z0-9][A-Za-z0-9_-]{3,}", "at least 4 letters, digits, _ and -"),
}


class Rules(Protocol):
    """The `names` section of a blueprint."""

    @property
    def pattern(self) -> str: ...

    @property
    def parts(self) -> Mapping[str, str]: ...


def placeholders_of(rule: str) -> list[str]:
    """The placeholders of a rule in order. Raises ValueError when its braces do not match."""
    return [name for _, name, _, _ in Formatter().parse(rule) if name is not None]


def shorten(name: str, limit: int) -> str:
    """The name itself when it fits; otherwise its beginning and eight characters that tell it from its neighbours."""
    if len(name) <= limit:
        return name
    tail = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: limit - 9].rstrip('-_./')}-{tail}"


@dataclass(frozen=True)
class Names:
    """Every name of one environment. The same blueprint, account and Region always give the same names."""

    app: str
    env: str
    account: str
    region: str
    rules: Rules

    @property
    def suffix(self) -> str:
        """Eight characters that make a globally unique name of this environment likely and repeatable."""
        seed = f"{self.account}/{self.region}/{self.app}/{self.env}"
        return hashlib.sha256(seed.encode()).hexdigest()[:8]

    def of(self, part: str, *, limit: int | None = None) -> str:
        """The name of a part such as `vpc` or `repository.backend`, shortened to what AWS allows for its kind."""
        kind_name, _, own = part.partition(".")
        kind = PART_KINDS.get(kind_name, _TAG)
        rule = self.rule_for(part)
        values = {
            "app": self.app,
            "env": self.env,
            "part": own or kind_name.replace("_", "-"),
            "account": self.account,
            "region": self.region,
            "suffix": self.suffix,
        }
        values["pattern"] = self._expand(self.rules.pattern, values)
        name = self._expand(rule, values)
        bound = min(kind.limit, limit) if limit else kind.limit
        if kind_name == "bucket" and len(name) > bound and rule.endswith("-{suffix}"):
            # The suffix makes the name unique already: shorten what stands before it.
            return f"{shorten(name[: -len(self.suffix) - 1], bound - len(self.suffix) - 1)}-{self.suffix}"
        return shorten(name.lower() if kind.lower else name, bound)

    def rule_for(self, part: str) -> str:
        """The rule that decides the name of a part: its own, its kind's, or Pilotage's for that kind."""
        kind_name = part.partition(".")[0]
        own = self.rules.parts.get(part) or self.rules.parts.get(kind_name)
        return own or PART_KINDS.get(kind_name, _TAG).rule

    @staticmethod
    def _expand(rule: str, values: Mapping[str, str]) -> str:
        return re.sub(r"\{([a-z]+)\}", lambda found: values.get(found[1], found[0]), rule)

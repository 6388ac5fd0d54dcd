"""Own names: known placeholders, known parts, and results that AWS accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wizard.blueprint.checks.services import own_repositories
from wizard.blueprint.model import S3, AppRunner, Blueprint, Efs
from wizard.blueprint.names import NAME_PLACEHOLDERS, PART_KINDS, Names, placeholders_of
from wizard.blueprint.problems import Finding, Path, did_you_mean, listing

_ANY_ACCOUNT = "000000000000"
# Kinds of which two with the same name would be one thing in AWS.
_APART = ("repository", "secret", "parameter", "service", "bucket")


def rules(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Placeholders of a rule are known, the pattern tells parts apart, and a rule is for something."""
    yield from _rule(("names", "pattern"), blueprint.names.pattern, without=("pattern",))
    if "{part}" not in blueprint.names.pattern:
        message = "the pattern must hold {part}, or everything would have the same name"
        yield Finding(("names", "pattern"), message, 'such as "{app}-{env}-{part}"')
    known = named_parts(blueprint)
    for key, rule in blueprint.names.parts.items():
        path: Path = ("names", "parts", key)
        yield from _rule(path, rule)
        kind, _, own = key.partition(".")
        if kind not in PART_KINDS:
            yield Finding(path, f"`{kind}` is no kind of part", did_you_mean(kind, PART_KINDS), unknown=key)
        elif own and kind in known and own not in known[kind]:
            hint = did_you_mean(own, known[kind], what=f"of kind {kind} here")
            yield Finding(
                path, f"there is no {kind} `{own}` in this blueprint", hint, reads=(("services",), ("storage",))
            )


def named_parts(blueprint: Blueprint) -> dict[str, list[str]]:
    """The names that parts of a kind have, for the kinds whose parts a blueprint names itself."""
    services = list(blueprint.services)
    return {
        "service": services,
        "log_group": services,
        "task": services,
        "repository": list(own_repositories(blueprint)),
        "secret": [name for name, secret in blueprint.secrets.items() if secret.store != "ssm"],
        "parameter": [name for name, secret in blueprint.secrets.items() if secret.store == "ssm"],
        "bucket": [name for name, storage in blueprint.storage.items() if isinstance(storage, S3)],
        "file_system": [name for name, storage in blueprint.storage.items() if isinstance(storage, Efs)],
    }


def _rule(path: Path, rule: str, without: Iterable[str] = ()) -> Iterator[Finding]:
    allowed = [each for each in NAME_PLACEHOLDERS if each not in without]
    try:
        found = placeholders_of(rule)
    except ValueError:
        yield Finding(path, "the braces of this rule do not match", "write placeholders as {app}")
        return
    for name in found:
        if name not in allowed:
            yield Finding(path, f"`{{{name}}}` is no placeholder of a name", did_you_mean(name, allowed))


def results(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """What the rules come to must be a name that AWS accepts, and no two things may share one."""
    names = Names(blueprint.name, env, blueprint.account or _ANY_ACCOUNT, blueprint.region, blueprint.names)
    for kind, owns in named_parts(blueprint).items():
        taken: dict[str, str] = {}
        for own in owns:
            part = f"{kind}.{own}"
            name = names.of(part)
            key = next((each for each in (part, kind) if each in blueprint.names.parts), None)
            path: Path = ("names", "parts", key) if key else ("names", "pattern")
            yield from _accepted(kind, part, name, path)
            if kind in _APART and name in taken:
                message = f"`{own}` and `{taken[name]}` would both be the {kind} {name}"
                yield Finding(path, message, "put {part} into the rule, or give each a rule of its own")
            taken.setdefault(name, own)
    for part in blueprint.names.parts:
        kind, _, own = part.partition(".")
        if kind in PART_KINDS and kind not in named_parts(blueprint):
            yield from _accepted(kind, part, names.of(part), ("names", "parts", part))
    for own, service in blueprint.services.items():
        name = names.of(f"service.{own}")
        if isinstance(service, AppRunner) and not 4 <= len(name) <= 40:
            message = f"App Runner wants 4 to 40 characters, and `{own}` would be called {name}"
            yield Finding(("services", own), message, f"give it a name in `names.parts.service.{own}`")


def _accepted(kind: str, part: str, name: str, path: Path) -> Iterator[Finding]:
    rule = PART_KINDS[kind]
    if "{" not in name and re.fullmatch(rule.allowed, name) is None:
        message = f"AWS does not accept the name {name} for `{part}`: expected is {rule.words}"
        yield Finding(
            path, message, f"a name has {rule.limit} characters at most; {listing(NAME_PLACEHOLDERS)} may be used"
        )

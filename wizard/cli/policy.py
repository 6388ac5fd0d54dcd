"""`pilotage policy`: what somebody must be allowed to do, as IAM policies. AWS is asked at most who is calling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.cli import words
from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.errors import CredentialsError, NeedsPerson, UsageError

if TYPE_CHECKING:
    from wizard.advice.policy import Policy
    from wizard.blueprint.document import Document
    from wizard.deployment.request import Request

ROLES = ("setup", "ci", "oncall")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@option("--for", "role", type=click.Choice(ROLES), required=True, help="Whose work the policy allows.")
@option("--account", metavar="ID", help="The account, instead of the blueprint's or that of the credentials.")
@option("--part", type=click.IntRange(min=1), metavar="N", help="Print one document where there are several.")
@common("blueprint", "place")
def policy(report: Report, options: Options, file: Path, role: str, account: str | None, part: int | None) -> int:
    """Print the least-privilege IAM policy for one role of FILE: a document, or a list of documents.

    setup makes and removes everything; ci replays with new images; oncall looks, rolls back, holds. IAM takes 6,144
    characters a document, so setup is usually several: attach all of them. Each resource that stays open says why in
    its Sid, and in words on stderr.
    """
    from wizard.cli.run import looked_at

    def look(request: Request) -> int:
        from wizard.advice.paper import MADE_UP_ACCOUNT, on_paper
        from wizard.advice.permissions import Role
        from wizard.advice.policy import policy_for
        from wizard.blueprint.document import load

        document = load(file)
        known = account or _account(document, options, request)
        if known is None:
            report.tell(f"no account is known: the ARNs are those of a made-up {MADE_UP_ACCOUNT}", "wait")
            report.tell("add --account ID, or credentials")
        paper = on_paper(document, options.env, options.sets, account=known, region=options.region)
        _print(report, policy_for(paper, Role(role)), part)
        return 0

    return looked_at(report, options, look)


def _account(document: Document, options: Options, request: Request) -> str | None:
    """The blueprint's account, otherwise the caller's, otherwise None. A profile that is named must work."""
    from wizard.blueprint.environments import resolve
    from wizard.deployment.opening import Connection

    blueprint, _ = resolve(document, options.env, options.sets)
    if blueprint.account:
        return blueprint.account
    try:
        return Connection(request, blueprint.region).identity.account
    except (CredentialsError, NeedsPerson):
        if options.profile or options.sandbox:
            raise
        return None


def _print(report: Report, found: Policy, part: int | None) -> None:
    documents = found.documents
    if part is not None and part > len(documents):
        raise UsageError(
            f"there is no part {part}",
            evidence=f"the policy for {found.role} has {words.counted(len(documents), 'document')}",
            next_step=f"--part 1{f' to --part {len(documents)}' if len(documents) > 1 else ''}",
        )
    chosen = documents if part is None else documents[part - 1 : part]
    for number, document in enumerate(chosen, part or 1):
        report.json(
            {
                "v": 1,
                "type": "policy",
                "deployment": found.deployment,
                "for": str(found.role),
                "part": number,
                "of": len(documents),
                "document": document,
                "reasons": {each.sid: each.why.sentence for each in found.parts[number - 1] if each.why},
            }
        )
    if not report.json_lines:
        report.raw(json.dumps(chosen[0] if len(chosen) == 1 else chosen, indent=2) + "\n")
    _explain(report, found, part)


def _explain(report: Report, found: Policy, part: int | None) -> None:
    count = len(found.documents)
    if count > 1 and part is None:
        report.tell(f"{count} documents, because IAM takes 6,144 characters each; --part 1 prints the first alone")
    report.tell("what stays open, and why:")
    rows: list[tuple[str, ...]] = [
        (f"  {sid}", words.counted(len(actions), "action"), why) for sid, actions, why in found.reasons()
    ]
    for line in words.table(rows):
        report.tell(line)

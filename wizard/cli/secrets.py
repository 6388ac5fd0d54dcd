"""`pilotage secrets`: values in the operating system's keyring, so that they need not be typed at each run."""

from __future__ import annotations

import re
import sys

import click

from wizard.cli.groups import NamingGroup
from wizard.cli.options import Options, common
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.errors import UsageError

LONGEST_VALUE = 64 * 1024
"""Characters; Secrets Manager takes 65,536 bytes."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


@click.group(cls=NamingGroup)
def secrets() -> None:
    """Keep secret values in this computer's keyring; a run takes from it what nobody gave otherwise.

    A value is typed unseen or comes on stdin, never on the command line, where everybody could read it.
    """


@secrets.command("set")
@click.argument("name")
@common()
def set_(report: Report, options: Options, name: str) -> int:
    """Store the value of NAME, such as TWILIO_AUTH_TOKEN."""
    from wizard.deployment.keyring_values import keep

    _insist_on_name(name)
    value = report.ask_secret(f"value of {name} (not shown): ") if report.may_ask else _from_stdin()
    if not value:
        raise UsageError(
            f"no value was given for {name}",
            evidence="the line was empty",
            safe="nothing was stored",
            next_step=f"pilotage secrets set {name}   and type it, or: pilotage secrets set {name} < FILE",
        )
    keep(name, value)
    report.say(f"{name} is kept in the keyring", "good")
    report.json({"v": 1, "type": "secret_kept", "name": name})
    return 0


@secrets.command("list")
@common()
def list_(report: Report, options: Options) -> int:
    """Print the names of what is stored; values are never shown."""
    from wizard.deployment.keyring_values import kept

    found = kept()
    for name in found:
        report.data(name)
        report.json({"v": 1, "type": "secret", "name": name})
    if not found:
        report.tell("the keyring holds nothing of Pilotage")
    return 0


@secrets.command("rm")
@click.argument("name")
@common()
def rm(report: Report, options: Options, name: str) -> int:
    """Remove the value of NAME from the keyring. What AWS has stays."""
    from wizard.deployment.keyring_values import forget

    _insist_on_name(name)
    if not forget(name):
        raise UsageError(
            f"the keyring has no {name}",
            safe="nothing was removed",
            next_step="pilotage secrets list   shows the names",
        )
    report.say(f"{name} is no longer in the keyring; AWS keeps its copy")
    report.json({"v": 1, "type": "secret_removed", "name": name})
    return 0


def _insist_on_name(name: str) -> None:
    """Refuse what is no variable's name; a value that was typed there by mistake is not repeated."""
    if _NAME.fullmatch(name) is None:
        what = "`NAME=value` on the command line can be read by others" if "=" in name else "this is no name"
        raise UsageError(
            f"a secret's name is expected: {what}",
            evidence="a name has letters, digits and underscores",
            safe=SAFE_BEFORE,
            next_step="pilotage secrets set TWILIO_AUTH_TOKEN",
        )


def _from_stdin() -> str:
    """The value on stdin, without the line feed that ends it."""
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    text = sys.stdin.read(LONGEST_VALUE + 1)
    if len(text) > LONGEST_VALUE:
        raise UsageError(
            "the value on stdin is too long",
            evidence=f"AWS Secrets Manager keeps {LONGEST_VALUE} characters",
            safe="nothing was stored",
            next_step="keep large files in S3, and their place as the secret",
        )
    return text.removesuffix("\n").removesuffix("\r")

"""The placeholders that environment values and outputs may hold, and how they are filled.

An address that exists only after AWS made something is never typed: `{bucket.documents}`, `{url}`, `{database.host}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# `{{` and `}}` stand for plain braces, so that JSON can be a value.
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: what it stands for, and the section that must be there for it."""

    meaning: str
    needs: str = ""


PLACEHOLDERS: dict[str, Placeholder] = {
    "app": Placeholder("name of the application"),
    "env": Placeholder("name of the environment"),
    "account": Placeholder("AWS account number"),
    "region": Placeholder("AWS Region"),
    "host": Placeholder("public host name", "ingress"),
    "url": Placeholder("public address with https://, of the load balancer or of the App Runner or Express service"),
    "bucket.<name>": Placeholder("name of an S3 bucket", "storage"),
    "file_system.<name>": Placeholder("id of an EFS file system", "storage"),
    "broker.host": Placeholder("host of the message broker", "broker"),
    "broker.port": Placeholder("port of the message broker", "broker"),
    "broker.queue_url": Placeholder("address of the SQS queue", "broker"),
    "database.host": Placeholder("host of the database", "database"),
    "database.port": Placeholder("port of the database", "database"),
    "database.name": Placeholder("name of the database", "database"),
    "database.user": Placeholder("user of the database", "database"),
    "database.table": Placeholder("name of the DynamoDB table", "database"),
    "nat_addresses": Placeholder("public addresses of the NAT gateways, for the allow-list of an outside database"),
    "user_pool.id": Placeholder("id of the Cognito user pool", "identity"),
    "user_pool.client": Placeholder("id of the Cognito application client", "identity"),
}


@dataclass(frozen=True)
class Use:
    """One placeholder found in a text: `name` is empty for a brace that belongs to none."""

    name: str
    start: int


def uses(text: str) -> Iterator[Use]:
    """Every placeholder of a text, and every stray brace with an empty name."""
    for found in _TOKEN.finditer(text):
        if found[0] not in ("{{", "}}"):
            yield Use(found[1] or "", found.start())


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """The text with each placeholder replaced by what `value_of` says, and doubled braces made single."""

    def replace(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return value_of(found[1]) if found[1] else found[0]

    return _TOKEN.sub(replace, text)

"""One boto3 session and its clients, made once and shared by all threads; the SDK's own retries are off."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.errors import CredentialsError, UsageError

if TYPE_CHECKING:
    from boto3.session import Session as BotoSession

SANDBOX_KEYS = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
"""Any key opens the sandbox; these are never read from the environment, so a real one cannot be used by mistake."""

NOTHING_OF_THE_MACHINE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
"""Where botocore looks for these, for the sandbox: neither in the environment nor in a file of this person's."""

MIGHT_NOT_EXIST_IN = {"aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}
"""Partitions where creates cannot carry tags, which the crash design rests on (reliability.md §3)."""


@dataclass(frozen=True)
class Target:
    """Where calls go: profile and region as given, and the sandbox's endpoint when it is the sandbox."""

    profile: str | None = None
    region: str | None = None
    sandbox_url: str | None = None

    @property
    def is_sandbox(self) -> bool:
        """Whether this is the embedded AWS."""
        return self.sandbox_url is not None


def _do_without_awscrt() -> None:
    """Keep botocore from loading the native library, if it has not yet.

    It takes a tenth of a second of each command, and only the profiles of `aws login` need it. A process that works
    in the sandbox does not leave it again.
    """
    sys.modules.setdefault("awscrt", None)  # type: ignore[arg-type]


class Session:
    """Makes and keeps clients. boto3 sessions are not safe to use from several threads, so making one is locked."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}
        self._session = self._open(target)
        self.region: str = self._session.region_name or ""
        if not self.region:
            raise UsageError(
                "no region is known",
                evidence="neither the blueprint, --region, AWS_REGION nor the profile names one",
                safe="nothing was called",
                next_step="add --region us-east-1, or set AWS_REGION, or write region: in the blueprint",
            )
        self.partition: str = self._session.get_partition_for_region(self.region)
        if self.partition in MIGHT_NOT_EXIST_IN:
            raise UsageError(
                f"the partition {self.partition} is not supported",
                evidence="its creates cannot carry tags, and without them an interrupted run could leave duplicates",
                safe="nothing was called",
            )

    @staticmethod
    def _open(target: Target) -> BotoSession:
        if target.is_sandbox:
            _do_without_awscrt()
        import boto3
        import botocore.session
        from botocore.exceptions import ProfileNotFound

        from wizard.aws.models import Models

        underneath = botocore.session.Session(NOTHING_OF_THE_MACHINE if target.is_sandbox else None)
        try:
            session = boto3.session.Session(
                botocore_session=underneath,
                profile_name=target.profile if not target.is_sandbox else None,
                region_name=target.region or ("us-east-1" if target.is_sandbox else os.environ.get("AWS_REGION")),
                **(SANDBOX_KEYS if target.is_sandbox else {}),
            )
            # Only now: what is asked of a session before its profile is set is answered for the wrong one.
            underneath.register_component("data_loader", Models(underneath.get_component("data_loader").search_paths))
        except ProfileNotFound as error:
            raise CredentialsError(
                f"the profile {error.kwargs['profile']} is not known here",
                evidence=str(error),
                safe="nothing was called",
                next_step="aws configure list-profiles",
            ) from None
        return session

    def client(self, service: str) -> Any:
        """The client of a service, made on first use."""
        client = self._clients.get(service)
        if client is None:
            with self._lock:
                client = self._clients.get(service)
                if client is None:
                    client = self._clients[service] = self._make(service)
        return client

    def _make(self, service: str) -> Any:
        from botocore.config import Config

        config = Config(
            retries={"mode": "standard", "total_max_attempts": 1},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=32,
            tcp_keepalive=True,
            user_agent_extra="pilotage",
            s3={"addressing_style": "path"} if self.target.is_sandbox else None,
        )
        return self._session.client(service, endpoint_url=self.target.sandbox_url, config=config)

"""The environment of the sandbox's process: nothing of the caller's real AWS set-up may reach it."""

from __future__ import annotations

import os
import sys

from wizard.sandbox.world import ACCOUNT, DEFAULT_REGION


def prepare() -> None:
    """Drop every AWS setting and make those that moto and botocore read at import."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "MOTO_"))]:
        del os.environ[name]
    os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
    # A tenth of a second for each fresh world, and nothing that Pilotage makes starts from a machine image.
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    os.environ["AWS_ACCESS_KEY_ID"] = "sandbox"
    os.environ["AWS_SECRET_ACCESS_KEY"] = "sandbox"
    os.environ["AWS_DEFAULT_REGION"] = DEFAULT_REGION
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    # The native library of the SDK takes a while to load, and nothing here needs it.
    sys.modules.setdefault("awscrt", None)  # type: ignore[arg-type]
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

"""Everything that can be known to fail, asked of AWS before the first create. Reads only.

`look` holds what the checks share, `account`, `rights`, `quotas`, `images` and `domain` ask, `dns` speaks to the
machine's resolver, and `run` asks all of them at once.
"""

from wizard.deployment.preflight.run import preflight

__all__ = ["preflight"]

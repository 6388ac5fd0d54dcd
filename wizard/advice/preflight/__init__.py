"""What can be known to fail before anything is made: the words of a check, and pure judgements about what was read.

`checked` holds the words; `permissions`, `quotas`, `image_manifests`, `domains` and `account_plan` each say what must
be asked of AWS and what the answers mean. Nothing here calls AWS.
"""

from wizard.advice.preflight.checked import Checked, State, Topic, worst

__all__ = ["Checked", "State", "Topic", "worst"]

"""The controls of the `hipaa` preset: what each says, which resources carry it, and whether they do, read from AWS.

`control` holds the words, `judging` the questions asked of a live resource, `at_rest`, `doors`, `in_transit`, `records`
and `keeping` the table, and `check` holds the table against a graph and what a read found. Nothing here calls AWS.
"""

from wizard.advice.controls.check import HIPAA, Finding, check, state_of
from wizard.advice.controls.control import Control, State

__all__ = ["HIPAA", "Control", "Finding", "State", "check", "state_of"]

"""The five systems, read back from AWS and held against the sentences of their documents."""

import pytest

pytest.register_assert_rewrite(
    *(f"tests.systems.{module}" for module in ("carepolicy_hub", "deployment", "fasttriage", "rung"))
)

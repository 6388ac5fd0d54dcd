"""`python -m wizard.cli` is `pilotage`."""

import sys

from wizard.cli import main

sys.exit(main())

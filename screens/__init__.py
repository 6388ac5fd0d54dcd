"""The full-screen face, and the only place where Textual is imported.

`entry` is what the command line calls; `app` is the application; each screen is one file, or a folder when it has a
pure model beside it. `bridge` carries a run on a thread of its own to the screens. `widgets` are what screens share.
"""

from __future__ import annotations

import os

# Whatever changed waits for Textual's next frame, and right after a frame for the one after that. At its own 60 a
# second that is up to 33 ms between a key and what it does. Nothing is drawn when nothing changed.
os.environ.setdefault("TEXTUAL_FPS", "240")

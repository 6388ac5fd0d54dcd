"""The full-screen face, and the only place where Textual is imported.

`entry` is what the command line calls; `app` is the application; each screen is one file, or a folder when it has a
pure model beside it. `bridge` carries a run on a thread of its own to the screens. `widgets` are what screens share.
"""

"""The full-screen application (Textual lives here alone)."""

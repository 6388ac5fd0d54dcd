"""The on-call console: which service is worst, why, and the way back. It reads only, until a person confirms."""

"""The walk from "I have a container" to a blueprint: what is asked, read, priced and written. No face, no AWS.

Start reading at `walk.py` (where a person stands), then `shape.py` (what the answers mean as a blueprint).
"""

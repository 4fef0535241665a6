"""MiniStack as we run it: what it does otherwise than AWS is put right here, each with its reason.

Every correction replaces something by name and asserts first that it is still there.
"""

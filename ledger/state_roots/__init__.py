"""State roots: at a session's close an entry commits to what everybody holds, without saying it.

For each instrument a Merkle-sum tree over random fragments of the holdings. Its root is public; a
holder can check that all of its own holding is in it, and anybody that the holdings add up to what
was issued and not ended, without seeing whose they are.
"""

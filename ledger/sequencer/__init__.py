"""The single writer of a venue: admission, batches, the committer, the fence, the way to it.

Commands come in, are stamped and applied in order, and are answered after the transaction that
holds their entries has committed. It knows commands only as data and a machine that applies them.
"""

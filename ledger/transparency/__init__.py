"""The public log: a Merkle tree over the headers, its tiles, checkpoints, proofs and witnesses.

Everything here speaks formats of others, so that nobody needs our programs to check us: RFC 6962
hashing, and C2SP's tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-witness,
tlog-proof and tlog-policy. The leaves are the bytes of the entries' headers as they are stored.
"""

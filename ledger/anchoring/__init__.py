"""Anchors: checkpoints put where the log's operator cannot change them, and looked up there again.

Two kinds: a contract on an EVM chain, and a time stamp (RFC 3161). Both follow what is published,
in a process of their own; neither is ever in the way of a trade. The libraries that they need are
optional: web3 is imported by ``evm`` alone, rfc3161-client by ``tokens`` alone.
"""

"""Accounts, holdings and holds; entries, chain and proofs; the sequencer, its journal and replay.

The ledger decides nothing about markets: it offers parties, accounts, one reservation mechanism,
one movement of value, and the machinery that turns commands into committed entries. Packages
above register their own commands and effects with it as parts of a machine. It must never know
what a market, a loan or a score is.
"""

"""Instruments and rights, order books, allocation, compliance: what can be traded and how.

Everything here is a pure part of the machine: commands and state in, effects out. Value moves only
through the ledger's holds and postings. The package never knows who lends, never reads a clock,
and never knows a framework.
"""

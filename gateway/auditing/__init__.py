"""What an auditor takes along: bundles of entries with their proofs, and the evidence of a trade.

It reads committed rows and the public log, and never writes. Who may have what is decided at the
doors: the API by roles, the command line by who may read the database.
"""

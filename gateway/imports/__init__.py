"""Imports of real markets: each package plans what a public source did and drives it as a user.

An import calls the public service like any other client and never reaches into the ledger, the
exchange or their rows; what it plans is pure, so a test can run the plan without a service.
"""

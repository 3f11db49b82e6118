"""Eco-credit (生态信用): archives, rule sets, scores, grades, and what follows from them.

Scoring is pure and in integers: records and a rule set in, an explained index out. What is kept is
the ledger's: facts, consents and decisions are commands, green coins are instruments. The package
never knows who trades or lends, never reads a clock, and never knows a framework.
"""

"""The archives of eco-credit (生态信用档案): subjects, facts, and what happens to facts later.

Facts are millions, so they lie on shelves (``ledger/shelf.py``): a command names the rows that it
needs, and they are fetched before it is decided.
"""

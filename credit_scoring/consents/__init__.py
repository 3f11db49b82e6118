"""Who may read whose credit, and who has read it: consents (授权同意) and the query log (查询记录).

It never computes a score: the caller brings the hash of an answer, and what is decided here is
whether that answer may go out. Consents are millions, so they lie on a shelf (``ledger/shelf.py``).
"""

"""Accounts on the ledger: drafted, reviewed, approved by two, published, cited; never changed."""

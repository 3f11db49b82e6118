"""The schema, one intent per file: `versions/YYYY-MM-DD-HHMM_slug.py`.

Written by hand, or drafted by `alembic revision` and then read. Each step works with the
code that already runs: add nullable, backfill in a script, enforce.
"""

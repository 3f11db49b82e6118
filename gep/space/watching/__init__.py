"""Warnings of accounts: thresholds, what crosses them, and what becomes of a warning."""

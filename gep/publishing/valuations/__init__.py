"""Valuations of projects on the ledger: the course of accounts, with a second reviewer if large."""

"""Runs: all subjects scored for a day, as one entry that commits to the root of their rows."""

"""Accounts carried to others whole: GeoJSON, JSON-LD and CSV, and each of them read back."""

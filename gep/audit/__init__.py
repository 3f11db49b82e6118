"""The audit of an account's printed figures: each is computed again, each difference is named."""

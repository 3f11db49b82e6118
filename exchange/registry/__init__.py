"""The rights registry: issue, allocation, transfer, surrender, the ends of units, compliance."""

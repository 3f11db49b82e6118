"""Money, quantities, identifiers, errors, clock, calendars, canonical bytes, database session.

What every other package stands on: small values and pure functions that know nothing of ledgers,
markets or loans. It must never import a package of this service.
"""

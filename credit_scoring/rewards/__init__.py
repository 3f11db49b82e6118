"""Carbon accounts (碳账户) and green coins (生态绿币), as instruments of the ledger.

Coins are whole, are earned through authorised sources, are redeemed at merchants, expire, and are
taken back with a revoked act. Carbon is grams of CO2 that a behaviour saved, or that an enterprise
emitted. The two never mix, and neither touches the credit index.
"""

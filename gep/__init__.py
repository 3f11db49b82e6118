"""Gross ecosystem product (GEP, 生态系统生产总值): services, parameters, accounts, audits.

Pure functions from figures with units to figures with units; what is kept, approved and served is
done above. Every coefficient and price is a row of data with its source. The package never knows a
market, a lender or a framework, never reads a clock and never draws a number without a seed.
"""

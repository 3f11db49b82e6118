"""How trading commands are decided: instruments and days, orders, and the matching of them.

Decisions read state and emit effects; the folds in ``exchange/folds.py`` do the rest.
"""

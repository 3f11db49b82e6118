"""How a card does: does it still part good from bad, did its population move, is it calibrated.

Counts are whole numbers and ratios exact fractions; a logarithm is a decimal. Nothing is a float.
"""

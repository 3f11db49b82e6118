"""Native schemes (评价办法): provincial methods on their own scales, and their place on ours.

Exact arithmetic only: whole numbers, decimals and fractions. A scheme whose official annex is
missing is refused by name, never guessed.
"""

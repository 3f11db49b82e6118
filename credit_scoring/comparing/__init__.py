"""A draft rule set beside the one in force, on the same archives and the same day.

Who moves from which grade to which, which lines make the difference, how far the shares of the
grades shift, and how they stand beside the shares that provinces have published. Nothing here is
stored, and no bank sees a challenger.
"""

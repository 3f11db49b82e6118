"""What follows from a grade (联动奖惩): rows of data, each with its legal basis and its end.

For persons the grade only opens benefits, and nothing here ever says "deny": a row applies, does
not apply, or is off. Everything is pure: rows, a subject's standing and a day in, an answer out.
"""

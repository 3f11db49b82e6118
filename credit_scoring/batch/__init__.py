"""Scores of many subjects at once: columns in, columns out, whole numbers all the way.

The rules are those of a rule set, compiled to arrays; the answers are equal, to the thousandth of a
point, to those of ``credit_scoring.scoring`` for each subject alone. What only one reader wants of
one subject, the ways to improve, is left to that path.
"""

"""What an authority decides and finds, and the facts of eco-credit that follow from it.

Decisions that were served, years that were closed, reports that were checked: each gives facts to
the archives (``credit_scoring/archive``) by rules that an origin names, which is data.
"""

"""A generated province: enterprises, villages and persons with facts drawn by stated probabilities.

Everybody in it is invented. The probabilities stand in ``data/probabilities.json`` and nowhere
else; a seed fixes every fact, on every machine.
"""

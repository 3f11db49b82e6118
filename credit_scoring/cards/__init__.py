"""The repayment scorecard (还款评分卡): bins and points, fitted offline, kept as one file.

It stands apart from the eco-credit index, which is only one of its variables. The package reads,
checks, scores, explains, exports and monitors cards. It never decides about a loan: the card that
is shipped was fitted on generated data, and every output repeats that.
"""

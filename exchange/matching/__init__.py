"""The book kernel: orders, prices and queues, as integers, with no input and no output.

It knows which order stands where and in which place, and nothing of accounts, money, fees or the
reasons of a trader: the market builds those on top. Every change can be undone by the journal.
"""

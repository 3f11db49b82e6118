"""The audit: everything that is stored, computed again from the entries and compared.

It reads and never repairs. It must not trust the writer: what it expects comes from the bytes of
the entries and from folding their effects, never from a projection row.
"""

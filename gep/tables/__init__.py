"""Plans as tables: templates, workbooks and CSV that people fill, read back with every fault named.

A table is read whole and checked whole: all faults of a file at once, each at its cell. What comes
out is the JSON document that ``gep.accounts.reading`` reads; nothing here stores or sends.
"""

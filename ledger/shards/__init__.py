"""Shards: the venue's public logs, one after another, and the keys that sign them.

Entries are numbered through for the life of a venue. A log covers those from one entry on until the
next log begins, and counts them from 0 in its own tree, under a name and keys of its own. A new log
begins each year, after a compromised key, or where a database was restored without its last
entries; under the old name there is never a second tree.
"""

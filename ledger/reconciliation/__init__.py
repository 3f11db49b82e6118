"""Reconciliation: files of the settlement bank and of other registers against our books.

Owns the two file formats, the matching, the record of each file, and the tasks that its
differences open. Never moves value: what was wrong is put right by the commands of its owner.
"""

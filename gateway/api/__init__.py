"""The HTTP door: parses, authenticates, sends commands to the writer, presents what is committed.

A route parses, calls one thing and presents the answer. No route decides a business rule, and no
route writes to the database: what changes value goes through the sequencer as a command.
"""

"""Personal parts: their keys, who they are about, how they are disclosed and how they are erased.

It owns the vault of subject keys and the commands that erase and disclose. It must never put a
name, or anything else that a personal part says, into an effect, a row of state or a log line.
"""

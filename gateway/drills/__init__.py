"""The tamper drill: changes a copy of a venue in every way we know of and shows who finds it.

It never touches the venue: what is tampered with is a copy in a database of its own. What a drill
does is a value in a list (one file a family); how it is done and who looks stands apart from that.
"""

"""What comes in through the door, as Pydantic models, and how it becomes a command.

Amounts are decimal strings in the instrument's own unit; here, and only here, they become integer
lots, ticks and minor units. A model's ``kind`` names its command, so the same models serve single
routes, linked transactions and proposals.
"""

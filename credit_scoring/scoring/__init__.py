"""The score: records and a rule set in, an explained index out. Pure, and in integers only."""

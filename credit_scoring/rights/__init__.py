"""What a subject may ask beside an objection: a person's review, notices of corrections, erasure.

Nothing here overrides a score. A review ends by pointing at facts, revocations, repairs or a rule
set; a notice says what a correction changed; an erasure leaves the fact's name and nothing else.
"""

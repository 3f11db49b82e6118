"""Editions of norms (核算规范) and parameter sets (参数集) as data: read strictly, and hashed."""

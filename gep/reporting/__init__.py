"""The report of an account (核算报告): one model of it, and two renderers, HTML and PDF.

``reporting`` words an account in a language as sections of tables, pictures and paragraphs; the
renderers know these alone, so that both say the same. Nothing here reads a clock, a database or a
network: the same account, boundaries and language give the same bytes. Figures are shown, never
computed anew: what a reader adds up is what the account has, and where rounding hides it, that is
said.
"""

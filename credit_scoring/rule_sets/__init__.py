"""Rule sets (评价规则集) as data: rules with their sources, caps, grades, native schemes, versions.

A rule set is immutable and named by its version and by the SHA-256 of its canonical JSON. The
package reads, checks and compares rule sets; it never scores.
"""

"""The edge: HTTP API, command line, processes, settings and wiring.

The only package that knows frameworks. It authenticates, parses, calls one service or
submits one command, and presents the answer. It never decides a business rule.
"""

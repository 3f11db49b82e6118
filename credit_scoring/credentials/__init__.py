"""A grade as a credential that its subject carries and a bank checks offline.

W3C Verifiable Credentials 2.0, Data Integrity `eddsa-jcs-2022`, Bitstring Status List 1.0; ADR-0022
says why these. Everything here is pure: keys, times, ids and places in lists come in as arguments.
A credential tells a grade and what it was computed by; it never lists an event.
"""

"""Positive and negative lists of subjects (红黑名单): who is on which, from when, until when, why.

A list changes no score. What counts is the fact that a listing rests on, under its rule.
"""

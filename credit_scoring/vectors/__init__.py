"""Test vectors: files of worked cases that engine and native schemes are checked against."""

"""The parts of a report, one file for each or few: from a page to a section."""

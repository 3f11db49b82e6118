"""The public log's doors: its files for others, and what a checking party needs."""

"""Which tables of consequences count in a venue: adopted under four eyes, never changed."""

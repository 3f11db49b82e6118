"""Which rule sets count in a venue: adopted under four eyes, never changed, never taken back."""

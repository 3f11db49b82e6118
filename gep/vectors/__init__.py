"""Files of published figures, computed again by the engine and by their own formulas."""

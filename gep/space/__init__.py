"""Units in space: their boundaries, what their accounts look like on a map, and warnings."""

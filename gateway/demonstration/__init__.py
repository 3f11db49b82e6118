"""The demonstration market: Yunxi county in 2026, loaded through the public API alone."""

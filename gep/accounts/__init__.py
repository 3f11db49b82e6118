"""GEP accounts (GEP 核算账): lines quantised once, totals that are sums of lines, comparisons."""

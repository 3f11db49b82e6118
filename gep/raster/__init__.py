"""Services computed cell by cell from rasters, block by block, and summed over units.

A job names rasters, classes of land cover, units and services; the same functions that accounts
call run upon arrays. What comes out are sums that become the inputs of an ordinary account. Only
``geotiff`` knows the library that reads rasters, which is an extra and need not be installed.
"""

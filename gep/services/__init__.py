"""The ecosystem services (生态系统服务) M1 to C3, disservices, prices and sums, as formulas.

A function takes amounts with units and gives one; nothing is rounded, nothing is looked up. Where a
list is taken, the formula sums over it. Amounts may hold arrays: a raster's block, or draws.
"""

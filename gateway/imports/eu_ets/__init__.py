"""The EU emissions trading system, 2008-2020, as a plan of steps for a venue of its own.

Owns the reading of the three public files (`data`), the plan of what is done year by year and day
by day (`plan`, from `supply` and `trading`), and the comparison of compliance codes
(`compliance`). It must never call a service, read a clock or draw by chance: the same files and
seed give the same steps.
"""

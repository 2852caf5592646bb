"""The demo plant: one believable chemical works, its week of history, and what its clock brings."""

"""How fast answers come and what they cost, measured from outside of the processes."""

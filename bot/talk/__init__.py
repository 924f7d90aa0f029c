"""`haki talk`: a phone in the terminal, through the live code path."""

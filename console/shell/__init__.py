"""What every page of the console shares: its policy, its languages, its frame."""

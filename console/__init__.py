"""The console in which partner organisations see who asked for a person."""

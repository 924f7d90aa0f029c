"""A stock Rasa project with Haki's intents: what the benchmarks compare Haki with."""

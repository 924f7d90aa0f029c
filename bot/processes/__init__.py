"""Starts, watches and stops the processes of one Haki installation on one machine.

Plain Python: nothing here needs Django, so that it can run before there is a database.
`engines` is PostgreSQL and Valkey, `stack` is the whole system, `demo` is what `make demo` runs.
"""

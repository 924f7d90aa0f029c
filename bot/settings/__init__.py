"""Settings: `environment` reads HAKI_* once into typed values, `project` is Django's module."""

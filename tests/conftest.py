"""Promises are checked on the same examples every time, however slow the machine is."""

from hypothesis import settings

settings.register_profile("ipvi", deadline=None, derandomize=True)
settings.load_profile("ipvi")

"""Before and after: process, recidivism, interrupted time series."""

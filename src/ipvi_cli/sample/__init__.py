"""The sample room: synthetic jurisdictions with a known truth, written in words of their own."""

from ipvi_cli.sample.make import Sample, make_sample

__all__ = ["Sample", "make_sample"]

"""Records of a system in which persons recur: a few with long careers, many with one incident."""

from ipvi_cli.sample.careers.records import make_careers

__all__ = ["make_careers"]

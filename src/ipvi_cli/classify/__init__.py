"""The classify room: relationship words to a class with its evidence for each pair, pairs to incidents."""

from ipvi_cli.classify.crosswalk import Crosswalk, crosswalks_sha256, load_crosswalk
from ipvi_cli.classify.headline import Headline, headline
from ipvi_cli.classify.run import Classified, Policy, classify

__all__ = [
    "Classified",
    "Crosswalk",
    "Headline",
    "Policy",
    "classify",
    "crosswalks_sha256",
    "headline",
    "load_crosswalk",
]

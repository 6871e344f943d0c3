"""The classify room: relationship words to a class with its evidence for each pair, pairs to incidents."""

from ipvi_cli.classify.crosswalk import Crosswalk, crosswalks_sha256, load_crosswalk
from ipvi_cli.classify.decisions import decided_class, decision_fault, decision_words, word_key
from ipvi_cli.classify.headline import Headline, headline, linked_only
from ipvi_cli.classify.near import near_misses
from ipvi_cli.classify.reviewed import Review
from ipvi_cli.classify.run import Classified, Policy, classify
from ipvi_cli.classify.statutes import confirmed_statutes, match_statutes, partner_statutes

__all__ = [
    "Classified",
    "Crosswalk",
    "Headline",
    "Policy",
    "Review",
    "classify",
    "confirmed_statutes",
    "crosswalks_sha256",
    "decided_class",
    "decision_fault",
    "decision_words",
    "headline",
    "linked_only",
    "load_crosswalk",
    "match_statutes",
    "near_misses",
    "partner_statutes",
    "word_key",
]

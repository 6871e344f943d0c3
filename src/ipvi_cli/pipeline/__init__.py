"""The order of the rooms, one module for each kind of run; the commands and the library call these functions.

Runs that need more than the core of the toolkit are imported by name (``from ipvi_cli.pipeline import onboarding``), so
that nothing heavy is loaded for those that do not.
"""

from ipvi_cli.pipeline.catalogue import crosswalk, figures, profiles, rules, sample, schema
from ipvi_cli.pipeline.settings import PROFILE_NAME, coder, default_workspace, load_profile
from ipvi_cli.pipeline.stages import (
    KEPT_DECISIONS,
    KEPT_ORIGIN,
    KEPT_PROFILE,
    KEPT_UNMAPPED,
    KEPT_VALUES,
    REVIEW_FILE,
    SAMPLE_FILE,
    Audit,
    again,
    audit,
    careers_again,
    careers_of,
    classify,
    figured_again,
    ingest,
    summarize,
    summarized_again,
    validate,
)

__all__ = [
    "KEPT_DECISIONS",
    "KEPT_ORIGIN",
    "KEPT_PROFILE",
    "KEPT_UNMAPPED",
    "KEPT_VALUES",
    "PROFILE_NAME",
    "REVIEW_FILE",
    "SAMPLE_FILE",
    "Audit",
    "again",
    "audit",
    "careers_again",
    "careers_of",
    "classify",
    "coder",
    "crosswalk",
    "default_workspace",
    "figured_again",
    "figures",
    "ingest",
    "load_profile",
    "profiles",
    "rules",
    "sample",
    "schema",
    "summarize",
    "summarized_again",
    "validate",
]

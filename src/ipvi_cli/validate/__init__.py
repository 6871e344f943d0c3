"""The validate room: declared rules over the canonical tables give findings."""

from ipvi_cli.validate.baseline import accept, baseline
from ipvi_cli.validate.choose import unknown_codes, wanted_codes
from ipvi_cli.validate.present import fix_lists, grouped
from ipvi_cli.validate.registry import PLAUSIBILITY_CODES, rules, rules_frame, rules_sha256
from ipvi_cli.validate.rule import Rule
from ipvi_cli.validate.run import validate

__all__ = [
    "PLAUSIBILITY_CODES",
    "Rule",
    "accept",
    "baseline",
    "fix_lists",
    "grouped",
    "rules",
    "rules_frame",
    "rules_sha256",
    "unknown_codes",
    "validate",
    "wanted_codes",
]

"""An unknown delivery to a drafted profile: what columns look like, how sure that is, what only the site knows."""

from ipvi_cli.onboard.delivered import Delivered, Vocabulary
from ipvi_cli.onboard.headers import looks_like_data
from ipvi_cli.onboard.letter import write_letter
from ipvi_cli.onboard.profile_text import write_profile
from ipvi_cli.onboard.questions import Question
from ipvi_cli.onboard.run import Study, study

__all__ = [
    "Delivered",
    "Question",
    "Study",
    "Vocabulary",
    "looks_like_data",
    "study",
    "write_letter",
    "write_profile",
]

"""Passwords and keys in code, configuration, commands and prose, by what stands before them."""

from __future__ import annotations

from pipelines.detectors.secret_in_text.assigned import ASSIGNED
from pipelines.detectors.secret_in_text.codes import CODES
from pipelines.detectors.secret_in_text.given import GIVEN

SECRETS = (*ASSIGNED, *GIVEN, *CODES)

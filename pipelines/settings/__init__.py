"""Process settings, from the environment or from options of the same name.

`CLEARWATER_COMMIT_INTERVAL=1s` and `--commit-interval 1s` are the same setting; the option wins.
Add one: a field with its meaning in `model.py`, what it needs or excludes in `conflicts.py`.
"""

from pipelines.settings.load import load_settings
from pipelines.settings.model import PREFIX, Setting, Settings, read_secret, variable

__all__ = ["PREFIX", "Setting", "Settings", "load_settings", "read_secret", "variable"]

"""SampleRuns: samples through a pipeline, and which branches each of them takes."""

from __future__ import annotations

from datetime import datetime

from pipelines.cli.cases.runs import trial_blueprint
from pipelines.cli.cases.scrubbing import Way
from pipelines.cli.trial.records import trial_of
from pipelines.declaration.cases import Given
from pipelines.engine.branch import Coverage
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialResult
from pipelines.engine.watched import Watched
from pipelines.errors import ConfigError, RecordError


class SampleRuns:
    """Runs records and says what each did.

    Attributes:
        branches: All that there is to reach.
    """

    def __init__(self, plan: Plan, now: datetime) -> None:
        """Take the pipeline, and the time at which records are processed."""
        self._coverage = Coverage()
        blueprint = trial_blueprint(plan.blueprint, now)
        self._running = blueprint.running
        watched = Watched(blueprint, self._coverage)
        self._trial, self._encode = trial_of(watched.plan, watched.seen)
        self.branches = list(self._coverage.hits)

    def run(self, given: Given) -> tuple[Way, list[TrialResult]]:
        """Return the branches that a record takes with its fate, and what becomes of it.

        As in a test no record was before it.
        """
        self._running.forget()
        return self.run_next(given)

    def run_next(self, given: Given) -> tuple[Way, list[TrialResult]]:
        """Do the same for a record behind those before."""
        for branch in self.branches:
            self._coverage.hits[branch] = 0
        try:
            results = self._trial.run(self._encode(given, 0))
        except (ConfigError, RecordError):
            return frozenset({"no record of this source"}), []
        last = results[-1]
        fate = f"{last.fate} by {last.step}" + (f": {last.reason}" if last.reason else "")
        return frozenset(
            {fate, *(one for one, hits in self._coverage.hits.items() if hits)}
        ), results

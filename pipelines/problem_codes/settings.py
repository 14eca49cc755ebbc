"""Settings of the process."""

from pipelines.problem_code import ProblemCode

CODES = (
    ProblemCode(
        "CW0801",
        "wrong-setting",
        "A setting cannot be",
        "Settings are variables of the environment that start with CLEARWATER_; a misspelt one"
        " would have no effect, so it is refused. `clearwater settings` lists them.",
        "# environment\nCLEARWATER_LOG_LEVLE=info\n",
        "# environment\nCLEARWATER_LOG_LEVEL=info\n",
    ),
)

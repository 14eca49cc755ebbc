"""Lookup tables."""

from pipelines.problem_code import ProblemCode

_STEP = "steps:\n  - {step: enrich, id: region, table: regions, key: key, into: region}\n"

CODES = (
    ProblemCode(
        "CW0701",
        "unreadable-table",
        "The file of a table cannot be read",
        "File names are relative to the file that declares the table.",
        _STEP + "tables: {regions: {csv: regoins.csv, key: country}}\n"
        "# regions.csv\ncountry,region\nDE,Europe\n",
        _STEP + "tables: {regions: {csv: regions.csv, key: country}}\n"
        "# regions.csv\ncountry,region\nDE,Europe\n",
    ),
    ProblemCode(
        "CW0702",
        "invalid-table",
        "A table's rows are wrong",
        "The key column is missing, keys are there twice, rows have too few cells, or there are no"
        " rows. Messages name lines and never quote a row.",
        _STEP + "tables: {regions: {csv: regions.csv, key: country}}\n"
        "# regions.csv\ncountry,region\nDE,Europe\nDE,Asia\n",
        _STEP + "tables: {regions: {csv: regions.csv, key: country}}\n"
        "# regions.csv\ncountry,region\nDE,Europe\nJP,Asia\n",
    ),
)

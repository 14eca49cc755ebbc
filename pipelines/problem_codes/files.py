"""Files that cannot be read at all."""

from pipelines.problem_code import ProblemCode

CODES = (
    ProblemCode(
        "CW0001",
        "unreadable-file",
        "A file cannot be read",
        "It is there, and the operating system does not let this user read it, or it is not what it"
        " seems: a link to nothing, a folder with the name of a file.",
        "# notes.yaml\n# a link to a file that is gone\n",
        "# notes.yaml\n# a file of its own, or nothing\n",
    ),
    ProblemCode(
        "CW0002",
        "invalid-yaml",
        "A file is no YAML",
        "A bracket or quote is not closed, a colon is missing, or lines are not indented alike. The"
        " place is where the reader gave up: the mistake is there or in the line before.",
        "publish: {topic: orders.clean\n",
        "publish: {topic: orders.clean}\n",
    ),
    ProblemCode(
        "CW0003",
        "key-twice",
        "A key is given twice",
        "YAML would silently take the last one, and half of what was written would have no effect.",
        "publish: {topic: orders.clean, topic: orders.better}\n",
        "publish: {topic: orders.clean}\n",
    ),
    ProblemCode(
        "CW0004",
        "key-no-text",
        "A key is no text",
        "A key is a word or a number. A list or a mapping as a key comes from `?` or from brackets"
        " where a name should be.",
        "description: orders\n? [a, b]\n: c\n",
        "description: orders\n",
    ),
    ProblemCode(
        "CW0005",
        "yaml-tag",
        "A YAML tag is not supported",
        "Declarations are plain values: nothing in them runs code or loads a file. Secrets come"
        " from files of keys, and settings from the environment.",
        "owner: !env OWNER\n",
        "owner: team-checkout\n",
    ),
    ProblemCode(
        "CW0006",
        "too-large",
        "A file holds too many values",
        "Aliases of aliases multiply: a few lines can stand for millions of values. Every alias"
        " counts as often as it is used.",
        "# bomb.yaml\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"  # ten times as many a line
            for n in range(1, 6)
        ),
        "description: ten words and no more\n",
    ),
    ProblemCode(
        "CW0007",
        "no-declaration",
        "A YAML file is no declaration",
        "Every YAML file below the folder is read, and its top key says what it is: `pipeline`,"
        " `policy` or `tests`; files in a folder `tables` are tables. Files of other tools go"
        " elsewhere, or into a folder whose name starts with a dot.",
        "# notes.yaml\ntodo: write the pipeline\n",
        "# .notes/notes.yaml\ntodo: write the pipeline\n",
    ),
    ProblemCode(
        "CW0008",
        "no-such-path",
        "There is no such folder or file",
        "The command was given a path where nothing is. It is taken from where the command runs.",
        "# anywhere\nclearwater check piplines\n",
        "# anywhere\nclearwater check pipelines\n",
    ),
    ProblemCode(
        "CW0009",
        "no-pipeline",
        "A folder holds no pipeline",
        "There are no pipeline files in the folder or below it. A pipeline file is YAML and its top"
        " key is `pipeline`.",
        "# policies/default.yaml\npolicy: default\n",
        "pipeline: orders\n",
    ),
)

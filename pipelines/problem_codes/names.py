"""Names that declarations give each other."""

from pipelines.problem_code import ProblemCode

_TESTS = "# orders.test.yaml\ntests:\n  - id: a card leaves masked\n"

CODES = (
    ProblemCode(
        "CW0201",
        "step-id-twice",
        "Two steps have one id",
        "Metrics, tests and dead letters name a step by its id: it is unique in its pipeline.",
        "steps:\n  - {step: remove, id: clean, fields: [note]}\n"
        "  - {step: remove, id: clean, fields: [comment]}\n",
        "steps:\n  - {step: remove, id: notes, fields: [note]}\n"
        "  - {step: remove, id: comments, fields: [comment]}\n",
    ),
    ProblemCode(
        "CW0202",
        "unknown-table",
        "There is no such table",
        "Tables stand under `tables:` in the pipeline file, or in `tables/NAME.yaml` for all"
        " pipelines.",
        "steps:\n  - {step: enrich, id: region, table: regoins, key: key, into: region}\n"
        "tables: {regions: {inline: {DE: Europe}}}\n",
        "steps:\n  - {step: enrich, id: region, table: regions, key: key, into: region}\n"
        "tables: {regions: {inline: {DE: Europe}}}\n",
    ),
    ProblemCode(
        "CW0203",
        "unknown-policy",
        "There is no such policy",
        "A policy is a file with `policy: NAME` at its top, anywhere below the folder.",
        "privacy: {policy: strict}\n",
        "privacy: {policy: strict}\n# policies/strict.yaml\npolicy: strict\n",
    ),
    ProblemCode(
        "CW0204",
        "unknown-destination",
        "A policy is given to a topic that gets no record",
        "`privacy.destinations` names topics that `publish` or a `route` sends to. For any other"
        " the policy would never apply.",
        "privacy: {destinations: {orders.faud: strict}}\n# policies/strict.yaml\npolicy: strict\n",
        "privacy: {destinations: {orders.clean: strict}}\n# policies/strict.yaml\npolicy: strict\n",
    ),
    ProblemCode(
        "CW0205",
        "unknown-key-name",
        "There is no such key",
        "Pseudonyms and the originals of dead letters need a key, a file in the folder that"
        " CLEARWATER_KEYS names. `clearwater keys create NAME` makes one.",
        "# keys/dead-letters.key\n# orders.yaml asks for `customers`\n",
        "# keys/customers.key\n# made by `clearwater keys create customers`\n",
    ),
    ProblemCode(
        "CW0206",
        "no-key-folder",
        "A key is needed and there is no folder of keys",
        "A trial takes a key made from the name; a worker does not start without the real one. Set"
        " CLEARWATER_KEYS to the folder with the keys to have them checked.",
        "dead_letter: {topic: orders.dead, key: dead-letters}\n",
        "# keys/dead-letters.key\n# and CLEARWATER_KEYS names the folder\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0207",
        "declared-twice",
        "Two files declare one name",
        "Each pipeline and each policy has one file.",
        "privacy: {policy: strict}\n# a.yaml\npolicy: strict\n# b.yaml\npolicy: strict\n",
        "privacy: {policy: strict}\n# b.yaml\npolicy: strict\n",
    ),
    ProblemCode(
        "CW0208",
        "source-twice",
        "Two pipelines read one topic",
        "A raw topic has one pipeline: every record has one fate. Several destinations are routes"
        " of that pipeline.",
        "# other.yaml\npipeline: other\nsource: {topic: orders.raw, value: json}\n"
        "publish: {topic: other.clean}\ndead_letter: {topic: other.dead}\n",
        "# other.yaml\npipeline: other\nsource: {topic: other.raw, value: json}\n"
        "publish: {topic: other.clean}\ndead_letter: {topic: other.dead}\n",
    ),
    ProblemCode(
        "CW0209",
        "loop",
        "Records would come back",
        "What the pipeline publishes, or its dead letters, would reach its own source again, by"
        " itself or over other pipelines: records would go round without end.",
        "publish: {topic: orders.raw}\n",
        "publish: {topic: orders.clean}\n",
    ),
    ProblemCode(
        "CW0210",
        "shared-dead-letters",
        "Dead letters go to a topic of clean records",
        "Dead letters hold the sealed original; who reads clean records cannot read them.",
        "dead_letter: {topic: orders.clean}\n",
        "dead_letter: {topic: orders.dead}\n",
    ),
    ProblemCode(
        "CW0211",
        "unknown-pipeline",
        "There is no such pipeline",
        "Tests stand beside the pipeline, in NAME.test.yaml for NAME.yaml; another name is given by"
        " `pipeline:`.",
        "# orders.test.yaml\npipeline: odrers\n"
        "tests: [{id: an order leaves, given: {value: {}}}]\n",
        "# orders.test.yaml\npipeline: orders\n"
        "tests: [{id: an order leaves, given: {value: {}}}]\n",
    ),
    ProblemCode(
        "CW0212",
        "unknown-step",
        "A test names a step that there is not",
        "`by` names the step that decided, or one of `decode`, `gate`, `encode` and `publish`.",
        _TESTS + "    given: {value: {}}\n    by: synthetc\n",
        _TESTS + "    given: {value: {}}\n    by: publish\n",
    ),
    ProblemCode(
        "CW0213",
        "test-id-twice",
        "Two tests have one id",
        "A test is named by its id in every report.",
        _TESTS + "    given: {value: {}}\n  - id: a card leaves masked\n    given: {value: {}}\n",
        _TESTS + "    given: {value: {}}\n  - id: a name leaves redacted\n    given: {value: {}}\n",
    ),
    ProblemCode(
        "CW0214",
        "unused-table",
        "Nothing reads a table",
        "No `enrich` and no `table(…)` looks anything up in it. Often a step that did was taken"
        " out, or names another table by mistake.",
        "tables: {regions: {inline: {DE: Europe}}}\n",
        "tables: {regions: {inline: {DE: Europe}}}\n"
        "steps:\n  - {step: enrich, id: region, table: regions, key: key, into: region}\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0215",
        "unused-policy",
        "No pipeline uses a policy",
        "Nothing in it ever applies: neither its treatments nor its detectors.",
        "# policies/strict.yaml\npolicy: strict\n",
        "privacy: {policy: strict}\n# policies/strict.yaml\npolicy: strict\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0216",
        "undeclared-topic",
        "A route leads to a topic that nothing else names",
        "A topic counts as declared if a pipeline reads or publishes to it, if it has a policy of"
        " its own, if several routes lead to it, or if a test expects a record there. One that a"
        " single route names may be misspelt.",
        "steps:\n  - {step: route, id: eu, to: orders.claen.eu, when: has(message.eu)}\n",
        "steps:\n  - {step: route, id: eu, to: orders.clean.eu, when: has(message.eu)}\n"
        + _TESTS
        + "    given: {value: {eu: true}}\n    expect: [{topic: orders.clean.eu}]\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0217",
        "unreachable-topic",
        "A test expects a record on a topic that gets none",
        "Neither `publish` nor a route of the pipeline sends anything there: the test cannot pass.",
        _TESTS + "    given: {value: {}}\n    expect: [{topic: orders.cleen}]\n",
        _TESTS + "    given: {value: {}}\n    expect: [{topic: orders.clean}]\n",
        severity="warning",
    ),
)

"""What the repository promises about its own shape, over the files that are committed."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CEILING = 300

TOP_LEVEL = {
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "docker",
    "helm",
    "pipelines",
    "pyproject.toml",
    "schemas",
    "tests",
}

NO_MODULE_OF_ITS_OWN = {
    "tests/contracts/": "laws of every variant of a catalogue",
    "tests/laws/": "the laws of the whole way of a record",
    "tests/integration/": "the whole way of a record on a real Kafka",
    "tests/bench/": "the benchmark's own parts",
    "tests/docker/": "the image and what is brought up around it",
    "tests/rollout/": "pods rolled over by a container engine",
    "tests/helm/": "the chart",
    "tests/cluster/": "the chart on a Kubernetes control plane",
    "tests/alerts/": "the alerts' rules and the dashboards",
    "tests/golden/": "reports of broken files",
    "tests/quality/": "how well the detectors find",
    "tests/faults/": "what fails while records flow",
    "tests/cli/test_commands.py": "every command once, as a user runs it",
    "tests/cli/test_on_kafka.py": "the commands that speak to brokers",
    "tests/runtime/test_consumer.py": "the consumer of runtime/driver, on a real Kafka",
    "tests/runtime/test_faults.py": "brokers and handlers that fail, on a real Kafka",
    "tests/runtime/test_handover.py": "partitions that change hands, on a real Kafka",
    "tests/test_layout.py": "the repository itself",
    "tests/test_readme.py": "what the README says",
    "tests/steps/test_shapes.py": "what every step does to a shape",
    "tests/wire/test_derive_": "one law each of derive.py, with its own generator of schemas",
    "tests/wire/test_registry_faults.py": "registry.py where it does not answer as it should",
    "tests/tables/test_key_text.py": "the one function of the contract in table.py",
}
"""Test modules that mirror no module of the package, and what they are about instead."""

_SLASH, _DOT = "/", "."  # so that this file does not break its own rules

SAMPLES = ("pipelines/examples/samples/",)
"""Sample data: addresses and paths in it are somebody's log lines."""

MACHINE_PATH = re.compile(r"(?<![\w.$}~*/-])/(?:work|root|home|Users)/[\w.]")
PACKAGE_INDEX = re.compile(
    "|".join(
        re.escape(".".join(name))
        for name in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("maven", "apache", "org"),
            ("maven", "org"),
            ("npmjs", "org"),
            ("crates", "io"),
            ("proxy", "golang", "org"),
            ("sum", "golang", "org"),
            ("deb", "debian", "org"),
        )
    )
    + "|(?:extra-)?index-url[ =]+http|artifact[o]ry|--trusted[-]host"
)


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git as the developer has it
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = [name for name in listed.stdout.decode().split("\0") if name]
    return [name for name in files if (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    found = {}
    for name in committed():
        if not name.startswith(SAMPLES):
            try:
                found[name] = (ROOT / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # an image
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def module_of(test: str) -> list[str]:
    """Return the paths that the module under test may have."""
    folder, _, file = test.removeprefix("tests/").rpartition("/")
    name = file.removeprefix("test_").removesuffix(".py")
    inside = f"pipelines/{folder}/" if folder else "pipelines/"
    candidates = [f"{inside}{name}.py", f"{inside}{name}_.py", f"{inside}{name}/__init__.py"]
    if folder.rpartition("/")[2] == name:
        candidates.append(f"{inside}__init__.py")
    return candidates


def test_the_top_level_holds_what_is_agreed_and_files_with_a_dot() -> None:
    top = {name.split("/")[0] for name in committed()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_no_module_is_longer_than_the_ceiling() -> None:
    modules = [name for name in committed() if re.fullmatch(r"pipelines/.*\.py", name)]
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in modules}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > CEILING} == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_index() -> None:
    assert lines_with(PACKAGE_INDEX) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "path = " + _SLASH + "home/alice/clearwater"),
        (MACHINE_PATH, "cd " + _SLASH + "work/main"),
        (PACKAGE_INDEX, "--index-url " + "https://mirror.example"),
        (PACKAGE_INDEX, "from https://" + "files.pythonhosted" + _DOT + "org/x.whl"),
    ],
    ids=["home", "work", "index option", "index host"],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_every_test_module_mirrors_a_module() -> None:
    files = set(committed())
    tests = [name for name in files if re.fullmatch(r"tests/(.*/)?test_\w+\.py", name)]
    lost = [
        test
        for test in tests
        if not any(test.startswith(known) for known in NO_MODULE_OF_ITS_OWN)
        and not any(module in files for module in module_of(test))
    ]
    assert tests
    assert sorted(lost) == []


def test_every_changelog_fragment_is_of_a_known_kind() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = "|".join(kind["directory"] for kind in document["tool"]["towncrier"]["type"])
    fragment = re.compile(rf"\.changelog/(CHANGELOG|(\+[a-z0-9-]+|\d+)\.({kinds}))\.md")
    changelog = [name for name in committed() if name.startswith(".changelog/")]
    assert [name for name in changelog if not fragment.fullmatch(name)] == []


def test_names_that_say_nothing_are_not_used() -> None:
    empty = re.compile(r"pipelines/(.*/)?(utils?|helpers?|common|core|base|manager)(\.py|/.*)")
    assert [name for name in committed() if empty.fullmatch(name)] == []


def test_the_picture_of_the_layers_is_the_one_that_is_checked() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = document["tool"]["importlinter"]["contracts"][0]["layers"]
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    picture = told.partition("<!-- layers -->")[2].partition("<!-- /layers -->")[0]
    assert picture.strip().strip("`").strip().splitlines() == layers

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipelines.quantity import Duration, Share, Size

KINDS: dict[str, TypeAdapter[Any]] = {
    "duration": TypeAdapter(Duration),
    "size": TypeAdapter(Size),
    "share": TypeAdapter(Share),
}


@pytest.mark.parametrize(
    ("kind", "written", "held"),
    [
        pytest.param("duration", "500ms", 0.5, id="milliseconds"),
        pytest.param("duration", "30s", 30.0, id="seconds"),
        pytest.param("duration", "1.5m", 90.0, id="a fraction of minutes"),
        pytest.param("duration", "2h", 7200.0, id="hours"),
        pytest.param("duration", "1d", 86400.0, id="a day"),
        pytest.param("size", "512B", 512, id="bytes"),
        pytest.param("size", "64KiB", 65536, id="kibibytes"),
        pytest.param("size", "1MiB", 1048576, id="a mebibyte"),
        pytest.param("size", "2GiB", 2147483648, id="gibibytes"),
        pytest.param("share", "5%", 0.05, id="per cent"),
        pytest.param("share", "0.1%", 0.001, id="a fraction of a per cent"),
        pytest.param("share", "100%", 1.0, id="everything"),
    ],
)
def test_quantities_are_held_in_their_base_unit(kind: str, written: str, held: float) -> None:
    assert KINDS[kind].validate_python(written) == pytest.approx(held)


@pytest.mark.parametrize(
    ("kind", "written", "message"),
    [
        pytest.param("duration", 30, "a number with a unit", id="seconds without a unit"),
        pytest.param("duration", "-1s", "a number with a unit", id="a negative duration"),
        pytest.param("duration", "1 s", "a number with a unit", id="a blank"),
        pytest.param("duration", "٣s", "a number with a unit", id="digits beyond ASCII"),
        pytest.param("size", "1MB", "a whole number with a unit", id="a decimal unit"),
        pytest.param("size", "1.5MiB", "a whole number with a unit", id="half a size"),
        pytest.param("share", 0.05, "a percentage", id="a share as a number"),
        pytest.param("share", "101%", "less than or equal to 1", id="more than everything"),
    ],
)
def test_what_is_no_quantity_is_refused_with_an_example(
    kind: str, written: object, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        KINDS[kind].validate_python(written)


@given(st.integers(0, 10**9))
def test_whole_sizes_and_seconds_are_exact(number: int) -> None:
    assert KINDS["size"].validate_python(f"{number}B") == number
    assert KINDS["duration"].validate_python(f"{number}s") == number


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_shows_how_it_is_written(kind: str) -> None:
    schema = KINDS[kind].json_schema()

    assert schema["type"] == "string"
    KINDS[kind].validate_python(schema["examples"][0])

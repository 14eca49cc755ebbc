from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.privacy.policy import Allow, Policy, Privacy, ScanNothing

CANARY = "canary-5b7e"


def test_an_empty_policy_scans_what_no_rule_names() -> None:
    policy = Policy.model_validate({"policy": "p"})

    assert (policy.treat, policy.found, policy.unclassified) == ({}, {}, "scan")


def test_an_empty_privacy_block_scans_everything() -> None:
    privacy = Privacy()

    assert (privacy.scan, privacy.fields, privacy.key, privacy.headers) == (
        "everything",
        {},
        None,
        {},
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param({"policy": "Default"}, "policy", id="a name in capitals"),
        pytest.param({"policy": "p", "treat": {"a b": {"keep": {}}}}, "treat", id="no tag"),
        pytest.param({"policy": "p", "found": {"email": {"keep": {}}}}, "found", id="no entity"),
        pytest.param({"policy": "p", "unclassified": "skip"}, "'scan' or 'deny'", id="no word"),
        pytest.param({"policy": "p", "unclassified": "allow"}, "'scan' or 'deny'", id="no reason"),
        pytest.param(
            {"policy": "p", "unclassified": {"allow": "ok"}}, "10 char", id="short reason"
        ),
        pytest.param({"policy": "p", "treat": {"PII": {"hash": {}}}}, "key", id="unkeyed hash"),
        pytest.param({"policy": "p", "phone_regions": ["UK"]}, "'GB'", id="no region"),
        pytest.param({"policy": "p", "threat": {}}, "extra_forbidden", id="unknown key"),
    ],
)
def test_a_policy_that_says_nothing_sound_is_refused(written: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Policy.model_validate(written)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param({"scan": []}, "scan names no path", id="no paths"),
        pytest.param({"scan": "nothing"}, "'everything'", id="nothing without a reason"),
        pytest.param({"scan": {"nothing": "         x"}}, "10 characters", id="a blank reason"),
        pytest.param({"fields": {"a..b": {"keep": {}}}}, "not a field path", id="no path"),
        pytest.param({"bytes": True}, "string", id="bytes without a reason"),
        pytest.param({"field": {}}, "extra_forbidden", id="unknown key"),
    ],
)
def test_a_block_that_says_nothing_sound_is_refused(written: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Privacy.model_validate(written)


def test_reasons_are_kept_for_the_auditor() -> None:
    reason = "synthetic data only"
    policy = Policy.model_validate({"policy": "p", "unclassified": {"allow": reason}})

    assert policy.unclassified == Allow(allow=reason)
    assert Privacy.model_validate({"scan": {"nothing": reason}}).scan == ScanNothing(nothing=reason)


def test_an_error_quotes_nothing_that_was_written() -> None:
    with pytest.raises(ValidationError) as failure:
        Policy.model_validate({"policy": "p", "treat": {"PII": {"hash": {"key": [CANARY]}}}})

    assert CANARY not in str(failure.value)

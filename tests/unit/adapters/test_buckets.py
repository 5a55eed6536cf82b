"""Which buckets may be read: the patterns of a deployment, read as IAM reads them."""

from __future__ import annotations

import fnmatch
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.adapters.aws.s3.buckets import AllowedBuckets
from syndic.adapters.aws.s3.captures import S3Captures
from syndic.errors import InvalidInputError
from syndic.settings import AwsSettings, bucket_patterns, read_settings

NAMED = {"SYNDIC_TABLE_NAME": "t", "SYNDIC_ARCHIVE_BUCKET": "a", "SYNDIC_EVENT_BUS": "b"}


class OneObject:
    """S3 with the same object everywhere."""

    def get_object(self, **_: object) -> dict[str, object]:
        return {"ContentLength": 3, "Body": io.BytesIO(b"a\n1")}


def reader(buckets: str) -> S3Captures:
    return S3Captures(OneObject(), buckets=bucket_patterns(buckets))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("buckets", "uri"),
    [
        ("sagemaker-*", "s3://sagemaker-eu-central-1-123456789012/base.csv"),
        ("sagemaker-*", "s3://sagemaker-x/y"),
        ("*-captures", "s3://team-a-captures/x"),
        ("my-captures, sagemaker-*", "s3://my-captures/x"),
        ("team-?-data", "s3://team-b-data/x"),
        ("a.b-*", "s3://a.b-c/x"),
    ],
)
def test_a_bucket_that_the_pattern_means_is_read(buckets: str, uri: str) -> None:
    assert reader(buckets).table(uri) == b"a\n1"


@pytest.mark.parametrize(
    ("buckets", "uri"),
    [
        ("sagemaker-*", "s3://other/base.csv"),
        ("sagemaker-*", "s3://sagemaker-*/x"),  # the pattern itself is no bucket
        ("sagemaker-*", "s3://my-sagemaker-x/x"),
        ("sagemaker-*", "s3://SAGEMAKER-x/x"),
        ("sagemaker-*", "s3://sagemaker-x@evil/x"),
        ("sagemaker-*", "s3://sagemaker-x\n/x"),
        ("a.b-*", "s3://axb-c/x"),  # a dot is a dot
        ("team-?-data", "s3://team-bb-data/x"),
    ],
)
def test_no_other_bucket_is_read(buckets: str, uri: str) -> None:
    with pytest.raises(InvalidInputError, match="capture_buckets"):
        reader(buckets).table(uri)


@pytest.mark.parametrize("text", ["", " , ", "arn:aws:s3:::mine", "s3://mine", "Mine", "*", "a*", "??????", "x" * 64])
def test_a_list_that_names_no_bucket_is_refused_with_the_variable(text: str) -> None:
    with pytest.raises(ValueError, match=r"bucket"):
        bucket_patterns(text)
    if text:
        with pytest.raises(InvalidInputError) as caught:
            read_settings(AwsSettings, {**NAMED, "SYNDIC_CAPTURE_BUCKETS": text})
        assert "SYNDIC_CAPTURE_BUCKETS" in str(caught.value)


@given(
    st.lists(st.text("ab-.*?", min_size=1, max_size=8), max_size=4),
    st.from_regex(r"[ab][ab.-]{1,6}[ab]", fullmatch=True),
)
def test_patterns_mean_what_they_mean_to_the_policy(patterns: list[str], bucket: str) -> None:
    """`fnmatch` knows the same two signs, and brackets, which no pattern here holds."""
    expected = any(re.fullmatch(fnmatch.translate(pattern), bucket) for pattern in patterns)
    assert (bucket in AllowedBuckets(patterns)) == expected

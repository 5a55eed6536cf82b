"""What the digest says, and that nothing in it can break out."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from syndic.adapters.channels.email.check_mail import check_mail
from syndic.adapters.channels.email.render import render
from syndic.alerting.notification import compose
from syndic.alerting.store import renewed
from syndic.alerting.troubles.standing import derive
from syndic.alerting.troubles.subjects import take
from syndic.models import Concern, Finding, Severity
from syndic.ports import Mail
from tests.unit.alerting.makers import NOW, finding

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\r\nBcc: everyone@example.org",
    "a\x00b\x85c\u2028d\u2029e",
    "$title ${reason} %s {0}",
    "</td></table><a href='javascript:alert(1)'>x</a>",
    "\ud800",
    "=cmd|' /C calc'!A0",
]


def message(*findings: object, url: str | None = "https://syndic.example.org/") -> Mail:
    by_model: dict[str, list] = {}
    for one in findings:
        by_model.setdefault(one.model_id, []).append(take(None, one))
    records = [renewed(name, None, subjects, NOW) for name, subjects in by_model.items()]
    alerts = [derive(record, NOW) for record in records if record]
    return render(compose(alerts, to="owner@example.org", dashboard_url=url, digest_id="d1", now=NOW))


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("part", ["text", "html"])
def test_it_names_model_feature_number_threshold_since_what_to_do_and_link(part: str) -> None:
    body = getattr(message(finding()), part)
    for expected in (
        "car-loan",
        "car_value",
        "psi 1.7",
        "threshold 0.25",
        "1 April 2019 to 30 April 2019",
        "Compare the feature&#x27;s source" if part == "html" else "Compare the feature's source",
        "https://syndic.example.org/#/models/car-loan-123abc",
        "critical" if part == "html" else "CRITICAL",
    ):
        assert expected in body


def test_the_subject_says_the_most_important_thing() -> None:
    assert message(finding()).subject == "[critical] car-loan: car_value has drifted"
    several = finding(), finding(model="b"), finding(0, Severity.LOW, model="c")
    assert message(*several).subject == "3 models: 2 critical alerts, 1 more"
    assert message(finding(), finding(subject="b"), finding(0, Severity.LOW, subject="c")).subject == (
        "[critical] car-loan: b has drifted"
    )
    assert message(finding(), finding(model="m2", subject="b")).subject == "2 models: 2 critical alerts"


def test_the_worst_comes_first() -> None:
    text = message(finding(0, Severity.MEDIUM, model="mild"), finding(0, Severity.CRITICAL, model="grave")).text
    assert text.index("grave") < text.index("mild")


def test_without_a_dashboard_there_is_no_link() -> None:
    for url in (None, "", "javascript:alert(1)", "dashboard.example.org", "https://"):
        mail = message(finding(), url=url)
        assert "#/models" not in mail.text
        assert read(mail.html).links == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_headers_lines_or_markup(text: str) -> None:
    plain = read(message(finding()).html)
    one = finding(subject=text, model_name=text, title=text, reason=text, remedy=text, measure=text)
    mail = message(one)
    check_mail(mail)
    reader = read(mail.html)
    assert reader.tags == plain.tags
    assert [link.partition("&feature=")[0] for link in reader.links] == [
        link.partition("&feature=")[0] for link in plain.links
    ]
    assert not set(reader.links[0]) & set("<>\"' \r\n")
    assert len(mail.text.splitlines()) == len(message(finding()).text.splitlines())
    mail.text.encode()
    mail.html.encode()


def test_a_finding_without_numbers_is_told_without_them() -> None:
    mail = message(finding(value=None, threshold=None, measure=None, window=None))
    assert "Measured" not in mail.text
    assert "21 November 2026" in mail.text
    assert "threshold" not in mail.html.split("Why")[0].split("PSI")[0]


def test_what_the_model_does_leads_and_the_rest_is_named_in_its_order() -> None:
    def of(subject: str, measure: str, value: float | None, threshold: float, severity: Severity) -> Finding:
        return finding(
            0, severity, subject=subject, concern=Concern.BIAS, measure=measure, value=value, threshold=threshold
        )

    told = [
        of("prediction: z = nobody in the reference", "disparate_impact", None, 0.8, Severity.CRITICAL),
        of("prediction: age & sex = <=25 & female", "disparate_impact", 0.719, 0.8, Severity.HIGH),
        of("prediction: b = the reference is worse off", "disparate_impact", 1.3, 0.8, Severity.HIGH),
        of("prediction: z = grave", "equal_opportunity_difference", -0.3, 0.1, Severity.HIGH),
        of("prediction: age = mild", "demographic_parity_difference", 0.11, 0.1, Severity.MEDIUM),
        of("label: age = <=25", "disparate_impact", 0.3, 0.8, Severity.CRITICAL),
        of("prediction: low", "disparate_impact", 0.79, 0.8, Severity.LOW),
    ]
    mail = message(*reversed(told))
    for part in (mail.text, mail.html):
        assert part.count("What to do") + part.count("To do:") == 1, "one trouble is one card"
        places = [part.replace("&amp;", "&").replace("&lt;", "<").index(one.subject) for one in told]
        assert places == sorted(places)


def test_causes_lead_before_what_follows_from_them() -> None:
    output = finding(0, Severity.CRITICAL, subject="decision", follows=True)
    assert message(output, finding(0, Severity.HIGH)).subject == "[critical] car-loan: car_value has drifted"


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({}, "section=drift&feature=car_value"),
        ({"subject": "a b&c=d"}, "section=drift&feature=a+b%26c%3Dd"),
        ({"concern": Concern.BIAS, "subject": "prediction: age = <=25"}, "section=bias&outcome=prediction"),
        ({"concern": Concern.REGISTRY, "subject": "credit"}, "section=activity"),
    ],
)
def test_the_link_lands_on_the_finding(changes: dict, query: str) -> None:
    assert f"#/models/car-loan-123abc?{query}\n" in message(finding(**changes)).text

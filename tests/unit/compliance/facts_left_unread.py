"""Where a requirement that reads a kind of evidence need not read one fact of it, by name and with the reason."""

from __future__ import annotations

_GATE = "it reads by which way the version in use came there, not what of its traffic is on record"
_AGE = "it reads how long captured rows stay, not how many are taken"
_RECORD = "it reads whether traffic is on record; for how long, or of which version, the text does not say here"
_LEAST = "the text sets a shortest time for which records are kept, and no longest one"
_NO_SHORTEST = "the text sets no shortest time, or a rule of the store is read for it"
_NO_LIMIT = "the text wants no limits that were set beforehand; ones that find nothing do not count anyway"
_ANSWER = "that it is measured or monitored is asked; what was found is read as what somebody acts on, or as an alert"
_COLUMNS = "it reads which columns are captured, and not how their values move"
_DRIFT = "how values move is meant; what may be captured at all is a matter of the requirements on data"
_NO_MARK = "the text sets no mark that a difference has to keep: numbers are to be published"
_DONE = "it was done, and nothing is open; the date was one that the organisation had set itself"
_OTHER_FIELDS = "the text asks for other fields of the record"
_ELSEWHERE = "nobody has to keep it in this register; where nothing of it is kept, nothing is denied"
_REVIEW = "what is asked here is review, not who has read it"
_READ = "what is asked here is that people know the policy, not when it is reviewed"
_PLANNED = "that reviews are planned is asked, not that none is late"
_ASSESSED = "that risks are assessed or put in order is asked; who decides on them is asked elsewhere"
_DOCUMENTED = "it stays documented when the decision on it has run out"
_NO_GROUPS = "the text names no vulnerable groups, or asks for them by a signature and a document of their own"
_NO_CONTROL = "a risk can be accepted or avoided, which needs no control"
_NO_LEVEL = "nothing is missed where no level is declared; the text asks for none"
_OWN_CLOCK = "another clock is meant: that of the authority, of the controller or of the persons"
_SUM = "the sum of what is late by law and of what is late and undecided, which are both read"
_OTHER_LEFT = "what is left of the other kind of erasure is meant elsewhere"
_STORE = "another rule of the store is meant"
_UNCONFIRMED = (
    "what the article asks for is in the record; a change that waits for its confirmation is read by Art. 5(2), 30"
)
_SET_BEFORE = (
    "that the level was declared beforehand is read where the level itself is asked (Art. 15 there, 18(1) here)"
)
_TOLD_LATE = "what was told late is read where telling it is asked (AI Act, Art. 73; GDPR, Art. 33(2))"
_SOMETHING = "that something is done is asked; by which day is read where correcting is asked (AI Act, Art. 20)"
_NEWEST = "the tests of the version in production are meant, not who approved it or what came before it"
_DETERMINED = "that it was determined whether to go on is asked, not by how many and on which tests"
_APART = "duties that are apart are meant: that somebody else approved, not tests or which version is in use"
_PROCESSORS = "whether a vendor processes personal data is a question of privacy, which this is not about"
_ALLOCATED = "what was agreed is meant, and not what was asked of vendors"
_VETTED = "that they are vetted, mapped or addressed by a policy is asked; what is agreed with them is asked elsewhere"
_SUPPLY = "an agreement under the AI Act, Art. 25(4), says nothing of privacy"
_OUTCOMES = "the outcomes that are meant are read themselves, or a finding of monitoring is no deficiency of control"
_LOOKED_AT = "the missed level is read itself, and it is looked at here, not repaired"


def _by(**reasons: str) -> dict[str, tuple[str, ...]]:
    """Names of requirements by reason; reasons are the names of the sentences above."""
    return {str(globals()[reason]): tuple(names.split()) for reason, names in reasons.items()}


_OF_GATE = "CO-1702(2) ISO-8.1 ISO-A.6.2.5 GAI-testing RMF-MANAGE-1 RMF-MANAGE-1.1 SOC2-CC8.1 SOX-change SR-change"
_OF_AGE = "GDPR-17 GDPR-25 GDPR-5(2) SOC2-C1 SOC2-P"
_OF_TAKEN = _by(_GATE=_OF_GATE, _AGE=f"{_OF_AGE} GDPR-5(1)(e)")
_OF_RECORD = "CCPA-7221(b) CCPA-7222 CO-1703 CCD-18(8) AIA-12 AIA-86 ISO-A.6.2.8 SOC2-PI1 SOX-data"
_OF_COLUMNS = "GAI-2.4 SOC2-C1 SOC2-P"
_OF_INPUTS = "CCPA-7150 CCPA-7220 CO-1704(3) HIPAA-92.210 LL144-notice RMF-MEASURE-2.10"
_OF_DRIFT = (
    "CCD-18(6) AIA-15 AIA-26(4) AIA-26(5) AIA-72 HIPAA-activity-review HIPAA-incidents ISO-9.1 ISO-A.6.2.6 "
    "GAI-incidents RMF-MANAGE-4 RMF-MEASURE-1 RMF-MEASURE-2 RMF-MEASURE-3 RMF-MANAGE-4.1 RMF-MANAGE-4.3 "
    "RMF-MEASURE-2.4 RMF-MEASURE-3.1 SOC2-CC4 SOC2-CC7 SOX-review SR-monitoring"
)
_OF_MINIMUM = f"{_OF_INPUTS} CCD-18(3) GDPR-25 GDPR-5(1)(c) GDPR-5(2) HIPAA-minimum {_OF_COLUMNS}"
_OF_STEERING = "AIA-19 AIA-26(6)"
_OF_PROFILE = (
    "CO-1702(1) AIA-11 AIA-14 GDPR-5(2) ISO-A.4.2 ISO-A.9.4 RMF-MANAGE-2 RMF-MAP-2 RMF-MAP-3 RMF-MAP-1.1 RMF-MAP-2.2 "
    "RMF-MAP-3.3 RMF-MAP-3.5 RMF-MEASURE-2 RMF-MEASURE-2.5 SOC2-CC2 SR-development"
)
_OF_OWNERS = "ISO-A.3.2 RMF-GOVERN-2 RMF-GOVERN-2.1"
_OF_POLICIES = (
    "AIA-17 HIPAA-documentation SR-governance GAI-governance RMF-GOVERN-1 SOC2-CC2 SOC2-CC5 ISO-5.2 "
    "ISO-7.3 ISO-7.5 ISO-A.2.2 ISO-A.2.4"
)
_OF_DECISIONS = "HIPAA-risk-analysis ISO-6.1.2 ISO-6.1.4 ISO-8.2 ISO-A.5.2 RMF-MAP-5 RMF-MANAGE-1.2 RMF-MAP-5.1"

APART: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("incidents.reporting", "met_late"): _by(_TOLD_LATE="AIA-17"),
    ("incidents.handled", "with_something_late"): _by(_OWN_CLOCK="AIA-23 AIA-24"),
    ("quality.performance", "thresholds_set_before"): _by(_SET_BEFORE="CCD-18(6)"),
    ("bias.run", "hollow_limits"): _by(_NO_MARK="LL144-audit-ratios"),
    ("bias.run", "unjudged"): _by(_NO_MARK="LL144-audit-ratios"),
    ("bias.run", "verdict"): _by(_NO_MARK="LL144-audit-ratios", _ANSWER="RMF-MEASURE-1"),
    ("bias.run", "thresholds_set_before"): _by(
        _NO_LIMIT="CCPA-7221(b)(2) CCD-6 AIA-10 GDPR-5(1)(a) HIPAA-92.210 GAI-2.6 RMF-MEASURE-1 RMF-MEASURE-2 "
        "RMF-MEASURE-2.11 LL144-audit-ratios GDPR-5(2)",
    ),
    ("capture.config", "enabled"): _by(_GATE=_OF_GATE, _AGE=_OF_AGE),
    ("capture.config", "sampling_percent"): _OF_TAKEN,
    ("capture.config", "windows_without_files"): _OF_TAKEN,
    ("capture.config", "inputs"): _OF_TAKEN,
    ("capture.config", "outputs"): _OF_TAKEN,
    ("capture.config", "version"): _by(_RECORD=f"{_OF_RECORD} {_OF_STEERING}", _AGE=f"{_OF_AGE} GDPR-5(1)(e)"),
    ("capture.config", "oldest_hour"): _by(_GATE=_OF_GATE, _RECORD=_OF_RECORD, _LEAST=_OF_STEERING),
    ("capture.config", "kept"): _by(_GATE=_OF_GATE, _NO_SHORTEST=f"{_OF_RECORD} {_OF_AGE} GDPR-5(1)(e)"),
    ("document.processing_record", "unconfirmed"): _by(
        _UNCONFIRMED="AIA-4a GDPR-10 GDPR-13 GDPR-19 GDPR-32 GDPR-44 GDPR-5(1)(a) GDPR-5(1)(b) GDPR-5(1)(e) GDPR-6 "
        "GDPR-7 GDPR-9",
    ),
    ("document.processor_record", "unconfirmed"): _by(_UNCONFIRMED="GDPR-44"),
    ("drift.run", "hollow_limits"): _by(_COLUMNS=_OF_COLUMNS),
    ("drift.run", "new_columns"): _by(_DRIFT=f"{_OF_DRIFT} AIA-9 AIA-10"),
    ("drift.run", "rows_current"): _by(_COLUMNS=_OF_COLUMNS),
    ("drift.run", "thresholds_set_before"): _by(_NO_LIMIT=f"{_OF_DRIFT} {_OF_MINIMUM} AIA-10"),
    ("drift.run", "verdict"): _by(
        _COLUMNS=_OF_MINIMUM,
        _ANSWER="HIPAA-activity-review HIPAA-incidents GAI-incidents RMF-MANAGE-4 RMF-MEASURE-1 RMF-MANAGE-4.1 "
        "RMF-MANAGE-4.3 SOC2-CC7 SOX-review",
    ),
    ("erasure.run", "left_of_age"): _by(_OTHER_LEFT="GDPR-17"),
    ("erasure.run", "left_of_persons"): _by(_OTHER_LEFT="AIA-4a GDPR-25 GDPR-5(1)(e)"),
    **{
        ("incidents.breaches", fact): _by(_OWN_CLOCK=names)
        for fact, names in (
            ("late_by_law", "GDPR-33(2) GDPR-34"), ("late_undecided", "GDPR-33(2) GDPR-34"),
            ("met_late", "GDPR-33(2) GDPR-34"), ("controller_late", "GDPR-33 GDPR-34"),
            ("controller_met_late", "GDPR-33 GDPR-34"), ("persons_late", "GDPR-33 GDPR-33(2)"),
            ("persons_met_late", "GDPR-33 GDPR-33(2)"),
        )
    },
    ("incidents.breaches", "late"): _by(_SUM="GDPR-33", _OWN_CLOCK="GDPR-33(2) GDPR-34"),
    ("incidents.reporting", "late"): _by(_SUM="AIA-17 AIA-60 AIA-73 AIA-75(1a)"),
    ("oversight.assigned", "assigned"): _by(_ELSEWHERE="CCPA-7221(b) CO-1705 ISO-A.3.2 RMF-GOVERN-2 "
        "RMF-MANAGE-2 RMF-MANAGE-2.4"),
    ("policies.kept", "acknowledgements_outstanding"): _by(_REVIEW="HIPAA-documentation SR-governance ISO-7.5 "
        "ISO-A.2.4 SOC2-CC5"),
    ("policies.kept", "in_force"): _by(_ELSEWHERE=_OF_POLICIES),
    ("policies.kept", "review_overdue"): _by(_READ="ISO-7.3 ISO-A.2.2 SOC2-CC2"),
    ("quality.performance", "no level"): _by(
        _NO_LEVEL="RMF-MEASURE-4 RMF-MANAGE-1 RMF-MANAGE-1.1 RMF-MEASURE-2.9 RMF-MEASURE-4.2"
    ),
    ("registry.profile", "domain_named"): _by(_OTHER_FIELDS=f"{_OF_PROFILE} {_OF_OWNERS} SOX-inventory SR-inventory"),
    ("registry.profile", "owner_named"): _by(_OTHER_FIELDS=f"{_OF_PROFILE} RMF-MAP-1"),
    ("registry.profile", "empty"): _by(_OTHER_FIELDS=_OF_OWNERS),
    ("registry.profile", "thin"): _by(_OTHER_FIELDS=_OF_OWNERS),
    ("registry.promotion", "approved"): _by(_NEWEST="SR-development", _DETERMINED="RMF-MANAGE-1 RMF-MANAGE-1.1"),
    ("registry.promotion", "newest"): _by(_DETERMINED="RMF-MANAGE-1 RMF-MANAGE-1.1", _APART="SOC2-CC6"),
    ("registry.promotion", "served_as"): _by(_NEWEST="SR-development", _APART="SOC2-CC6"),
    ("registry.promotion", "untested"): _by(_NEWEST="SR-development", _DETERMINED="RMF-MANAGE-1 "
        "RMF-MANAGE-1.1", _APART="SOC2-CC6"),
    ("remediations.handled", "closed_late"): _by(
        _DONE="AIA-26(5) AIA-72 AIA-9 HIPAA-activity-review SR-monitoring AIA-20 ISO-9.1 ISO-10.2 ISO-8.3 "
        "GAI-incidents RMF-MANAGE-1 RMF-MANAGE-2 RMF-MANAGE-4 RMF-MEASURE-4 "
        "RMF-MANAGE-1.3 RMF-MANAGE-2.2 RMF-MANAGE-2.4 RMF-MANAGE-4.1 RMF-MANAGE-4.2 RMF-MANAGE-4.3 RMF-MEASURE-4.2 "
        "SOC2-CC4 SOC2-CC5 SOC2-CC7 SOC2-PI1 ISO-8.1 SOX-404 SR-outcomes SR-validation",
    ),
    ("remediations.handled", "found_without_action"): _by(_OUTCOMES="HIPAA-activity-review"),
    ("remediations.handled", "missed_without_action"): _by(
        _OUTCOMES="HIPAA-activity-review", _LOOKED_AT="RMF-MEASURE-4 RMF-MEASURE-4.2"
    ),
    ("remediations.handled", "overdue"): _by(_SOMETHING="AIA-26(5) AIA-72 AIA-9 "
        "SR-monitoring", _LOOKED_AT="ISO-9.1 RMF-MEASURE-4 RMF-MEASURE-4.2"),
    ("risks.decided", "expired"): _by(_ASSESSED=_OF_DECISIONS, _DOCUMENTED="RMF-MANAGE-1.4"),
    ("risks.decided", "undecided"): _by(_ASSESSED=_OF_DECISIONS),
    ("risks.decided", "vulnerable_not_looked_at"): _by(
        _NO_GROUPS="HIPAA-risk-analysis ISO-6.1.2 ISO-6.1.3 ISO-8.2 ISO-8.3 GAI-2.10 GAI-2.6 GAI-2.7 GAI-2.8 "
        "GAI-2.9 RMF-MANAGE-1 "
        "RMF-MAP-5 RMF-MEASURE-2 RMF-MEASURE-3 RMF-GOVERN-2 RMF-GOVERN-2.3 RMF-MANAGE-1.2 RMF-MANAGE-1.3 "
        "RMF-MANAGE-1.4 RMF-MAP-5.1 RMF-MEASURE-2.6 RMF-MEASURE-3.1 SOC2-CC3 SR-governance",
    ),
    ("risks.reviewed", "overdue"): _by(_PLANNED="RMF-GOVERN-1 RMF-GOVERN-1.5"),
    ("risks.treated", "without_control"): _by(
        _NO_CONTROL="HIPAA-risk-analysis AIA-9 ISO-6.1.1 RMF-MEASURE-2 RMF-MANAGE-1.3 ISO-6.1.3 ISO-8.1 ISO-8.3 "
        "RMF-MANAGE-1 RMF-MEASURE-2.6 GAI-2.6 GAI-2.7 GAI-2.8 GAI-2.9 GAI-2.10"
    ),
    ("storage.captures", "deletes"): _by(
        _LEAST=f"CO-1703 {_OF_STEERING}", _STORE="AIA-4a GDPR-32 GDPR-5(1)(e) GDPR-5(2) HIPAA-encryption SOC2-CC6"
    ),
    ("storage.captures", "encrypted"): _by(_STORE=f"CO-1703 {_OF_STEERING} GDPR-5(1)(e) SOC2-P"),
    ("storage.captures", "gone_after_days"): _by(
        _LEAST=f"CO-1703 {_OF_STEERING}", _STORE="AIA-4a GDPR-32 GDPR-5(2) HIPAA-encryption SOC2-CC6"
    ),
    ("storage.platform", "locked"): _by(_STORE="GDPR-32 HIPAA-encryption SOC2-CC6"),
    ("vendors.agreements", "processors_unknown"): _by(
        _PROCESSORS="SR-vendor AIA-25(4) ISO-8.1 ISO-A.10.2 ISO-A.10.3 GAI-2.12 GAI-third-party RMF-GOVERN-6 "
        "RMF-MANAGE-3 "
        "RMF-MAP-4 RMF-MAP-4.1 RMF-MAP-4.2 RMF-GOVERN-6.1 RMF-MANAGE-3.1 SOC2-CC9",
    ),
    ("vendors.agreements", "questionnaire_due"): _by(_ALLOCATED="GDPR-28(3) AIA-25(4) GDPR-28 ISO-A.10.2"),
    ("vendors.agreements", "without_processing_agreement"): _by(
        _PROCESSORS="SR-vendor AIA-25(4)", _VETTED="GAI-2.12 RMF-GOVERN-6 RMF-MAP-4 RMF-MAP-4.1 RMF-MAP-4.2 "
        "RMF-GOVERN-6.1"
    ),
    ("vendors.agreements", "without_supply_agreement"): _by(
        _SUPPLY="GDPR-28(3) GDPR-28 SOC2-P", _VETTED="GAI-2.12 RMF-GOVERN-6 RMF-MAP-4 RMF-MAP-4.1 RMF-MAP-4.2 "
        "RMF-GOVERN-6.1"
    ),
}  # fmt: skip
"""Requirements that read a kind and need not read one fact of it, by the reason."""

_TESTS = "tests of the newest version are meant; who approved it, and which is in use, is asked where changes are"

_OF_THE_STATES: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    **{("drift.run", fact): _by(_COLUMNS=_OF_INPUTS) for fact in ("thresholds_set_before", "verdict")},
    ("oversight.assigned", "assigned"): _by(_ELSEWHERE="CCPA-7221(b) CO-1705"),
    ("policies.kept", "acknowledgements_outstanding"): _by(_REVIEW="HIPAA-documentation SR-governance"),
    ("policies.kept", "in_force"): _by(_ELSEWHERE="HIPAA-documentation SR-governance"),
    ("remediations.handled", "closed_late"): _by(_DONE="HIPAA-activity-review SR-monitoring"),
    ("remediations.handled", "found_without_action"): _by(_OUTCOMES="HIPAA-activity-review"),
    ("remediations.handled", "missed_without_action"): _by(_OUTCOMES="HIPAA-activity-review"),
    ("remediations.handled", "overdue"): _by(_LOOKED_AT="SR-monitoring"),
    ("risks.decided", "expired"): _by(_ASSESSED="HIPAA-risk-analysis"),
    ("risks.decided", "undecided"): _by(_ASSESSED="HIPAA-risk-analysis"),
    ("risks.decided", "vulnerable_not_looked_at"): _by(_NO_GROUPS="HIPAA-risk-analysis"),
    ("risks.treated", "without_control"): _by(_NO_CONTROL="HIPAA-risk-analysis"),
    **{("registry.promotion", fact): _by(_TESTS="SR-development") for fact in ("approved", "served_as", "untested")},
    ("vendors.agreements", "processors_unknown"): _by(_PROCESSORS="SR-vendor"),
    ("vendors.agreements", "without_processing_agreement"): _by(_PROCESSORS="SR-vendor"),
}
for _fact, _groups in _OF_THE_STATES.items():
    for _reason, _names in _groups.items():
        _known = APART.setdefault(_fact, {})
        _known[_reason] = (*_known.get(_reason, ()), *_names)

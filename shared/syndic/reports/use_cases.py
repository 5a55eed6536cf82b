"""The verbs of reports, in one place."""

from syndic.reports.building import build_report, get_job, list_jobs, render, report_file, request_report
from syndic.reports.cards import card_html, keep_card
from syndic.reports.collecting import collect
from syndic.reports.package import evidence_package

__all__ = [
    "build_report",
    "card_html",
    "collect",
    "evidence_package",
    "get_job",
    "keep_card",
    "list_jobs",
    "render",
    "report_file",
    "request_report",
]

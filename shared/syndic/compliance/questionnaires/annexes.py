"""Annex I and Annex III of Regulation (EU) 2024/1689 and the practices of its Art. 5, in short own words.

Source: OJ L, 2024/1689, 12.7.2024, as amended by Regulation (EU) 2026/1744, OJ L, 24.7.2026, both read on 30 November
2026. Letters and numbers are the law's, so that an answer names the provision.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

Practice = Literal["a", "b", "c", "d", "e", "f", "g", "h", "ba", "bb"]
PRACTICES: Final[dict[str, str]] = {
    "a": "subliminal, manipulative or deceptive techniques that cause significant harm",
    "b": "exploiting age, disability or a social or economic situation",
    "c": "social scoring",
    "d": "predicting crime solely from profiling or personality",
    "e": "untargeted scraping of facial images",
    "f": "inferring emotions at work or in education, except for medical or safety reasons",
    "g": "biometric categorisation by sensitive traits",
    "h": "real-time remote biometric identification in public for law enforcement",
    "ba": "intimate imagery of identifiable persons without consent (from 2 December 2026)",
    "bb": "child sexual abuse material (from 2 December 2026)",
}
ADDED: Final = frozenset({"ba", "bb"})
ADDED_FROM: Final = date(2026, 12, 2)  # Art. 113(a) as amended

ExceptedPractice = Literal["d", "f", "g", "h", "ba", "bb"]
EXCEPTIONS: Final[dict[str, str]] = {
    "d": "supports a human assessment that rests on objective and verifiable facts linked to a criminal activity",
    "f": "put in place or on the market for medical or safety reasons",
    "g": "labels or filters lawfully acquired biometric data sets, or categorises them in law enforcement",
    "h": "strictly necessary for one objective of (h)(i)-(iii), authorised under Art. 5(2)-(7)",
    "ba": (
        "not its intended purpose, and prevented by reasonable and adequate safeguards (Art. 5(1a)(a)), or the use has "
        "another purpose (Art. 5(1a)(b)), or no exposure is increased and no activity altered (Art. 5(1b))"
    ),
    "bb": (
        "not its intended purpose, and prevented by reasonable and adequate safeguards (Art. 5(1a)(a)), or the use has "
        "another purpose (Art. 5(1a)(b)), or a defence of acting with right applies under national law"
    ),
}

IdentificationObjective = Literal["i", "ii", "iii"]
OBJECTIVES: Final[dict[str, str]] = {
    "i": "targeted search for victims of abduction, trafficking or sexual exploitation, or for missing persons",
    "ii": "preventing a specific, substantial and imminent threat to life, or a genuine threat of a terrorist attack",
    "iii": "locating or identifying a suspect of an offence of Annex II punishable by at least four years",
}

Area = Literal[
    "1", "1a", "1b", "1c", "2", "3", "3a", "3b", "3c", "3d", "4", "4a", "4b", "5a", "5b", "5c", "5d",
    "6", "6a", "6b", "6c", "6d", "6e", "7", "7a", "7b", "7c", "7d", "8", "8a", "8b",
]  # fmt: skip
POINTS: Final[dict[str, str]] = {
    "1": "biometrics, verification excepted",
    "2": "safety component of critical digital infrastructure, road traffic, or supply of water, gas, heat or power",
    "3": "education and vocational training",
    "4": "employment, management of workers, access to self-employment",
    "6": "law enforcement",
    "7": "migration, asylum and border control",
    "8": "administration of justice and democratic processes",
}
SUB_POINTS: Final[dict[str, str]] = {
    "1a": "remote biometric identification, verification excepted",
    "1b": "biometric categorisation by sensitive or protected attributes",
    "1c": "emotion recognition",
    "3a": "access, admission or assignment to education and training",
    "3b": "evaluating learning outcomes",
    "3c": "assessing the level of education that a person will receive",
    "3d": "monitoring and detecting prohibited behaviour in tests",
    "4a": "recruitment or selection: targeted advertisements, filtering applications, evaluating candidates",
    "4b": "terms of work, promotion, termination, tasks by traits or behaviour, monitoring of performance",
    "5a": "eligibility for public assistance benefits and services",
    "5b": "creditworthiness, detection of financial fraud excepted",
    "5c": "life and health insurance: risk assessment and pricing of natural persons",
    "5d": "emergency calls, dispatch and triage",
    "6a": "risk of becoming a victim of crime",
    "6b": "polygraphs and similar tools in law enforcement",
    "6c": "reliability of evidence in criminal proceedings",
    "6d": "risk of offending not solely from profiling, or personality and past criminal behaviour",
    "6e": "profiling in detection, investigation or prosecution",
    "7a": "polygraphs and similar tools at the border",
    "7b": "risk posed by a person who enters or has entered",
    "7c": "examining applications for asylum, visas and residence",
    "7d": "detecting, recognising or identifying persons in migration, travel documents excepted",
    "8a": "assisting a judicial authority, or alternative dispute resolution, with facts and law",
    "8b": "influencing an election, a referendum or voting behaviour",
}
AREAS: Final[dict[str, str]] = {"2": POINTS["2"], **SUB_POINTS}
"""The points a system can fall under. Point 2 has no letters."""

Act = Literal[
    "2009/48", "2013/53", "2014/33", "2014/34", "2014/53", "2014/68", "2016/424", "2016/425", "2016/426", "2017/745",
    "2017/746", "machinery", "300/2008", "168/2013", "167/2013", "2014/90", "2016/797", "2018/858", "2019/2144",
    "2018/1139",
]  # fmt: skip
SECTION_A: Final[dict[str, str]] = {
    "2009/48": "toys",
    "2013/53": "recreational craft",
    "2014/33": "lifts",
    "2014/34": "equipment for explosive atmospheres",
    "2014/53": "radio equipment",
    "2014/68": "pressure equipment",
    "2016/424": "cableway installations",
    "2016/425": "personal protective equipment",
    "2016/426": "gas appliances",
    "2017/745": "medical devices",
    "2017/746": "in vitro diagnostic medical devices",
}
SECTION_B: Final[dict[str, str]] = {
    "machinery": "machinery, moved from Section A by Regulation (EU) 2026/1744",
    "300/2008": "civil aviation security",
    "168/2013": "two- or three-wheel vehicles and quadricycles",
    "167/2013": "agricultural and forestry vehicles",
    "2014/90": "marine equipment",
    "2016/797": "interoperability of the rail system",
    "2018/858": "motor vehicles and trailers",
    "2019/2144": "type-approval of motor vehicles, general safety",
    "2018/1139": "civil aviation, unmanned aircraft",
}

Outside = Literal["military", "research", "personal", "not_on_market", "open_source", "not_in_union"]
OUTSIDE: Final[dict[str, str]] = {
    "military": "Art. 2(3): exclusively military, defence or national security",
    "research": "Art. 2(6): solely for scientific research and development",
    "personal": "Art. 2(10): a natural person's purely personal, non-professional use",
    "not_on_market": "Art. 2(8): research, testing or development before the market, not in real world conditions",
    "open_source": "Art. 2(12): free and open-source licence, neither high-risk nor under Art. 5 or 50",
    "not_in_union": "Art. 2(1): neither on the Union market nor in service there, and its output is not used there",
}

Ground = Literal["narrow_task", "improves_human_result", "detects_patterns", "preparatory_task"]


def described(table: dict[str, str]) -> str:
    """A table as one line, for the description of a question."""
    return "; ".join(f"{key}: {text}" for key, text in table.items())

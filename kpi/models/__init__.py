"""Indicators, their method, their observations by vintage, targets and baselines."""

from .figures import Baseline, Observation, PathPoint, Target
from .imports import (
    ENDED,
    ApiToken,
    ImportFault,
    ImportJob,
    ImportRow,
    ImportStatus,
    Verdict,
)
from .indicators import (
    PUBLIC_INDICATOR,
    Framework,
    Indicator,
    IndicatorStatus,
    InitiativeIndicator,
)
from .methods import (
    SHOWN_HEADINGS,
    Band,
    Heading,
    IndicatorVersion,
    Mapping,
    MetadataEntry,
)
from .places import Place, place_key
from .releases import Reason, Release
from .summaries import Summary

__all__ = [
    "ENDED",
    "PUBLIC_INDICATOR",
    "SHOWN_HEADINGS",
    "ApiToken",
    "Band",
    "Baseline",
    "Framework",
    "Heading",
    "ImportFault",
    "ImportJob",
    "ImportRow",
    "ImportStatus",
    "Indicator",
    "IndicatorStatus",
    "IndicatorVersion",
    "InitiativeIndicator",
    "Mapping",
    "MetadataEntry",
    "Observation",
    "PathPoint",
    "Place",
    "Reason",
    "Release",
    "Summary",
    "Target",
    "Verdict",
    "place_key",
]

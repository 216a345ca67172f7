"""Indicators, their method, their observations by vintage, targets and baselines."""

from .alerts import FigureReport, Notice, ReportStatus
from .figures import Baseline, Observation, PathPoint, Target
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
    "PUBLIC_INDICATOR",
    "SHOWN_HEADINGS",
    "Band",
    "Baseline",
    "FigureReport",
    "Framework",
    "Heading",
    "Indicator",
    "IndicatorStatus",
    "IndicatorVersion",
    "InitiativeIndicator",
    "Mapping",
    "MetadataEntry",
    "Notice",
    "Observation",
    "PathPoint",
    "Place",
    "Reason",
    "Release",
    "ReportStatus",
    "Summary",
    "Target",
    "place_key",
]

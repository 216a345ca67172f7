"""Indicators, their method, their observations by vintage, targets and baselines."""

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
    "Framework",
    "Heading",
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
    "place_key",
]

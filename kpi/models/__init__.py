"""Indicators, their method, their observations by vintage, targets and baselines."""

from .alerts import FigureReport, Notice, ReportStatus
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
from .index_editions import EditionStatus, IndexEdition, IndexValue
from .index_imports import IndexImport
from .indicators import (
    PUBLIC_INDICATOR,
    UNKNOWN_METRIC,
    Framework,
    Indicator,
    IndicatorStatus,
    InitiativeIndicator,
)
from .indices import (
    PUBLIC_INDEX,
    RESERVED,
    CompositeIndex,
    IndexInput,
    IndexNode,
    IndexStatus,
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
    "PUBLIC_INDEX",
    "PUBLIC_INDICATOR",
    "RESERVED",
    "SHOWN_HEADINGS",
    "UNKNOWN_METRIC",
    "ApiToken",
    "Band",
    "Baseline",
    "CompositeIndex",
    "EditionStatus",
    "FigureReport",
    "Framework",
    "Heading",
    "ImportFault",
    "ImportJob",
    "ImportRow",
    "ImportStatus",
    "IndexEdition",
    "IndexImport",
    "IndexInput",
    "IndexNode",
    "IndexStatus",
    "IndexValue",
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
    "Verdict",
    "place_key",
]

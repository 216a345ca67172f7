"""Indicators, their observations by vintage, targets and baselines."""

from .figures import Baseline, Observation, Target
from .indicators import (
    PUBLIC_INDICATOR,
    Framework,
    Geo,
    Indicator,
    IndicatorStatus,
    InitiativeIndicator,
)

__all__ = [
    "PUBLIC_INDICATOR",
    "Baseline",
    "Framework",
    "Geo",
    "Indicator",
    "IndicatorStatus",
    "InitiativeIndicator",
    "Observation",
    "Target",
]

"""How each helix group is told apart, in every drawing: by letter, shape and pattern too."""

from .models import Helix

#: The letter of each helix group, the same in every language, so that files and screens agree.
LETTERS = {Helix.PUBLIC: "P", Helix.PRIVATE: "E", Helix.ACADEMIA: "A", Helix.CIVIL_SOCIETY: "C"}
#: Colour of the line, shape in the grid, pattern in bars.
STYLES = {
    Helix.PUBLIC: ("#0900bd", "circle-open", ""),
    Helix.PRIVATE: ("#de3831", "square-open", "/"),
    Helix.ACADEMIA: ("#0488ba", "diamond-open", "x"),
    Helix.CIVIL_SOCIETY: ("#3d8f31", "hexagon-open", "."),
}


def legend_words() -> str:
    """Return what the letters mean, as one sentence."""
    return " · ".join(f"{LETTERS[group]} {group.label}" for group in Helix)

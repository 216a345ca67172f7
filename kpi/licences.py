"""Under which licence figures may be used where nothing else is said of them."""

#: The licence under which the Office publishes its own data; the page on open data names it too.
LICENCE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"

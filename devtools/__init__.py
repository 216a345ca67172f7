"""Tools that start, test and check the portal on one machine."""

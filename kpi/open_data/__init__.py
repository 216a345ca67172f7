"""The figures for others: files, the API, and what both say of them."""

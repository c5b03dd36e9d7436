"""Networks: built from the catalog, cut, converted, saved."""

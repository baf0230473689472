"""WHICH files follow from a specification: rules, targets, contracts, staleness. Pure."""

"""What templates see of a specification."""

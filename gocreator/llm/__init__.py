"""WHO answers: the only code that talks to models."""

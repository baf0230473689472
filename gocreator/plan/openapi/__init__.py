"""The OpenAPI document of the generated service."""

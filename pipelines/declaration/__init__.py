"""What the user wrote: pipelines, policies, tables, tests."""

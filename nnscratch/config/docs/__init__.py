"""What is written from the config's models: JSON Schema, reference and completions."""

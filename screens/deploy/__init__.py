"""A run before one's eyes: `model` is what is known of it, `screen` draws that."""

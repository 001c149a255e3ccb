"""The pages of those who run the machinery. They know cases by reference, and nothing about patients."""

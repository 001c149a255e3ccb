"""Pages before and around signing in: sign-in, one's own account, language, about."""

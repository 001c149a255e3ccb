"""The rules of a pathway file in words of the reader's language."""

from secunda.web.rules.telling import RuleTeller

__all__ = ["RuleTeller"]

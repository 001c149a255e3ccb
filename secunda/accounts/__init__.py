"""Accounts of those who work here: passwords, second factors, recovery codes, and what an administrator does to them.

Sources: NIST SP 800-63B-4 (passwords, throttling), RFC 9106 (argon2id), RFC 6238 (TOTP), OWASP ASVS 5.0 chapter 6.
"""

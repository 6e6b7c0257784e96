"""Signing in and out, invitations, forgotten passwords, passkeys."""

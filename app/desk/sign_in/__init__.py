"""`/desk/sign-in` and `/desk/welcome`: signing in and out, invitations, forgotten passwords."""

"""Who may come in: sign-in with a second factor, sessions that end, invitations."""

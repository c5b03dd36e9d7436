"""People who sign in with the account of their institution: who is whom, and who may what."""

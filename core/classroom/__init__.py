"""A class on one machine: its people, each with a workspace, and what they may take."""

"""The parts of the teacher's page; each asks by itself whether it is the teacher who looks."""

"""What each sheet and table of ours shows, as data."""

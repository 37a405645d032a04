"""The content of each sheet and table of ours, as data."""

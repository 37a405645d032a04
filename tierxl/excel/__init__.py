"""What Excel calls: the worksheet functions, and the macros behind the ribbon's buttons."""

"""Getting tierxl to a team: installing, removing, and bundling it."""

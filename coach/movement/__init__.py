"""From poses to reps, faults and views: pure folds over observations (numpy allowed)."""

"""Seeing, as pure folds over landmarks and masks: no camera, no model, no clock."""

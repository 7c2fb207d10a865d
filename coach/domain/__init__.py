"""What can happen, what can be done, what to do: pure values and functions."""

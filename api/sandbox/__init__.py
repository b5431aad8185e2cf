"""What stands in for others in the demonstration; never mounted anywhere else."""

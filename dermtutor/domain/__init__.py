"""What a condition, case, question, answer and learner is; planning and statistics. Standard library only."""

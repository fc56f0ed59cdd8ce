"""What makes a book of chapters that run: sentences that are checked, figures that are compared, and figures to drag."""

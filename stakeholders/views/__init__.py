"""Pages: ideas, how they come in, the tracking link, the register, subscriptions."""

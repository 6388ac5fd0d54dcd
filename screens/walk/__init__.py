"""The walk: one question a screen, the picture and the price beside it; then the review of the whole."""

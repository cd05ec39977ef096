"""The words for clusters of zones with low or high access, as tables hold them."""

LOW, HIGH, NEITHER = "low access", "high access", "not significant"

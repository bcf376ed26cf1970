"""The story: one order, one lent secret and one denied report, played on real law by nodes that trust nothing."""

"""The vocabulary: truth, facts, nations, supplies, money and quantities, markings, dates, limits, problems."""

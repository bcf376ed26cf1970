"""An instrument's public record: reports, statements, expected events, positions, and how each of them stands."""

"""An instrument's public record: reports, denials, corrections and their standing."""

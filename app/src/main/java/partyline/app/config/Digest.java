package partyline.app.config;

/// The SHA-256 of what the configuration file says, in which variables stand by their names; no key of its own.
public record Digest(String sha256) {}

package partyline.drivers;

import java.time.Duration;

/// How a service is spoken of, and how it likes to be treated: by what `name`; what to do when it is
/// `absent`, answers with a `trouble` that no client can help, or does not take our `key`, and what that key
/// is called; and how long it is left alone when it wants that and does not say for how long.
public record ServiceProfile(String name, String absent, String trouble, String key, String badKey, Duration rest) {}

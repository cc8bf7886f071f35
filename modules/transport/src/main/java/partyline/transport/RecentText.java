package partyline.transport;

import org.jspecify.annotations.Nullable;

/// A bubble in the thread of a person and a line, as the person's phone shows it: what a tapback in words
/// may quote. `media` is whether a file came with it, `ours` whether the line sent it.
public record RecentText(String providerId, @Nullable String text, boolean media, boolean ours) {}

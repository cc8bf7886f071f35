package partyline.drivers.simulator;

import org.jspecify.annotations.Nullable;

/// A tapback on one part of a bubble; `mine` is that of the phone's owner. Each side has at most one on each part.
record SimulatedTapback(
        String bubble,
        int partIndex,
        boolean mine,
        String reaction,
        @Nullable String customEmoji) {}

package partyline.outbound;

import java.time.Duration;

/// A file to get from a user's `url`: at most `largest` bytes, all of them within `patience`. `operator` is as in
/// [Request].
public record Download(String url, boolean operator, long largest, Duration patience) {}

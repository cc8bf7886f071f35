package partyline.media;

import java.time.Duration;

/// How long a file is kept after a message last referred to it (zero: for ever), how many bytes one organization may
/// keep (zero: any number), how large a file from a person may be, and how long their text waits for it.
public record MediaSettings(Duration retention, long quota, long largestInbound, Duration patience) {}

package partyline.media;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import partyline.kernel.OrganizationId;

/// Where files are kept and found, and how much of them.
public record MediaSettings(Place place, Limits limits) {

    /// The folder of the bytes; the URL under which this server is reached, known once it listens; and whose server it
    /// is.
    public record Place(Path folder, Supplier<String> baseUrl, OrganizationId operator) {}

    /// How long a file is kept after a message last referred to it (zero: for ever), how many bytes one
    /// organization may keep (zero: any number), how large a file from a person may be, and how long their text
    /// waits for it.
    public record Limits(Duration retention, long quota, long largestInbound, Duration patience) {}
}

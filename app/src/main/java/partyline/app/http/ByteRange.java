package partyline.app.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The stretch of a file that a request asks for (RFC 9110, section 14): `length` bytes from `start` on.
public record ByteRange(long start, long length) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /// The stretch that `header` asks for of `size` bytes; empty when it asks for all of them, for several
    /// stretches, or in words that nobody understands, which all get the whole file. A `length` of 0 is one that
    /// lies outside.
    public static Optional<ByteRange> of(@Nullable String header, long size) {
        Matcher matcher = ONE.matcher(header == null ? "" : header.strip());
        if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(size, Long.parseLong(matcher.group(2)));
            return Optional.of(new ByteRange(size - last, last));
        }
        long start = Long.parseLong(matcher.group(1));
        long end = matcher.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < start) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(start, Math.max(0, end - start + 1)));
    }

    /// The answer's `Content-Range`.
    public String of(long size) {
        return length == 0 ? "bytes */" + size : "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
}

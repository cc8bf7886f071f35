package partyline.drivers.imsg;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names a file that a person sent by the row that it came with and its place there: where it lies is asked when it is
/// fetched, so that no path ever comes from anywhere but the Mac.
record MediaReference(long rowId, int place, String guid) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})/([0-9]{1,4})/(.{1,200})");

    String text() {
        return rowId + "/" + place + "/" + guid;
    }

    static Optional<MediaReference> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new MediaReference(
                        Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2)), parts.group(3)))
                : Optional.empty();
    }
}

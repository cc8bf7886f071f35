package partyline.media;

/// Why a file could not be had or kept: a stable code, and a sentence for whoever waits for the file.
public enum MediaFailure {
    EMPTY("media_empty", "The file has no bytes."),
    TOO_LARGE("media_too_large", "The file is larger than this server takes."),
    QUOTA_EXCEEDED("media_quota_exceeded", "The organization has used up its room for files."),
    TIMED_OUT("media_timed_out", "The file did not come in time. It joins the message if it comes within the hour."),
    UNAVAILABLE(
            "media_unavailable",
            "The line, or the address that it named, did not give the file out. If it only comes late, it joins the"
                    + " message within the hour."),
    ADDRESS_REFUSED("media_address_refused", "The file is at an address that this server may not call."),
    SENDER_BLOCKED("media_sender_blocked", "The sender was blocked when it came, so the file was not fetched.");

    private final String code;
    private final String sentence;

    MediaFailure(String code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    public String code() {
        return code;
    }

    public String sentence() {
        return sentence;
    }

    /// The failure with this code, as it was stored.
    public static MediaFailure of(String code) {
        for (MediaFailure failure : values()) {
            if (failure.code.equals(code)) {
                return failure;
            }
        }
        throw new IllegalArgumentException("no media failure " + code);
    }
}

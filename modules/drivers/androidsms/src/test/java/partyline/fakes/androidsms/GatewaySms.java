package partyline.fakes.androidsms;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// What the fake phone keeps: texts that came, and texts that it sends.
final class GatewaySms {

    /// The app writes the time of the phone's own zone.
    private static final DateTimeFormatter ZONED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

    private GatewaySms() {}

    /// What came along with an MMS.
    record File(String name, String type) {}

    /// One that came. `subscription` is the SIM, which the broadcast of some phones does not name.
    record Came(
            String sender,
            @Nullable String text,
            Instant stamp,
            @Nullable Integer subscription,
            @Nullable File file,
            int row) {

        boolean mms() {
            return file != null;
        }

        /// As the app makes it: a hash of what the text is.
        int hash() {
            int head = 31 * (31 * sender.hashCode() + Long.hashCode(stamp.toEpochMilli()));
            return mms()
                    ? String.valueOf(row).hashCode()
                    : 31 * (head + (subscription == null ? 0 : subscription))
                            + String.valueOf(text).hashCode();
        }

        String id() {
            return (mms() ? "mms:" : "text:") + hash();
        }

        ObjectNode listed(boolean withFiles) {
            ObjectNode json = Json.object()
                    .put("id", id())
                    .put("type", mms() ? "MMS_DOWNLOADED" : "SMS")
                    .put("sender", sender)
                    .put("simNumber", subscription)
                    .put("contentPreview", text == null ? "MMS content" : text)
                    .put("createdAt", time(stamp));
            if (mms() && withFiles) {
                attach(json);
            }
            return json;
        }

        private ObjectNode attach(ObjectNode json) {
            File sent = Objects.requireNonNull(file);
            return json.putArray("attachments")
                    .addObject()
                    .put("partId", row)
                    .put("name", sent.name())
                    .put("size", 5)
                    .put("contentType", sent.type());
        }

        ObjectNode payload(String data) {
            ObjectNode json = Json.object()
                    .put("messageId", mms() ? String.valueOf(row) : Integer.toHexString(hash()))
                    .put("sender", sender)
                    .put("phoneNumber", sender)
                    .put("simNumber", subscription)
                    .put("receivedAt", time(stamp));
            if (!mms()) {
                return json.put("message", text);
            }
            attach(json.put("body", text)).put("data", data);
            return json;
        }
    }

    /// One that the app was given to send.
    static final class Given {

        final String id;
        final String to;
        final Map<String, Instant> states = new TreeMap<>();

        @Nullable
        final String text;

        final boolean media;

        @Nullable
        final Integer sim;

        volatile String state = "";

        @Nullable
        volatile String error;

        Given(String id, String to, @Nullable String text, boolean media, @Nullable Integer sim) {
            this.id = id;
            this.to = to;
            this.text = text;
            this.media = media;
            this.sim = sim;
        }

        synchronized void become(String next, Instant now) {
            state = next;
            states.put(next, now);
        }

        synchronized ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("id", id)
                    .put("deviceId", "phone-1")
                    .put("state", state)
                    .put("isHashed", false)
                    .put("isEncrypted", false);
            json.putArray("recipients")
                    .addObject()
                    .put("phoneNumber", to)
                    .put("state", state)
                    .put("error", error);
            ObjectNode when = json.putObject("states");
            states.forEach((name, at) -> when.put(name, time(at)));
            return json;
        }
    }

    static String time(Instant at) {
        return ZONED.format(at.atOffset(ZoneOffset.ofHours(2)));
    }
}

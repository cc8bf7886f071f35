package partyline.fakes.twilio;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// A message as the fake Twilio keeps it.
final class TwilioMessage {

    final String sid;
    final boolean inbound;
    final String line;
    final Instant created;
    final String body;
    final List<String> media;

    @Nullable
    String statusCallback;

    @Nullable
    Integer errorCode;

    String status;
    Instant updated;

    TwilioMessage(String sid, boolean inbound, String line, Instant created, String body, List<String> media) {
        this.sid = sid;
        this.inbound = inbound;
        this.line = line;
        this.created = created;
        this.updated = created;
        this.body = body;
        this.media = List.copyOf(media);
        this.status = inbound ? "received" : "queued";
    }

    String from() {
        return inbound ? FakeLine.PERSON : line;
    }

    String to() {
        return inbound ? line : FakeLine.PERSON;
    }

    /// Dates as in mail, numbers as text, and no date of sending while it is queued.
    ObjectNode json() {
        return Json.object()
                .put("sid", sid)
                .put("messaging_service_sid", (String) null)
                .put("from", from())
                .put("to", to())
                .put("body", body)
                .put("status", status)
                .put("direction", inbound ? "inbound" : "outbound-api")
                .put("num_segments", "1")
                .put("num_media", String.valueOf(media.size()))
                .put("error_code", errorCode)
                .put("date_created", date(created))
                .put("date_sent", status.equals("queued") ? null : date(created))
                .put("date_updated", date(updated))
                .put("uri", "/2010-04-01/Accounts/AC1/Messages/" + sid + ".json");
    }

    private static String date(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }
}

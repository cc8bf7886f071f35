package partyline.fakes.sendblue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Service;
import tools.jackson.databind.node.ObjectNode;

/// A message as the fake Sendblue keeps it.
final class SendblueMessage {

    final String handle;
    final boolean outbound;
    final String line;
    final Instant created;

    @Nullable
    String text;

    @Nullable
    String media;

    @Nullable
    String style;

    @Nullable
    String statusCallback;

    @Nullable
    String reaction;

    @Nullable
    String errorCode;

    String group = "";
    String status = "QUEUED";
    Service service = Service.IMESSAGE;
    /// In place of the service's name, and of both dates.
    @Nullable
    String oddService;

    @Nullable
    String oddDate;

    /// Sendblue says so only of what began as an iMessage.
    boolean downgraded;

    Instant updated;

    SendblueMessage(String handle, boolean outbound, String line, Instant created) {
        this.handle = handle;
        this.outbound = outbound;
        this.line = line;
        this.created = created;
        this.updated = created;
    }

    ObjectNode json() {
        String other = FakeLine.PERSON;
        ObjectNode json = Json.object()
                .put("accountEmail", "owner@example.org")
                .put("content", text == null ? "" : text)
                .put("is_outbound", outbound)
                .put("status", status)
                .put("error_code", errorCode)
                .put("error_message", errorCode == null ? null : "it failed")
                .put("message_handle", handle)
                .put("date_sent", oddDate == null ? Timestamps.iso(created) : oddDate)
                .put("date_updated", oddDate == null ? Timestamps.iso(updated) : oddDate)
                .put("from_number", outbound ? line : other)
                .put("number", other)
                .put("to_number", outbound ? other : line);
        return json.put("was_downgraded", downgraded && !status.equals("QUEUED") ? Boolean.TRUE : null)
                .put("media_url", media == null ? "" : media)
                .put("message_type", group.isEmpty() ? "message" : "group")
                .put("group_id", group)
                .put("send_style", style == null ? "" : style)
                .put("opted_out", false)
                .put("sendblue_number", line)
                .put("service", status.equals("QUEUED") ? null : name())
                .put("a_field_of_next_year", true);
    }

    private String name() {
        if (oddService != null) {
            return oddService;
        }
        return switch (service) {
            case IMESSAGE -> "iMessage";
            case RCS -> "RCS";
            case SMS -> "SMS";
        };
    }
}

package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.TraceStep;

/// A message's whole way, as far as its row tells: `summary` is what it is and how it stands, oldest step first.
public record MessageTrace(
        Id message, OrganizationId organization, Id identity, String summary, List<TraceStep> steps) {

    private static final String SELECT = """
            SELECT o.text AS organization, i.text AS identity, line, outbound, service, status, is_blocked, error_code,
                   attempts, requeued, created_at, occurred_at, handed_at, next_attempt_at, sent_at, delivered_at, read_at,
                   failed_at, edited_at, unsent_at
              FROM message JOIN symbol o ON o.no = organization_no JOIN symbol i ON i.no = identity_no
             WHERE id = ? AND salt = ?
            """;

    public MessageTrace {
        steps = List.copyOf(steps);
    }

    static Optional<MessageTrace> of(Handle reader, Id message) {
        return Rows.first(reader, SELECT, row -> read(message, row), message.key(), message.salt());
    }

    private static MessageTrace read(Id message, ResultSet row) throws SQLException {
        boolean outbound = row.getBoolean("outbound");
        String line = row.getString("line");
        String error = row.getString("error_code");
        int attempts = row.getInt("attempts");
        String summary = (outbound ? "from the agent" : "from the person")
                + ", line " + line
                + ", " + row.getString("service")
                + ", status " + row.getString("status")
                + (error == null ? "" : ", error " + error)
                + (row.getBoolean("is_blocked") ? ", blocked: nobody but an admin sees it" : "")
                + (attempts == 0 ? "" : ", put off or asked about " + attempts + " times")
                + (row.getBoolean("requeued") ? ", to go out once more" : "");
        List<TraceStep> steps = new ArrayList<>();
        step(steps, row, "occurred_at", "written, as line " + line + " says");
        step(steps, row, "created_at", outbound ? "accepted for sending" : "stored");
        step(steps, row, "handed_at", "handed over to line " + line);
        step(steps, row, "sent_at", "sent");
        step(steps, row, "delivered_at", "delivered");
        step(steps, row, "read_at", "read by the person");
        step(steps, row, "failed_at", "given up: " + error);
        step(steps, row, "edited_at", "changed by the person");
        step(steps, row, "unsent_at", "taken back by the person");
        step(steps, row, "next_attempt_at", "due to be tried again, or asked about");
        return new MessageTrace(
                message,
                new OrganizationId(row.getString("organization")),
                Id.parse(row.getString("identity")),
                summary,
                steps);
    }

    private static void step(List<TraceStep> steps, ResultSet row, String column, String what) throws SQLException {
        @Nullable Instant at = Timestamps.read(row, column).orElse(null);
        if (at != null) {
            steps.add(new TraceStep(at, what));
        }
    }
}

package partyline.drivers.bluebubbles;

import java.util.Locale;
import java.util.Optional;
import partyline.drivers.Reply;
import tools.jackson.databind.JsonNode;

/// What the server's answer to a send means. In doubt it is [Doubtful]: a send that is repeated is worse than one that
/// is looked up.
sealed interface SendAnswers {

    /// It is in the Mac's database as `message`, in the chat of that name (empty when it was not told).
    record Went(MacMessage message, String chat) implements SendAnswers {}

    /// It is there, with Apple's error, as `message` if the server shows it.
    record Failed(int error, Optional<MacMessage> message) implements SendAnswers {}

    /// The server will never take it.
    record Rejected(String detail) implements SendAnswers {}

    /// The server has no such chat, under this name.
    record NoChat() implements SendAnswers {}

    /// Certainly nothing was done.
    record NotDone(String detail) implements SendAnswers {}

    /// Nobody knows.
    record Doubtful(String detail) implements SendAnswers {}

    /// The row that it speaks of, if it does.
    default Optional<MacMessage> row() {
        return switch (this) {
            case Went(MacMessage message, var _) -> Optional.of(message);
            case Failed(var _, Optional<MacMessage> message) -> message;
            case Rejected _, NoChat _, NotDone _, Doubtful _ -> Optional.empty();
        };
    }

    static SendAnswers of(Reply reply) {
        return switch (reply) {
            case Reply.Unreachable(String detail) -> new NotDone("The Mac cannot be reached: " + detail + ".");
            case Reply.NoAnswer(String detail) -> new Doubtful("The Mac did not answer: " + detail + ".");
            case Reply.Answered answer
            when answer.success() -> went(answer.json().path("data"));
            case Reply.Answered answer -> refused(answer.status(), answer.json());
        };
    }

    /// What the row of a send says, which is in the chat of that name.
    static SendAnswers of(MacMessage row, String chat) {
        return row.state().error() == 0
                ? new Went(row, chat)
                : new Failed(row.state().error(), Optional.of(row));
    }

    private static SendAnswers went(JsonNode data) {
        boolean begun = data.has("messages");
        JsonNode row = begun ? data.path("messages").path(0) : data;
        MacMessage message = MacMessage.of(row);
        if (message.guid().isEmpty()) {
            return new Doubtful("The Mac took it without saying as what.");
        }
        return of(
                message, begun ? data.path("guid").asString("") : message.chat().guid());
    }

    private static SendAnswers refused(int status, JsonNode body) {
        boolean envelope = body.path("status").isNumber();
        String detail = body.path("error").path("message").asString("");
        String told = detail.toLowerCase(Locale.ROOT);
        MacMessage row = MacMessage.of(body.path("data"));
        int error = row.state().error();
        if (!envelope) {
            return status / 100 == 4
                    ? new NotDone("What answers for the Mac (HTTP " + status + ") is no BlueBubbles server.")
                    : new Doubtful("A proxy answered for the Mac with HTTP " + status + ".");
        }
        if (told.contains("private api")) {
            return new NotDone("The Mac's Private API is not connected.");
        }
        if (told.contains("chat does not exist") || status == 404) {
            return new NoChat();
        }
        if (told.contains("already queued")) {
            return new Doubtful("The Mac is still sending it.");
        }
        return switch (status) {
            case 400 -> new Rejected("BlueBubbles refuses the message: " + detail);
            case 401, 403 -> new NotDone("BlueBubbles refuses the password.");
            default ->
                error == 0 || error == 4
                        ? new Doubtful("The Mac does not know what became of it (HTTP " + status + ").")
                        : new Failed(
                                error, Optional.of(row).filter(it -> !it.guid().isEmpty()));
        };
    }
}

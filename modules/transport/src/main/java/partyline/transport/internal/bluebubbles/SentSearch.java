package partyline.transport.internal.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import partyline.kernel.Json;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;
import partyline.transport.internal.bluebubbles.Parcel.Piece;
import partyline.transport.internal.remote.Reply;
import tools.jackson.databind.node.ObjectNode;

/// Looks up in the Mac's database whether a piece went out: by the temporary id that its webhook told, else as a row of
/// ours to the same person, with the same words or file, not older than the message, and known as nothing else.
record SentSearch(MacApi api, Chats chats) {

    /// How far the clocks of the Mac and this machine may be apart.
    private static final Duration SKEW = Duration.ofMinutes(1);

    /// [Answers.Went] or [Answers.Failed] when it is there, [Answers.NotDone] when it is not, [Answers.Doubtful] when
    /// the
    /// Mac could not be asked.
    Answers find(Chat chat, Piece piece, Outgoing message, Instant since) {
        Optional<String> echo = chats.echo(piece.tempGuid());
        if (echo.isPresent()
                && api.get("/message/" + MacApi.part(echo.get())) instanceof Reply.Answered answer
                && answer.success()) {
            return Answers.of(answer);
        }
        Reply reply = api.ask("/message/query", query(since));
        if (!(reply instanceof Reply.Answered answer) || !answer.success()) {
            return new Answers.Doubtful("The Mac could not be asked what became of it.");
        }
        List<MacMessage> rows = answer.json()
                .path("data")
                .valueStream()
                .map(MacMessage::of)
                .filter(row -> row.fromMe() && !row.isTapback() && row.state().kind() == 0)
                .filter(row -> row.chat().person().filter(chat.person()::equals).isPresent())
                .filter(row -> !chat.isAnother(row.guid(), message.clientId().text()))
                .filter(row -> is(row, piece))
                .sorted(Comparator.comparing((MacMessage row) -> row.state().error() != 0)
                        .thenComparing(MacMessage::rowId))
                .toList();
        return rows.stream()
                .findFirst()
                .map(SentSearch::answer)
                .orElseGet(() -> new Answers.NotDone("The Mac never sent it."));
    }

    private static Answers answer(MacMessage row) {
        return row.state().error() == 0
                ? new Answers.Went(row, row.chat().guid())
                : new Answers.Failed(row.state().error());
    }

    private static boolean is(MacMessage row, Piece piece) {
        String text = piece.text();
        Attachment file = piece.file();
        return text != null
                ? row.words().text().equals(text.strip())
                : file != null
                        && row.words().attachments().stream()
                                .anyMatch(it -> it.name().equals(file.name()));
    }

    private static ObjectNode query(Instant since) {
        ObjectNode query = Json.object().put("limit", 1000).put("offset", 0).put("sort", "ASC");
        query.putArray("with").add("chats").add("attachments");
        query.put("after", since.minus(SKEW).toEpochMilli());
        query.putArray("where")
                .addObject()
                .put("statement", "message.is_from_me = :mine")
                .putObject("args")
                .put("mine", 1);
        return query;
    }
}

package partyline.drivers.bluebubbles;

import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.drivers.Reply;
import partyline.drivers.bluebubbles.Chats.Chat;
import partyline.drivers.bluebubbles.MessageParts.Piece;
import partyline.transport.Attachments.Attachment;
import tools.jackson.databind.node.ObjectNode;

/// Looks up in the Mac's database whether a piece went out: by the temporary id that its webhook told, else as a row of
/// ours to the same person, with the same words or file, not older than the piece, and known as nothing else.
record SentSearch(MacApi api, Chats chats) {

    /// How far the clocks of the Mac and this machine may be apart.
    private static final Duration SKEW = Duration.ofMinutes(1);
    /// What may differ between what was sent and how the Mac keeps it.
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Z}\\p{Cc}\\p{Cf}\\uFFFC]+");

    /// [SendAnswers.Went] or [SendAnswers.Failed] when it is there, [SendAnswers.NotDone] when it is not,
    /// [SendAnswers.Doubtful] when the Mac could not be asked. `since` is when it was handed over, or before.
    SendAnswers find(Chat chat, Piece piece, Instant since) {
        Optional<SendAnswers> echoed = echoed(piece);
        if (echoed.isPresent()) {
            return echoed.get();
        }
        Optional<List<MacMessage>> rows = rows(chat, piece, since);
        return rows.isEmpty()
                ? new SendAnswers.Doubtful("The Mac could not be asked what became of it.")
                : rows.get().stream()
                        .findFirst()
                        .map(SentSearch::answer)
                        .orElseGet(() -> new SendAnswers.NotDone("The Mac never sent it."));
    }

    /// What the row is that the Mac told under the temporary id of the piece.
    Optional<SendAnswers> echoed(Piece piece) {
        return chats.echo(piece.tempGuid())
                .map(guid -> api.get("/message/" + MacApi.part(guid)))
                .filter(Reply::success)
                .map(SendAnswers::of)
                .filter(answer -> answer.row().filter(row -> mayBe(row, piece)).isPresent());
    }

    /// Its row while the call is open; one that failed may be an earlier try's.
    Optional<SendAnswers> arrived(Chat chat, Piece piece, Instant since) {
        return rows(chat, piece, since).stream()
                .flatMap(List::stream)
                .filter(row -> row.state().error() == 0)
                .findFirst()
                .map(SentSearch::answer);
    }

    /// Whether a row that the Mac names can be the piece: it may not show everything yet.
    boolean mayBe(MacMessage row, Piece piece) {
        String words = row.words().text();
        String text = piece.text();
        return row.fromMe()
                && !chats.isKnown(row.guid())
                && (words.isEmpty() || text != null && plain(words).equals(plain(text)));
    }

    private Optional<List<MacMessage>> rows(Chat chat, Piece piece, Instant since) {
        ObjectNode query =
                MacApi.query("ASC", 1_000, List.of("chats", "attachments"), Map.of("message.is_from_me = :mine", 1));
        query.put("after", since.minus(SKEW).toEpochMilli());
        return api.messages(query)
                .map(rows -> rows.stream()
                        .filter(row ->
                                row.fromMe() && !row.isTapback() && row.state().kind() == 0)
                        .filter(row -> chat.is(row.chat()))
                        .filter(row -> !chats.isKnown(row.guid()))
                        .filter(row -> is(row, piece))
                        .sorted(Comparator.comparing(row -> row.state().error() != 0))
                        .toList());
    }

    private static SendAnswers answer(MacMessage row) {
        return row.state().error() == 0
                ? new SendAnswers.Went(row, row.chat().guid())
                : new SendAnswers.Failed(row.state().error(), Optional.of(row));
    }

    private static boolean is(MacMessage row, Piece piece) {
        String text = piece.text();
        Attachment file = piece.file();
        return text != null
                ? plain(row.words().text()).equals(plain(text))
                : file != null
                        && row.words().attachments().stream()
                                .anyMatch(it -> it.name().equals(file.name()));
    }

    private static String plain(String text) {
        return UNSEEN.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll("");
    }
}

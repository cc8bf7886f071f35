package partyline.drivers.bluebubbles;

import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import partyline.drivers.Reply;
import partyline.drivers.bluebubbles.Chats.Chat;
import partyline.drivers.bluebubbles.MessageParts.Piece;
import partyline.transport.Attachments.Attachment;
import tools.jackson.databind.node.ObjectNode;

/// Finds out what becomes of a piece that is handed to the Mac, and what became of it: by the temporary id that the
/// Mac's webhook told, else as a row of ours to the same person, with the same words or file, not older than the piece,
/// and known as nothing else.
///
/// A Mac may send at once and answer minutes later, or name another message in its answer; so whatever comes first
/// settles the piece: an answer that is clear, the echo of its temporary id, or its row in the database, which is
/// looked for while the call is open. Thread-safe.
record SentSearch(MacApi api, Chats chats) {

    /// How far the clocks of the Mac and this machine may be apart.
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(2);
    /// An upload may take half an hour; the longer it takes, the more seldom the Mac is asked.
    private static final Duration SELDOM = Duration.ofSeconds(10);
    private static final int SHARE = 8;
    /// What may differ between what was sent and how the Mac keeps it.
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Z}\\p{Cc}\\p{Cf}\\uFFFC]+");

    /// What became of the piece that `call` hands over, at `handed`, when the last row that was read was `lastRead`.
    SendAnswers handOver(Chat chat, Piece piece, Instant handed, long lastRead, Supplier<Reply> call) {
        Semaphore news = new Semaphore(0);
        FutureTask<Reply> answer = new FutureTask<>(call::get) {
            @Override
            protected void done() {
                news.release();
            }
        };
        Thread thread = Thread.ofVirtual().name("bluebubbles-send").unstarted(answer);
        chats.listen(piece.tempGuid(), news::release);
        try {
            thread.start();
            Optional<SendAnswers> seen = await(chat, piece, handed, news, answer);
            return seen.isPresent() ? seen.get() : judge(chat, piece, handed, lastRead, answer.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new SendAnswers.Doubtful("The send was called off.");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            chats.listenNoMore(piece.tempGuid());
            answer.cancel(true);
        }
    }

    /// Empty when it is the answer that came first.
    private Optional<SendAnswers> await(
            Chat chat, Piece piece, Instant handed, Semaphore news, FutureTask<Reply> answer)
            throws InterruptedException {
        long begun = System.nanoTime();
        while (!answer.isDone()) {
            long open = (System.nanoTime() - begun) / SHARE;
            long wait = Math.clamp(open, LOOK.toNanos(), SELDOM.toNanos());
            boolean told = news.tryAcquire(wait, TimeUnit.NANOSECONDS);
            Optional<SendAnswers> seen =
                    answer.isDone() ? Optional.empty() : told ? echoed(piece) : arrived(chat, piece, handed);
            if (seen.isPresent()) {
                return seen;
            }
        }
        return Optional.empty();
    }

    /// The server finds the row of a send by its letters, if not by its place: it may name one that is not ours, and
    /// that was there long before.
    private SendAnswers judge(Chat chat, Piece piece, Instant handed, long lastRead, Reply reply) {
        SendAnswers answer = SendAnswers.of(reply);
        boolean wrong = answer.row()
                .filter(row -> !mayBe(row, piece) || row.rowId() > 0 && row.rowId() <= lastRead)
                .isPresent();
        SendAnswers doubt = wrong ? new SendAnswers.Doubtful("The Mac named another message.") : answer;
        if (!(doubt instanceof SendAnswers.Doubtful)) {
            return answer;
        }
        SendAnswers found = find(chat, piece, handed);
        return found.row().isPresent() ? found : doubt;
    }

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
                        .map(row -> SendAnswers.of(row, row.chat().guid()))
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
                .map(row -> SendAnswers.of(row, row.chat().guid()));
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

    private static boolean is(MacMessage row, Piece piece) {
        String text = piece.text();
        Attachment file = piece.file();
        return text != null
                ? plain(row.words().text()).equals(plain(text))
                : file != null
                        && row.words().attachments().stream()
                                .anyMatch(it -> plain(it.name()).equals(plain(file.name())));
    }

    private static String plain(String text) {
        return UNSEEN.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll("");
    }
}

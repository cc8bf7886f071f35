package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import partyline.drivers.Reply;
import partyline.drivers.bluebubbles.Chats.Chat;
import partyline.drivers.bluebubbles.MessageParts.Piece;

/// The call that hands one piece to the Mac. A Mac may send at once and answer minutes later, or name another message
/// in its answer; so whatever comes first settles the piece: an answer that is clear, the echo of its temporary id, or
/// its row in the database, which is looked for while the call is open. Thread-safe.
record OpenCall(Chats chats, SentSearch search) {

    private static final Duration LOOK = Duration.ofSeconds(2);
    /// An upload may take half an hour; the longer it takes, the more seldom the Mac is asked.
    private static final Duration SELDOM = Duration.ofSeconds(10);
    private static final int SHARE = 8;

    /// What became of the piece that `call` hands over, at `handed`, when the last row that was read was `lastRead`.
    SendAnswers make(Chat chat, Piece piece, Instant handed, long lastRead, Supplier<Reply> call) {
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
            Optional<SendAnswers> seen = answer.isDone()
                    ? Optional.empty()
                    : told ? search.echoed(piece) : search.arrived(chat, piece, handed);
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
                .filter(row -> !search.mayBe(row, piece) || row.rowId() > 0 && row.rowId() <= lastRead)
                .isPresent();
        SendAnswers doubt = wrong ? new SendAnswers.Doubtful("The Mac named another message.") : answer;
        if (!(doubt instanceof SendAnswers.Doubtful)) {
            return answer;
        }
        SendAnswers found = search.find(chat, piece, handed);
        return found.row().isPresent() ? found : doubt;
    }
}

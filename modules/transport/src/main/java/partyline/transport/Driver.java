package partyline.transport;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;

/// The code behind one or more lines. Calls may block, come from many threads, and must end by themselves: a driver
/// puts a time-out on everything it does. It throws only for bugs.
public interface Driver extends AutoCloseable {

    /// Where a driver brings what it hears. When a call returns, the news is on disk and may be acknowledged upstream.
    interface Inbound {

        /// What an event turned out to be.
        enum News {
            /// Nothing came under its name before.
            NEW,
            /// It came before, and changed nothing.
            REPEATED,
            /// Something else came under its name before, and it changed nothing: the service gives a name twice.
            MISNAMED
        }

        News accept(InboundEvent event);

        void receipt(Receipt receipt);

        /// A person began or stopped typing; kept nowhere.
        void typing(String line, PhoneNumber from, boolean typing);

        /// Somebody wrote whom [LineSetup#person] does not know: counted as what they have in place of a number,
        /// and told once that one is needed, where the driver can answer them.
        void stranger(String line, Stranger stranger);

        /// Something came that is no news for anybody, such as group traffic; it is counted by `reason`, a short word.
        void dropped(String line, String reason);
    }

    /// Where the bytes of something that a person sent are.
    sealed interface Download {

        /// At an address that anybody may fetch.
        record Address(String url) implements Download {}

        /// Here; whoever reads them closes `body`. The content type and the name of the file are what the service says
        /// with them, if it says any.
        record Bytes(
                InputStream body,
                @Nullable String contentType,
                @Nullable String name) implements Download {}

        /// Where [Attachments#keep] put it; a text gets it once.
        record Kept(String reference) implements Download {}
    }

    /// How a line is: `detail` says what is wrong and what to do about it, empty when nothing is.
    record Health(State state, String detail) {

        /// `DEGRADED` sends texts but not everything that it usually can; `DOWN` sends nothing. `UNKNOWN` was not asked
        /// yet, as in the first seconds after a start: neither up nor down.
        public enum State {
            UP,
            DEGRADED,
            DOWN,
            UNKNOWN
        }

        public static final Health UP = new Health(State.UP, "");
    }

    /// Begins to bring news; called once, before any send.
    void start(Inbound inbound);

    Capabilities capabilities(Line line, PhoneNumber recipient);

    SendResult send(Line line, Outgoing message);

    /// What became of the send with this client id: accepted, refused, certainly not sent, or still unknown.
    /// It was not handed over before `since`.
    SendResult reconcile(Line line, Outgoing message, Instant since);

    /// Sets (or, with a null `reaction`, takes back) our tapback on a bubble: `love`, `like`, `dislike`, `laugh`,
    /// `emphasize`, `question` or `eyes`.
    TapbackResult tapback(Line line, PhoneNumber to, String targetProviderId, @Nullable String reaction, int partIndex);

    /// Shows the person that everything they sent up to `until` was read.
    void markRead(Line line, PhoneNumber person, Instant until);

    /// Shows or hides our typing bubble; it hides by itself after a minute and when a text is sent.
    void typing(Line line, PhoneNumber person, boolean typing);

    /// Where to get what `media`, the reference in an inbound text, stands for.
    ///
    /// @throws IOException when the service does not give it out, or not now.
    Download download(Line line, String media) throws IOException;

    /// Whether [#answer] reaches `stranger`.
    default boolean answers(Line line, Stranger stranger) {
        return false;
    }

    /// Says `words` to somebody who has no number, as well as it can: nobody asks what became of them.
    default void answer(Line line, Stranger stranger, String words) {}

    /// How the line is, as last seen; answers at once.
    Health health(Line line);

    /// Tries out whether the line could work: credentials, its number, the way back. Every problem is one sentence with
    /// its fix; nothing is changed and nothing sent.
    List<String> check(Line line);

    /// How long a call is waited for, a minute as a rule; a send has its own bound. Longer than the driver's
    /// own time-outs, since those know more.
    default Duration patience() {
        return Duration.ofSeconds(60);
    }

    /// How long the send of `message` is waited for: with media for as long as an upload may take. An answer
    /// that comes later is not heard: the send then counts as unknown, and what became of it is asked. Only
    /// the rest of its conversation waits meanwhile.
    default Duration patience(Outgoing message) {
        return patience();
    }

    @Override
    void close();
}

package partyline.transport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;

/// The code behind one or more lines. Calls may block, come from many threads, and must end by themselves: a driver
/// puts a time-out on everything it does. It throws only for bugs.
public interface Driver extends AutoCloseable {

    /// Where a driver brings what it hears. When a call returns, the news is on disk and may be acknowledged upstream.
    interface Inbound {

        void accept(InboundEvent event);

        void receipt(Receipt receipt);

        /// A person began or stopped typing; kept nowhere.
        void typing(String line, PhoneNumber from, boolean typing);
    }

    /// Begins to bring news; called once, before any send.
    void start(Inbound inbound);

    Capabilities capabilities(Line line, PhoneNumber recipient);

    SendResult send(Line line, Outgoing message);

    /// What became of the send with this client id: accepted, refused, certainly not sent, or still unknown.
    SendResult reconcile(Line line, Outgoing message);

    /// Sets (or, with a null `reaction`, takes back) our tapback on a bubble; false when the line did not take it.
    boolean tapback(Line line, PhoneNumber to, String targetProviderId, @Nullable String reaction, int partIndex);

    /// Shows the person that everything they sent up to `until` was read.
    void markRead(Line line, PhoneNumber person, Instant until);

    /// Shows or hides our typing bubble; it hides by itself after a minute and when a text is sent.
    void typing(Line line, PhoneNumber person, boolean typing);

    @Override
    void close();
}

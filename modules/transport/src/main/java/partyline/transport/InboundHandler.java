package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;

/// Who understands what people do; the router, as it happens. Each call runs in the transaction that takes the news off
/// the inbox, so it happens once or not at all.
public interface InboundHandler {

    /// True when what it came as is kept now under its line and provider id, so that [#came] has it from now on.
    boolean handle(Tx tx, InboundEvent event);

    /// The text of this name that is kept, if one is.
    default Optional<Came> came(Handle reader, String line, String providerId) {
        return Optional.empty();
    }

    /// Does the slow part of handling an event that brings a file, in no transaction, and returns the rest, which runs
    /// in place of [#handle]. After a failure of the rest it is done again.
    default Consumer<Tx> prepare(InboundEvent event) {
        return tx -> handle(tx, event);
    }

    /// Applies a receipt; false when nothing was sent under its provider id *yet*, which parks it.
    boolean receipt(Tx tx, Receipt receipt);

    /// The newest bubbles in the thread of `person` and `line` that have a provider id, newest first, both
    /// sides'; asked in no transaction. They are what a tapback in words may quote.
    default List<RecentText> recent(String line, PhoneNumber person) {
        return List.of();
    }

    /// A person began or stopped typing to `line`.
    void typing(String line, PhoneNumber from, boolean typing);

    /// Something that came before: from whom, if that is still known, when, and its words, unless they were
    /// changed or are no longer kept. What a person says to an agent by name is kept without the name.
    record Came(Optional<PhoneNumber> from, Instant at, Optional<String> words) {

        /// No line tells of the same thing again and makes it so much younger.
        private static final Duration YOUNGER = Duration.ofHours(1);

        /// Whether `event`, which has the same name, can be the same thing once more.
        boolean isAgain(InboundEvent event) {
            return from.filter(it -> !it.equals(event.from())).isEmpty()
                    && !event.at().isAfter(at.plus(YOUNGER))
                    && !(event instanceof InboundEvent.TextReceived text
                            && words.filter(it ->
                                            text.text() == null || !text.text().contains(it))
                                    .isPresent());
        }
    }

    /// What to answer somebody who has no number and wrote to `line`, if anything: it is said once `tx` is
    /// committed, or never.
    default Optional<String> stranger(Tx tx, String line, Stranger stranger) {
        return Optional.empty();
    }

    /// A bubble in the thread of a person and a line, as the person's phone shows it: what a tapback in words
    /// may quote. `media` is whether a file came with it, `ours` whether the line sent it.
    record RecentText(String providerId, @Nullable String text, boolean media, boolean ours) {}
}

package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.transport.Transport;

/// What shows a person that somebody is there: read receipts and the typing bubble. The database is certain, the phone
/// best effort.
final class ReadReceipts {

    private static final int TYPINGS_PER_MINUTE = 60;

    /// What a check came to: a refusal, or where to show what, about how many messages.
    private record Checked(Optional<ReactOutcome> refusal, Optional<Connection> connection, int count) {}

    private final Storage storage;
    private final Transport transport;
    private final ContactPolicy policy;
    private final ActQuota typings;
    private final ConversationStore conversations = new ConversationStore();
    private final ConnectionStore connections = new ConnectionStore();
    private final MessageStore messages = new MessageStore();

    ReadReceipts(Storage storage, Transport transport, ContactPolicy policy) {
        this.storage = storage;
        this.transport = transport;
        this.policy = policy;
        this.typings = new ActQuota(storage.clock(), TYPINGS_PER_MINUTE, Duration.ofMinutes(1));
    }

    ReactOutcome markRead(Caller caller, Id conversation) {
        Instant now = storage.clock().instant();
        Checked checked = storage.database().write(tx -> {
            Checked found = check(tx.handle(), caller, conversation);
            return found.connection().isEmpty() ? found : marked(tx, conversation, found, now);
        });
        if (checked.count() > 0) {
            checked.connection().ifPresent(it -> transport.lines().markRead(it.line(), it.person(), now));
        }
        return checked.refusal().orElse(new ReactOutcome.Done(checked.count()));
    }

    /// Writes nothing: agents say it every few seconds while they think.
    ReactOutcome typing(Caller caller, Id conversation) {
        Checked checked = storage.database().read(handle -> check(handle, caller, conversation));
        if (checked.refusal().isPresent()) {
            return checked.refusal().get();
        }
        Optional<Duration> left = typings.take(conversation);
        if (left.isPresent()) {
            return new ReactOutcome.TooOften(left.get());
        }
        checked.connection().ifPresent(it -> transport.lines().typing(it.line(), it.person(), true));
        return new ReactOutcome.Done(0);
    }

    private Checked marked(Tx tx, Id conversation, Checked found, Instant now) {
        int count = messages.markRead(tx, conversation, now);
        conversations.read(tx, conversation, count);
        return new Checked(Optional.empty(), found.connection(), count);
    }

    private Checked check(Handle handle, Caller caller, Id conversation) {
        Optional<ConversationStore.Row> row = conversations.find(handle, caller, conversation);
        if (row.isEmpty()) {
            return new Checked(Optional.of(new ReactOutcome.NotFound()), Optional.empty(), 0);
        }
        Id identity = row.get().identity();
        PhoneNumber person = row.get().person();
        Optional<ReactOutcome> refusal = Tapbacks.refusal(policy, handle, caller, identity, person);
        return new Checked(
                refusal, refusal.isPresent() ? Optional.empty() : connections.active(handle, identity, person), 0);
    }
}

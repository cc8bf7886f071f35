package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.conversations.Message.Content;
import partyline.conversations.Message.Moments;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.LineContract;

/// What people do to texts that they sent: they change them, and take them back. From then on every reader sees
/// that state, and an event tells of it. A text that is not known is left alone, and so is one that an agent
/// has from somebody who may not write to it any more: a blocked person moves nothing that it sees.
final class Revisions {

    private final Storage storage;
    private final ContactPolicy policy;
    private final EventPublisher announcer;
    private final MessageAttachments enclosures;
    private final AwaitedFiles awaited;
    private final MessageStore messages = new MessageStore();

    Revisions(
            Storage storage,
            ContactPolicy policy,
            EventPublisher announcer,
            MessageAttachments enclosures,
            AwaitedFiles awaited) {
        this.storage = storage;
        this.policy = policy;
        this.announcer = announcer;
        this.enclosures = enclosures;
        this.awaited = awaited;
    }

    /// An edit that is older than one that we know changes nothing.
    void edited(Tx tx, TextEdited edit) {
        Instant now = storage.clock().instant();
        Instant at = LineContract.isPlausible(edit.at(), now) ? edit.at() : now;
        messages.written(tx, edit.line(), edit.targetProviderId(), edit.from())
                .filter(message -> isOpen(tx, message))
                .filter(message -> message.content()
                        .moments()
                        .editedAt()
                        .filter(at::isBefore)
                        .isEmpty())
                .ifPresent(message -> {
                    Content before = message.content();
                    Moments moments = new Moments(before.moments().occurredAt(), Optional.of(at), Optional.empty());
                    Content after =
                            new Content(edit.text(), before.media(), before.sendStyle(), before.lost(), moments);
                    tell(tx, "message.edited", message.with(after, now));
                });
    }

    /// The words and the files are gone; that there was a message stays.
    void unsent(Tx tx, TextUnsent unsend) {
        Instant now = storage.clock().instant();
        messages.written(tx, unsend.line(), unsend.targetProviderId(), unsend.from())
                .filter(message -> isOpen(tx, message))
                .ifPresent(message -> {
                    Moments before = message.content().moments();
                    Moments moments = new Moments(
                            before.occurredAt(),
                            before.editedAt(),
                            Optional.of(LineContract.isPlausible(unsend.at(), now) ? unsend.at() : now));
                    enclosures.release(tx, message.content());
                    awaited.forget(tx, message);
                    Content after =
                            new Content(null, List.of(), message.content().sendStyle(), Optional.empty(), moments);
                    tell(tx, "message.unsent", message.with(after, now));
                });
    }

    private boolean isOpen(Tx tx, Message message) {
        boolean said = message.content().moments().unsentAt().isEmpty();
        return said
                && (message.marks().blocked()
                        || policy.allows(
                                tx, message.place().identity(), message.place().person(), Direction.INBOUND));
    }

    private void tell(Tx tx, String type, Message message) {
        messages.revise(tx, message, storage.journal().head(tx, message.place().organization()));
        announcer.announce(tx, type, messages.withTapbacks(tx.handle(), message));
    }
}

package partyline.drivers.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.Capabilities;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// What a line does to a person's phone. Holds no state of its own.
final class OutboundPhone {

    /// What becomes of a text once the line took it: the code of its failure, unless it arrives, and how much
    /// later than usual.
    record Course(@Nullable String failure, Duration late) {

        static final Course USUAL = new Course(null, Duration.ZERO);
    }

    private static final SendResult.Refused NO_IMESSAGE = new SendResult.Refused(
            SendResult.Refused.NO_IMESSAGE,
            "This person's phone has no iMessage, and this line falls back on nothing else.");

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final DeliveryScheduler courier;
    private final Watchers watchers;
    private final PhoneStore phones = new PhoneStore();
    private final BubbleStore bubbles = new BubbleStore();
    private final SimulatedTapbackStore tapbacks = new SimulatedTapbackStore();

    OutboundPhone(Database database, Ids ids, InstantSource clock, DeliveryScheduler courier, Watchers watchers) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.courier = courier;
        this.watchers = watchers;
    }

    Capabilities capabilities(PhoneNumber person) {
        boolean full = database.read(handle -> phones.find(handle, person)).isOnIMessage();
        return new Capabilities(full, full, full, full, true, true);
    }

    /// Takes a message, unless the phone has no iMessage and the line no fallback; one that it took before keeps its
    /// first answer.
    SendResult send(Line line, Outgoing message, Course course) {
        return database.write(tx -> bubbles.sentAs(tx.handle(), message.clientId())
                .<SendResult>map(bubble -> accepted(bubble, message))
                .orElseGet(() -> {
                    Phone phone = phones.find(tx.handle(), message.to());
                    return phone.isOnIMessage() || line.fallback() == Line.Fallback.SMS
                            ? accepted(put(tx, line, message, phone, course), message)
                            : NO_IMESSAGE;
                }));
    }

    SendResult reconcile(Outgoing message) {
        return database.read(handle -> bubbles.sentAs(handle, message.clientId()))
                .<SendResult>map(bubble -> accepted(bubble, message))
                .orElseGet(() -> new SendResult.NotSent("The simulator never got it."));
    }

    /// Sets or takes back the line's tapback; never without such a bubble on the phone, and not now without
    /// iMessage.
    TapbackResult tapback(PhoneNumber to, String bubble, @Nullable String reaction, int partIndex) {
        return database.write(tx -> {
            if (bubbles.shown(tx.handle(), to, bubble).isEmpty()) {
                return TapbackResult.NEVER;
            }
            if (!phones.find(tx.handle(), to).isOnIMessage()) {
                return TapbackResult.NOT_NOW;
            }
            if (reaction == null) {
                tapbacks.remove(tx, bubble, partIndex, false);
            } else {
                tapbacks.set(tx, new SimulatedTapback(bubble, partIndex, false, reaction, null), clock.instant());
            }
            tx.afterCommit(() -> watchers.changed(to));
            return TapbackResult.TAKEN;
        });
    }

    void markRead(Line line, PhoneNumber person, Instant until) {
        Bubble.Thread thread = new Bubble.Thread(person, line.number());
        database.update(tx -> {
            if (bubbles.readByLine(tx, thread, until, clock.instant())) {
                tx.afterCommit(() -> watchers.changed(person));
            }
        });
    }

    private Bubble put(Tx tx, Line line, Outgoing message, Phone phone, Course course) {
        Bubble bubble = Bubble.fresh(
                ProviderIds.next(ids),
                new Bubble.Thread(message.to(), line.number()),
                false,
                new Bubble.Content(message.text(), message.mediaUrl(), message.sendStyle(), message.contactCard()),
                phone.service(),
                clock.instant());
        bubbles.insertSent(tx, bubble, message.clientId());
        courier.carry(tx, line.id(), bubble, course);
        return bubble;
    }

    private static SendResult.Accepted accepted(Bubble bubble, Outgoing message) {
        boolean plain = message.sendStyle() != null && bubble.service() != Service.IMESSAGE;
        return new SendResult.Accepted(bubble.id(), bubble.service(), false, plain ? Set.of("effect") : Set.of());
    }
}

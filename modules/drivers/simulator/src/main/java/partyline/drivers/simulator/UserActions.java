package partyline.drivers.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// What a person does with their phone: the phone shows it at once, the server hears of it a latency later. Holds no
/// state of its own.
final class UserActions {

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final DeliveryScheduler courier;
    private final Watchers watchers;
    private final PhoneStore phones = new PhoneStore();
    private final BubbleStore bubbles = new BubbleStore();
    private final SimulatedTapbackStore tapbacks = new SimulatedTapbackStore();

    UserActions(Database database, Ids ids, InstantSource clock, DeliveryScheduler courier, Watchers watchers) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.courier = courier;
        this.watchers = watchers;
    }

    /// Puts the person's own bubble on the phone and returns its provider id.
    String text(
            PhoneNumber from, Line to, @Nullable String text, @Nullable String mediaUrl, @Nullable String sendStyle) {
        return database.write(tx -> {
            Bubble bubble = Bubble.fresh(
                    ProviderIds.next(ids),
                    new Bubble.Thread(from, to.number()),
                    true,
                    new Bubble.Content(text, mediaUrl, sendStyle, null),
                    phones.find(tx.handle(), from).service(),
                    clock.instant());
            bubbles.insertOwn(tx, bubble);
            courier.news(tx, received(to, bubble));
            tx.afterCommit(() -> watchers.changed(from));
            return bubble.id();
        });
    }

    /// The number of the line in whose thread this phone shows the bubble `id`.
    Optional<PhoneNumber> lineOf(PhoneNumber person, String id) {
        return database.read(handle -> bubbles.shown(handle, person, id))
                .map(bubble -> bubble.thread().line());
    }

    /// Sets or takes away the person's tapback. Taking away none is no news.
    void tapback(PhoneNumber from, Line line, Simulator.Tapback wish) {
        SimulatedTapback wished = new SimulatedTapback(
                wish.messageId(),
                wish.partIndex(),
                true,
                wish.reaction(),
                wish.reaction().equals("custom") ? wish.customEmoji() : null);
        database.update(tx -> apply(tx, wished, wish.remove()).ifPresent(tapback -> {
            courier.news(tx, received(from, line, tapback, wish.remove()));
            tx.afterCommit(() -> watchers.changed(from));
        }));
    }

    /// Opens the thread: everything in it is read, and a phone that sends read receipts says so.
    void read(PhoneNumber from, Line to) {
        database.update(tx -> {
            boolean tells = phones.find(tx.handle(), from).reads();
            List<Bubble> unread = bubbles.unread(tx.handle(), new Bubble.Thread(from, to.number()));
            for (Bubble bubble : unread) {
                bubbles.read(tx, bubble, clock.instant());
                if (tells && bubble.service() == Service.IMESSAGE) {
                    courier.report(tx, to.id(), bubble, Receipt.Kind.READ, 1);
                }
            }
            if (!unread.isEmpty()) {
                tx.afterCommit(() -> watchers.changed(from));
            }
        });
    }

    /// Changes what is not null. A phone that comes back online gets and sends what waited for it.
    void change(PhoneNumber number, @Nullable Service service, @Nullable Boolean online, @Nullable Boolean reads) {
        database.update(tx -> {
            phones.save(tx, phones.find(tx.handle(), number).with(service, online, reads));
            tx.afterCommit(() -> {
                courier.visit(number, Duration.ZERO);
                watchers.changed(number);
            });
        });
    }

    /// True when the phone of `number` is reachable now.
    boolean isOnline(PhoneNumber number) {
        return database.read(handle -> phones.find(handle, number)).online();
    }

    private Optional<SimulatedTapback> apply(Tx tx, SimulatedTapback wished, boolean remove) {
        if (remove) {
            return tapbacks.remove(tx, wished.bubble(), wished.partIndex(), true);
        }
        tapbacks.set(tx, wished, clock.instant());
        return Optional.of(wished);
    }

    private static TextReceived received(Line line, Bubble bubble) {
        return new TextReceived(
                line.id(),
                bubble.thread().person(),
                bubble.at(),
                bubble.id(),
                bubble.content().text(),
                bubble.content().media(),
                null,
                null,
                bubble.service(),
                bubble.content().sendStyle());
    }

    private TapbackReceived received(PhoneNumber from, Line line, SimulatedTapback tapback, boolean removed) {
        Instant now = clock.instant();
        return new TapbackReceived(
                line.id(),
                from,
                now,
                ProviderIds.next(ids),
                tapback.bubble(),
                tapback.reaction(),
                tapback.customEmoji(),
                tapback.partIndex(),
                removed);
    }
}

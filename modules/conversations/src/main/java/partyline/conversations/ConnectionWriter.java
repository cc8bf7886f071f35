package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.transport.Line;
import partyline.transport.Transport;

/// The one place where connections begin and end, each with its event; and how many may begin on a line.
final class ConnectionWriter {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final Storage storage;
    private final Transport transport;
    private final DedicatedNumbers numbers;
    private final EventPublisher announcer;
    private final ConversationResolver addressing;
    private final ConnectionStore store = new ConnectionStore();

    ConnectionWriter(
            Storage storage,
            Transport transport,
            DedicatedNumbers numbers,
            EventPublisher announcer,
            ConversationResolver addressing) {
        this.storage = storage;
        this.numbers = numbers;
        this.transport = transport;
        this.announcer = announcer;
        this.addressing = addressing;
    }

    /// Connects the two on `line`, which must be free for them.
    Connection connect(Tx tx, Identity identity, PhoneNumber person, String line) {
        Connection made = connection(identity, person, line, Optional.empty());
        store.insert(tx, made, transport.lines().line(line).filter(Line::shared).isPresent());
        addressing.focus(tx, line, made);
        announcer.announce(tx, "connection.created", made);
        return made;
    }

    /// [#connect] on a number of the agent's own: whoever else has the person there, from a time when it was
    /// not, leaves, and the two meet nowhere else any more.
    Connection connectOnOwn(Tx tx, Identity identity, PhoneNumber person, Line line) {
        numbers.claim(tx, line, identity.organization());
        store.activeOn(tx.handle(), person, List.of(line.id())).forEach(other -> release(tx, other));
        store.active(tx.handle(), identity.id(), person).ifPresent(elsewhere -> release(tx, elsewhere));
        return connect(tx, identity, person, line.id());
    }

    /// What stands for the two of them although the person is not let in: their newest connection, or one
    /// that is over as it begins.
    Connection refuse(Tx tx, Identity identity, PhoneNumber person, Line line) {
        numbers.claim(tx, line, identity.organization());
        return store.newestOrRefused(tx, identity.id(), person).orElseGet(() -> {
            Connection made = connection(
                    identity, person, line.id(), Optional.of(storage.clock().instant()));
            store.insert(tx, made, false);
            return made;
        });
    }

    void release(Tx tx, Connection connection) {
        announcer.announce(
                tx,
                "connection.released",
                store.release(tx, connection, storage.clock().instant()));
    }

    private Connection connection(Identity identity, PhoneNumber person, String line, Optional<Instant> end) {
        Instant now = storage.clock().instant();
        return new Connection(
                storage.ids().next(), identity.organization(), identity.id(), person, line, now, now, end);
    }

    /// Until when `line` may not begin to talk with this person: it meets no more people whom it never talked with
    /// before in an hour and a day than its service bears. Empty when it may now.
    Optional<Instant> restsUntil(Tx tx, Line line, PhoneNumber person) {
        Line.Pace pace = line.terms().pace();
        if (pace.newPeoplePerHour() == 0 && pace.newPeoplePerDay() == 0 || store.hasMet(tx, line.id(), person)) {
            return Optional.empty();
        }
        return Stream.of(full(tx, line, pace.newPeoplePerHour(), HOUR), full(tx, line, pace.newPeoplePerDay(), DAY))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    private Optional<Instant> full(Tx tx, Line line, int most, Duration period) {
        return most == 0
                ? Optional.empty()
                : store.metMost(tx, line.id(), storage.clock().instant().minus(period), most)
                        .map(met -> met.plus(period));
    }
}

package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import partyline.conversations.internal.Addressing;
import partyline.conversations.internal.Announcer;
import partyline.conversations.internal.ConnectionJson;
import partyline.conversations.internal.ConnectionStore;
import partyline.conversations.internal.Reach;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.identities.SystemAccess;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.transport.Line;
import partyline.transport.Transport;
import tools.jackson.databind.node.ObjectNode;

/// Who is joined with whom, and on which line.
///
/// A connection takes a pool line on which this person has no other active connection, so (person, line) names one
/// identity; on a shared line they may have several, and one in focus. Thread-safe: it holds no state of its own.
public final class Connections {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final Storage storage;
    private final Transport transport;
    private final Reach reach;
    private final Announcer announcer;
    private final Addressing addressing;
    private final ConnectionStore store = new ConnectionStore();

    public Connections(Storage storage, Transport transport, Who who) {
        this.storage = storage;
        this.transport = transport;
        this.reach = new Reach(who.identities(), who.rules(), who.access());
        this.announcer = new Announcer(storage.journal(), reach);
        this.addressing = new Addressing(transport);
    }

    /// Connects `person` with the owner of `handle`. An agent that is unknown, not enabled or closed to this person
    /// costs the same reads and gives the same answer; whoever is connected stays so, and is told nothing else.
    public ConnectOutcome connect(Tx tx, SystemAccess access, PhoneNumber person, Handle handle) {
        Optional<Identity> identity = connectable(tx, handle, person);
        return identity.isEmpty()
                ? new ConnectOutcome.Unavailable()
                : join(tx, identity.get(), person, Optional.empty());
    }

    /// Connects with `next` in place of `old`. When `next` cannot be had, `old` stays.
    public ConnectOutcome replace(Tx tx, SystemAccess access, PhoneNumber person, Handle old, Handle next) {
        Optional<Identity> identity = connectable(tx, next, person);
        Optional<Connection> leaving =
                store.active(tx.handle(), reach.ownerOrNobody(tx, old).id(), person);
        if (identity.isEmpty()) {
            return new ConnectOutcome.Unavailable();
        }
        if (leaving.isEmpty() || leaving.get().identity().equals(identity.get().id())) {
            return new ConnectOutcome.OldNotConnected();
        }
        boolean joined = store.active(tx.handle(), identity.get().id(), person).isPresent();
        List<Line> pool = transport.pool();
        Optional<ConnectOutcome> hindrance = joined ? Optional.empty() : hindrance(pool, open(tx, pool, person));
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        release(tx, leaving.get());
        return join(tx, identity.get(), person, Optional.of(leaving.get().line()));
    }

    /// Ends the connection; empty when there was none, at the same cost whether or not anybody has that handle.
    public Optional<Identity> release(Tx tx, SystemAccess access, PhoneNumber person, Handle handle) {
        Identity owner = reach.ownerOrNobody(tx, handle);
        Optional<Connection> active = store.active(tx.handle(), owner.id(), person);
        active.ifPresent(connection -> release(tx, connection));
        return active.map(_ -> owner);
    }

    /// Ends an active connection that the caller sees, and returns it as it was; empty when there is none.
    public Optional<Connection> release(Tx tx, Caller caller, Id id) {
        Optional<Connection> active = store.active(tx.handle(), caller, id);
        active.ifPresent(connection -> release(tx, connection));
        return active;
    }

    /// Ends what the person has on this line, and returns whom it was with: usually one agent, more on a shared line.
    public List<Identity> releaseOn(Tx tx, SystemAccess access, PhoneNumber person, String line) {
        List<Connection> active = addressing.all(tx.handle(), person, line);
        active.forEach(connection -> release(tx, connection));
        return active.stream()
                .flatMap(connection -> reach.owner(tx, connection.identity()).stream())
                .toList();
    }

    /// The connection on this line with the agent that has this handle.
    public Optional<Connection> named(
            org.jdbi.v3.core.Handle reader, SystemAccess access, PhoneNumber person, String line, Handle handle) {
        return addressing.all(reader, person, line).stream()
                .filter(connection -> reach.owner(reader, connection.identity())
                        .filter(identity -> identity.handle().equals(handle))
                        .isPresent())
                .findFirst();
    }

    /// The agents that this person has on this line, oldest first.
    public List<Identity> agentsOn(
            org.jdbi.v3.core.Handle reader, SystemAccess access, PhoneNumber person, String line) {
        return addressing.all(reader, person, line).stream()
                .flatMap(connection -> reach.owner(reader, connection.identity()).stream())
                .toList();
    }

    public Optional<Identity> agentOf(Tx tx, SystemAccess access, Connection connection) {
        return reach.owner(tx, connection.identity());
    }

    /// From now on the person means this agent when they name none on this line.
    public void focus(Tx tx, SystemAccess access, String line, Connection connection) {
        addressing.focus(tx, line, connection);
    }

    /// Ends every connection of a person.
    public void releaseAll(Tx tx, SystemAccess access, PhoneNumber person) {
        store.activeOf(tx, person).forEach(connection -> release(tx, connection));
    }

    /// Ends every connection of an identity that is being deleted.
    public void releaseAll(Tx tx, Id identity) {
        store.activeOf(tx, identity).forEach(connection -> release(tx, connection));
    }

    /// The organizations that `person` was ever connected with.
    public List<OrganizationId> organizationsOf(Tx tx, SystemAccess access, PhoneNumber person) {
        return store.organizationsOf(tx, person);
    }

    /// The agents that `person` is connected with, oldest first.
    public List<Identity> agentsOf(Tx tx, SystemAccess access, PhoneNumber person) {
        return store.activeOf(tx, person).stream()
                .flatMap(connection -> reach.owner(tx, connection.identity()).stream())
                .toList();
    }

    /// The agent that last had this line for this person, if it lives. Whether it is open to them it does not say: they
    /// would learn of a block.
    public Optional<Identity> formerAgent(Tx tx, SystemAccess access, PhoneNumber person, String line) {
        return store.newestOn(tx, person, line).flatMap(connection -> reach.owner(tx, connection.identity()));
    }

    /// The active connections that the caller sees, newest first.
    public List<Connection> list(Caller caller, Optional<Id> identity, int limit, int offset) {
        return storage.database().read(handle -> store.list(handle, caller, identity, limit, offset));
    }

    /// The connection as the wire shows it.
    public ObjectNode json(Connection connection) {
        return ConnectionJson.of(connection);
    }

    /// The one place where a connection ends.
    private void release(Tx tx, Connection connection) {
        announcer.announce(
                tx,
                "connection.released",
                store.release(tx, connection, storage.clock().instant()));
    }

    /// Whether a conversation with this person may begin on the line now: not beyond the new people that it bears.
    private boolean isOpen(Tx tx, Line line, PhoneNumber person) {
        Line.Pace pace = line.terms().pace();
        Instant now = storage.clock().instant();
        return pace.newPeoplePerHour() == 0 && pace.newPeoplePerDay() == 0
                || store.hasMet(tx, line.id(), person)
                || isBelow(pace.newPeoplePerHour(), () -> store.newPeople(tx, line.id(), now.minus(HOUR)))
                        && isBelow(pace.newPeoplePerDay(), () -> store.newPeople(tx, line.id(), now.minus(DAY)));
    }

    private static boolean isBelow(int most, IntSupplier count) {
        return most == 0 || count.getAsInt() < most;
    }

    /// Who has this handle, if the person may connect with them or already is.
    private Optional<Identity> connectable(Tx tx, Handle handle, PhoneNumber person) {
        Optional<Identity> open = reach.reachable(tx, handle, person);
        Identity owner = reach.ownerOrNobody(tx, handle);
        return store.active(tx.handle(), owner.id(), person).map(_ -> owner).or(() -> open);
    }

    /// Why nobody can be connected with anybody new at the moment.
    private static Optional<ConnectOutcome> hindrance(List<Line> pool, List<Line> open) {
        if (pool.isEmpty()) {
            return Optional.of(new ConnectOutcome.PoolDown());
        }
        return open.isEmpty() ? Optional.of(new ConnectOutcome.PoolResting()) : Optional.empty();
    }

    private List<Line> open(Tx tx, List<Line> pool, PhoneNumber person) {
        return pool.stream().filter(line -> isOpen(tx, line, person)).toList();
    }

    private ConnectOutcome join(Tx tx, Identity identity, PhoneNumber person, Optional<String> avoided) {
        Optional<Connection> active = store.active(tx.handle(), identity.id(), person);
        if (active.isPresent()) {
            addressing.focus(tx, active.get().line(), active.get());
            return new ConnectOutcome.AlreadyConnected(identity, active.get());
        }
        List<Line> pool = transport.pool();
        List<Line> open = open(tx, pool, person);
        Optional<ConnectOutcome> hindrance = hindrance(pool, open);
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        return store.freeLines(tx, open, person, identity.id()).stream()
                .filter(line -> avoided.isEmpty() || !avoided.get().equals(line))
                .findFirst()
                .or(() -> avoided)
                .<ConnectOutcome>map(line -> {
                    Instant now = storage.clock().instant();
                    Connection made = new Connection(
                            storage.ids().next(),
                            identity.organization(),
                            identity.id(),
                            person,
                            line,
                            now,
                            now,
                            Optional.empty());
                    store.insert(
                            tx, made, transport.line(line).filter(Line::shared).isPresent());
                    addressing.focus(tx, line, made);
                    announcer.announce(tx, "connection.created", made);
                    return new ConnectOutcome.Connected(identity, made);
                })
                .orElseGet(ConnectOutcome.NoLineFree::new);
    }
}

package partyline.conversations;

import java.util.List;
import java.util.Optional;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.Line;
import partyline.transport.Transport;

/// Who is joined with whom, and on which line.
///
/// A connection takes a pool line on which this person has no other active connection, so (person, line) names one
/// identity; on a shared line they may have several, and one in focus. Thread-safe: it holds no state of its own.
public final class Connections {

    private final Storage storage;
    private final Transport transport;
    private final Identities identities;
    private final ContactPolicy policy;
    private final ConversationResolver addressing;
    private final DedicatedNumbers numbers;
    private final ConnectionWriter writer;
    private final ConnectionStore store = new ConnectionStore();

    public Connections(
            Storage storage,
            Transport transport,
            Identities identities,
            ContactPolicy policy,
            DedicatedNumbers numbers) {
        this.storage = storage;
        this.transport = transport;
        this.identities = identities;
        this.policy = policy;
        this.addressing = new ConversationResolver(transport);
        this.numbers = numbers;
        this.writer = new ConnectionWriter(
                storage, transport, numbers, new EventPublisher(storage.journal(), policy), addressing);
    }

    /// Settles whose the dedicated lines are, before anybody is heard on them. Who is connected there with
    /// another agent, from a time when the line was not dedicated or was another's, is connected no more.
    public void start() {
        if (transport.lines().all().stream().anyMatch(Line::dedicated)) {
            storage.database().update(tx -> numbers.settle(tx).forEach(line -> clear(tx, line)));
        }
    }

    /// An agent that was renamed, and now has a handle that the configuration does not know, goes on with
    /// whom it has.
    private void clear(Tx tx, Line line) {
        Optional<Id> agent = numbers.agentOf(tx.handle(), line).map(Identity::id);
        store.activeOn(tx, line.id()).stream()
                .filter(connection -> agent.isPresent()
                        ? !agent.get().equals(connection.identity())
                        : !numbers.isClaimedBy(tx.handle(), line, connection.organization()))
                .forEach(connection -> writer.release(tx, connection));
    }

    /// Takes in a person who writes on an agent's own number: the connection under which their text is
    /// received. Whom the agent's rules keep out is not connected, and what they wrote is nobody's but the
    /// admin's. Empty when nothing of it is kept: the number is nobody's now, or the person told it to stop.
    public Optional<Connection> arrive(Tx tx, PhoneNumber person, Line line) {
        Optional<Identity> agent = numbers.agentOf(tx.handle(), line);
        Optional<Connection> here = addressing.all(tx.handle(), person, line.id()).stream()
                .filter(it -> agent.isEmpty() || agent.get().id().equals(it.identity()))
                .findFirst();
        if (here.isPresent() || agent.isEmpty() || numbers.isStopped(tx.handle(), person, line.id())) {
            return here;
        }
        return Optional.of(
                policy.allows(tx.handle(), agent.get(), person, Direction.BOTH)
                        ? writer.connectOnOwn(tx, agent.get(), person, line)
                        : writer.refuse(tx, agent.get(), person, line));
    }

    /// The agent whose own number `line` is.
    public Optional<Identity> agentOn(Tx tx, Line line) {
        return numbers.agentOf(tx.handle(), line);
    }

    /// Connects `person` with the owner of `handle`. An agent that is unknown, not enabled or closed to this person
    /// costs the same reads and gives the same answer; whoever is connected stays so, and is told nothing else.
    public ConnectOutcome connect(Tx tx, PhoneNumber person, Handle handle) {
        Optional<Identity> identity = connectable(tx, handle, person);
        return identity.isEmpty()
                ? new ConnectOutcome.Unavailable()
                : join(tx, identity.get(), person, Optional.empty());
    }

    /// Connects with `next` in place of `old`. When `next` cannot be had, `old` stays.
    public ConnectOutcome replace(Tx tx, PhoneNumber person, Handle old, Handle next) {
        Optional<Identity> identity = connectable(tx, next, person);
        Optional<Connection> leaving =
                store.active(tx.handle(), policy.identityOrNobody(tx, old).id(), person);
        if (identity.isEmpty()) {
            return new ConnectOutcome.Unavailable();
        }
        if (leaving.isEmpty() || leaving.get().identity().equals(identity.get().id())) {
            return new ConnectOutcome.OldNotConnected();
        }
        boolean joined = store.active(tx.handle(), identity.get().id(), person).isPresent();
        List<Line> lines = lines(tx, identity.get());
        Optional<ConnectOutcome> hindrance = joined ? Optional.empty() : hindrance(lines, open(tx, lines, person));
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        writer.release(tx, leaving.get());
        return join(tx, identity.get(), person, Optional.of(leaving.get().line()));
    }

    /// Ends the connection; empty when there was none, at the same cost whether or not anybody has that handle.
    public Optional<Identity> release(Tx tx, PhoneNumber person, Handle handle) {
        Identity owner = policy.identityOrNobody(tx, handle);
        Optional<Connection> active = store.active(tx.handle(), owner.id(), person);
        active.ifPresent(connection -> writer.release(tx, connection));
        return active.map(_ -> owner);
    }

    /// Ends an active connection that the caller sees, and returns it as it was; empty when there is none.
    public Optional<Connection> release(Tx tx, Caller caller, Id id) {
        Optional<Connection> active = store.active(tx.handle(), caller, id);
        active.ifPresent(connection -> writer.release(tx, connection));
        return active;
    }

    /// Ends what the person has on this line, and returns whom it was with: usually one agent, more on a shared line.
    public List<Identity> releaseOn(Tx tx, PhoneNumber person, String line) {
        List<Connection> active = addressing.all(tx.handle(), person, line);
        active.forEach(connection -> writer.release(tx, connection));
        return active.stream()
                .flatMap(connection -> identities.find(tx, connection.identity()).stream())
                .toList();
    }

    /// The connection on this line with the agent that has this handle.
    public Optional<Connection> named(org.jdbi.v3.core.Handle reader, PhoneNumber person, String line, Handle handle) {
        return addressing.all(reader, person, line).stream()
                .filter(connection -> identities
                        .find(reader, connection.identity())
                        .filter(identity -> identity.handle().equals(handle))
                        .isPresent())
                .findFirst();
    }

    /// The agents that this person has on this line, oldest first.
    public List<Identity> agentsOn(org.jdbi.v3.core.Handle reader, PhoneNumber person, String line) {
        return addressing.all(reader, person, line).stream()
                .flatMap(connection -> identities.find(reader, connection.identity()).stream())
                .toList();
    }

    public Optional<Identity> agentOf(Tx tx, Connection connection) {
        return identities.find(tx, connection.identity());
    }

    /// From now on the person means this agent when they name none on this line.
    public void focus(Tx tx, String line, Connection connection) {
        addressing.focus(tx, line, connection);
    }

    /// Ends every connection of a person.
    public void releaseAll(Tx tx, PhoneNumber person) {
        store.activeOf(tx, person).forEach(connection -> writer.release(tx, connection));
    }

    /// Ends every connection of an identity that is being deleted.
    public void releaseAll(Tx tx, Id identity) {
        store.activeOf(tx, identity).forEach(connection -> writer.release(tx, connection));
    }

    /// The organizations that `person` was ever connected with.
    public List<OrganizationId> organizationsOf(Tx tx, PhoneNumber person) {
        return store.organizationsOf(tx, person);
    }

    /// The agents that `person` is connected with, oldest first.
    public List<Identity> agentsOf(Tx tx, PhoneNumber person) {
        return store.activeOf(tx, person).stream()
                .flatMap(connection -> identities.find(tx, connection.identity()).stream())
                .toList();
    }

    /// The agent that last had this line for this person, if it lives. Whether it is open to them it does not say: they
    /// would learn of a block.
    public Optional<Identity> formerAgent(Tx tx, PhoneNumber person, String line) {
        return store.newestOn(tx, person, line).flatMap(connection -> identities.find(tx, connection.identity()));
    }

    /// What a person has with each agent that the caller sees, the newest first.
    public List<PersonConnection> of(Caller caller, PhoneNumber person) {
        return storage.database().read(handle -> store.of(handle, caller, person));
    }

    /// What joins the two now, if the caller sees it.
    public Optional<Connection> active(Caller caller, Id identity, PhoneNumber person) {
        return storage.database()
                .read(handle -> store.active(handle, identity, person))
                .filter(it -> it.organization().equals(caller.organization()) && caller.mayActAs(identity));
    }

    /// The active connections that the caller sees, newest first.
    public List<Connection> list(Caller caller, Optional<Id> identity, int limit, int offset) {
        return storage.database().read(handle -> store.list(handle, caller, identity, limit, offset));
    }

    /// Who has this handle, if the person may connect with them or already is.
    private Optional<Identity> connectable(Tx tx, Handle handle, PhoneNumber person) {
        Optional<Identity> open = policy.reachable(tx, handle, person);
        Identity owner = policy.identityOrNobody(tx, handle);
        return store.active(tx.handle(), owner.id(), person).map(_ -> owner).or(() -> open);
    }

    /// Why nobody can be connected with anybody new at the moment.
    private static Optional<ConnectOutcome> hindrance(List<Line> lines, List<Line> open) {
        if (lines.isEmpty()) {
            return Optional.of(new ConnectOutcome.PoolDown());
        }
        return open.isEmpty() ? Optional.of(new ConnectOutcome.PoolResting()) : Optional.empty();
    }

    /// On which lines people are connected with this agent: its own, or those of the pool.
    private List<Line> lines(Tx tx, Identity identity) {
        return numbers.lineOf(tx.handle(), identity)
                .map(own -> transport.lines().up(own::equals))
                .orElseGet(transport.lines()::pool);
    }

    private List<Line> open(Tx tx, List<Line> lines, PhoneNumber person) {
        return lines.stream()
                .filter(line -> writer.restsUntil(tx, line, person).isEmpty())
                .toList();
    }

    private ConnectOutcome join(Tx tx, Identity identity, PhoneNumber person, Optional<String> avoided) {
        Optional<Connection> active = store.active(tx.handle(), identity.id(), person);
        if (active.isPresent()) {
            addressing.focus(tx, active.get().line(), active.get());
            return new ConnectOutcome.AlreadyConnected(identity, active.get());
        }
        List<Line> lines = lines(tx, identity);
        List<Line> open = open(tx, lines, person);
        Optional<ConnectOutcome> hindrance = hindrance(lines, open);
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        if (open.getFirst().dedicated()) {
            return new ConnectOutcome.Connected(identity, writer.connectOnOwn(tx, identity, person, open.getFirst()));
        }
        return store.freeLines(tx, open, person, identity.id()).stream()
                .filter(line -> avoided.isEmpty() || !avoided.get().equals(line))
                .findFirst()
                .or(() -> avoided)
                .<ConnectOutcome>map(
                        line -> new ConnectOutcome.Connected(identity, writer.connect(tx, identity, person, line)))
                .orElseGet(ConnectOutcome.NoLineFree::new);
    }
}

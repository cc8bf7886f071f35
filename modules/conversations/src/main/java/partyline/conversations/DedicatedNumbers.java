package partyline.conversations;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.Consents;
import partyline.transport.Line;
import partyline.transport.Transport;

/// The lines that are one agent's own number: whose they are, and how the API calls them.
///
/// The configuration names the agent by its handle, and who has that is looked up whenever it is asked: while
/// nobody has it, the line is nobody's. The first organization whose agent has it keeps the line as long as
/// the configuration names that handle; an agent of another one that takes the handle later does not get it.
/// Thread-safe: it holds no state that changes.
public final class DedicatedNumbers {

    private static final Logger LOG = LoggerFactory.getLogger(DedicatedNumbers.class);

    private final Storage storage;
    private final Transport transport;
    private final Identities identities;
    private final Consents consents;
    private final Map<Handle, Line> lines;
    private final DedicatedNumberStore store = new DedicatedNumberStore();

    /// A number, its owner, and the agent that has it; empty while nobody has its handle.
    public record Number(Id id, PhoneNumber number, OrganizationId organization, Optional<Identity> agent) {}

    public DedicatedNumbers(Storage storage, Transport transport, Identities identities, Consents consents) {
        this.storage = storage;
        this.transport = transport;
        this.identities = identities;
        this.consents = consents;
        this.lines = transport.lines().all().stream()
                .filter(Line::dedicated)
                .collect(Collectors.toUnmodifiableMap(line -> agent(line).orElseThrow(), Function.identity()));
    }

    /// The number of an agent's own that an API caller may see, who was allowed to see the agent.
    public Optional<Number> of(Identity identity) {
        return Optional.ofNullable(lines.get(identity.handle()))
                .flatMap(line -> storage.database().read(reader -> number(reader, line)))
                .filter(number -> number.agent().map(Identity::id).equals(Optional.of(identity.id())));
    }

    /// The number of the agent that has this handle, if it has one of its own.
    public Optional<PhoneNumber> of(Handle handle) {
        return Optional.ofNullable(lines.get(handle))
                .filter(line ->
                        storage.database().read(reader -> agentOf(reader, line)).isPresent())
                .map(Line::number);
    }

    /// The numbers of an organization, in the order of the configuration; as many as the operator gave it.
    public List<Number> list(OrganizationId organization) {
        List<Line> dedicated =
                transport.lines().all().stream().filter(Line::dedicated).toList();
        return dedicated.isEmpty()
                ? List.of()
                : storage.database()
                        .read(reader -> dedicated.stream()
                                .flatMap(line -> number(reader, line).stream())
                                .filter(number -> number.organization().equals(organization))
                                .toList());
    }

    /// The agent whose own number `line` is; empty for every other line.
    public Optional<Identity> agentOf(org.jdbi.v3.core.Handle reader, Line line) {
        return agent(line)
                .flatMap(handle -> identities.find(reader, handle))
                .filter(identity -> isFor(reader, line, identity.organization()));
    }

    /// [#agentOf] for somebody who writes there, as far as they did not ask to be left alone.
    public Optional<Identity> agentFor(org.jdbi.v3.core.Handle reader, String line, PhoneNumber person) {
        return transport
                .lines()
                .line(line)
                .flatMap(found -> agentOf(reader, found))
                .filter(_ -> !consents.isStopped(reader, person, line));
    }

    /// The line of the agent's own.
    public Optional<Line> lineOf(org.jdbi.v3.core.Handle reader, Identity identity) {
        return Optional.ofNullable(lines.get(identity.handle()))
                .filter(line -> isFor(reader, line, identity.organization()));
    }

    /// Whether the person told `line`, or the router, to stop.
    public boolean isStopped(org.jdbi.v3.core.Handle reader, PhoneNumber person, String line) {
        return consents.isStopped(reader, person, line);
    }

    /// From now on the line is for this organization alone, unless it is one's already.
    public void claim(Tx tx, Line line, OrganizationId organization) {
        store.claim(tx, line.id(), organization);
    }

    /// Whether the line was given to an agent of this organization.
    boolean isClaimedBy(org.jdbi.v3.core.Handle reader, Line line, OrganizationId organization) {
        return store.find(reader, line.id())
                .flatMap(DedicatedNumberStore.Row::organization)
                .filter(organization::equals)
                .isPresent();
    }

    /// Whether an agent of this organization may have the line.
    private boolean isFor(org.jdbi.v3.core.Handle reader, Line line, OrganizationId organization) {
        return store.find(reader, line.id())
                .flatMap(DedicatedNumberStore.Row::organization)
                .map(organization::equals)
                .orElse(true);
    }

    /// Settles which number is called how and for whom, and returns the lines; called once, at the start.
    List<Line> settle(Tx tx) {
        List<Line> dedicated =
                transport.lines().all().stream().filter(Line::dedicated).toList();
        for (Line line : dedicated) {
            Handle handle = agent(line).orElseThrow();
            store.name(tx, line.id(), storage.ids().next(), handle);
            Optional<Identity> agent = agentOf(tx.handle(), line);
            agent.ifPresent(identity -> claim(tx, line, identity.organization()));
            tx.afterCommit(() -> tell(line, handle, agent));
        }
        return dedicated;
    }

    private static void tell(Line line, Handle handle, Optional<Identity> agent) {
        agent.ifPresentOrElse(
                identity -> LOG.info(
                        "event=line_dedicated line={} agent={} organization={}",
                        line.id(),
                        handle,
                        identity.organization()),
                () -> LOG.warn(
                        "event=line_of_nobody line={} agent={} problem=\"No agent has this handle: what new people write to"
                                + " the line is dropped. Create the agent, or change dedicated of the line.\"",
                        line.id(),
                        handle));
    }

    /// Nothing while an unclaimed line's handle is nobody's.
    private Optional<Number> number(org.jdbi.v3.core.Handle reader, Line line) {
        return store.find(reader, line.id()).flatMap(row -> {
            Optional<Identity> agent = agentOf(reader, line);
            return row.organization()
                    .or(() -> agent.map(Identity::organization))
                    .map(owner -> new Number(row.id(), line.number(), owner, agent));
        });
    }

    private static Optional<Handle> agent(Line line) {
        return line.terms().dedicated().map(it -> new Handle(it.handle()));
    }
}

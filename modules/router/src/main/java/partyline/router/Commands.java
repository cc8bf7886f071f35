package partyline.router;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.conversations.ConnectOutcome;
import partyline.conversations.Connection;
import partyline.conversations.Connections;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.media.Avatars;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Transport;

/// Carries out commands and answers them on the line they came from.
///
/// Who used up the answers of an hour, or asked for many names that nobody has, can guess no further: what tells
/// whether an agent is there is carried out with an answer or not at all. Leaving always works, and so does
/// turning to another agent of one's own.
final class Commands {

    private static final int UNKNOWN_NAMES_PER_HOUR = 10;

    private final Transport transport;
    private final Connections connections;
    private final Avatars avatars;
    private final Consent consent;
    private final Quota replies;
    private final Quota unknownNames;

    Commands(
            Storage storage,
            Transport transport,
            Connections connections,
            Avatars avatars,
            Consent consent,
            Router.Settings settings) {
        this.consent = consent;
        this.transport = transport;
        this.connections = connections;
        this.avatars = avatars;
        this.replies = new Quota(storage.clock(), "reply", settings.repliesPerHour(), Duration.ofHours(1));
        this.unknownNames = new Quota(storage.clock(), "unknown", UNKNOWN_NAMES_PER_HOUR, Duration.ofHours(1));
    }

    void answer(Tx tx, Line router, TextReceived text) {
        PhoneNumber person = text.from();
        Command command = Command.parse(text.text());
        boolean answered = replies.take(tx, person);
        if (!answered && !(command instanceof Command.Disconnect || command instanceof Command.Switch)) {
            return;
        }
        List<Transport.SystemMessage> words = switch (command) {
            case Command.Connect(var handle) -> connect(tx, router, person, handle);
            case Command.Disconnect(var handle) -> say(router, person, disconnect(tx, person, handle));
            case Command.Replace(var old, var next) -> replace(tx, router, person, old, next);
            case Command.Switch(var handle) -> say(router, person, switchTo(tx, router, person, handle));
            case Command.ListAgents() -> say(router, person, Texts.list(connections.agentsOf(tx, person)));
            case Command.Help() -> say(router, person, Texts.help());
            case Command.Unclear() -> say(router, person, Texts.unclear());
        };
        if (answered) {
            words.forEach(word -> transport.say(tx, word));
        }
    }

    private List<Transport.SystemMessage> connect(Tx tx, Line router, PhoneNumber person, Optional<Handle> handle) {
        if (unknownNames.isUsedUp(tx, person)) {
            return say(router, person, Texts.tooManyNames());
        }
        return handle.isEmpty()
                ? say(router, person, Texts.unavailable("of that name"))
                : report(tx, router, person, handle.get(), connections.connect(tx, person, handle.get()));
    }

    private List<Transport.SystemMessage> replace(
            Tx tx, Line router, PhoneNumber person, Optional<Handle> old, Optional<Handle> next) {
        if (unknownNames.isUsedUp(tx, person)) {
            return say(router, person, Texts.tooManyNames());
        }
        if (old.isEmpty() || next.isEmpty()) {
            return say(router, person, Texts.unavailable("of that name"));
        }
        ConnectOutcome outcome = connections.replace(tx, person, old.get(), next.get());
        return outcome instanceof ConnectOutcome.OldNotConnected
                ? say(router, person, Texts.notConnected(old.get().toString()))
                : report(tx, router, person, next.get(), outcome);
    }

    private String disconnect(Tx tx, PhoneNumber person, Optional<Handle> handle) {
        return handle.flatMap(it -> connections.release(tx, person, it))
                .map(Texts::disconnected)
                .orElseGet(() -> Texts.notConnected(handle.map(Handle::toString).orElse("that agent")));
    }

    /// Answers a `switch` on a line that agents share.
    void answerSwitch(Tx tx, Line line, PhoneNumber person, Optional<Handle> handle) {
        String answer = switchTo(tx, line, person, handle);
        if (replies.take(tx, person)) {
            transport.say(tx, new Transport.SystemMessage(line.id(), person, answer, null));
        }
    }

    /// True when a text on an agent's own number ends the talk, until the person writes again. No other
    /// command is one there. Who was connected with nobody there is told nothing.
    boolean endsOnOwnNumber(Tx tx, Line line, TextReceived text) {
        PhoneNumber person = text.from();
        List<Handle> names = line.terms().dedicated().stream()
                .map(it -> new Handle(it.handle()))
                .toList();
        if (!Command.ends(text.text(), names)) {
            return false;
        }
        for (Identity agent : connections.releaseOn(tx, person, line.id())) {
            if (replies.take(tx, person)) {
                transport.say(tx, new Transport.SystemMessage(line.id(), person, Texts.left(agent), null));
            }
        }
        return true;
    }

    /// Asks whom a text is for that begins with a name of nobody here.
    void ask(Tx tx, TextReceived text, Address address) {
        if (replies.take(tx, text.from())) {
            List<Identity> agents = connections.agentsOn(tx.handle(), text.from(), text.line());
            String words = Texts.whoIsMeant(address.handle().map(Handle::toString), agents);
            transport.say(tx, new Transport.SystemMessage(text.line(), text.from(), words, null));
        }
    }

    private String switchTo(Tx tx, Line line, PhoneNumber person, Optional<Handle> handle) {
        if (!transport.lines().isShared(line.id())) {
            return Texts.nothingToSwitch();
        }
        Optional<Connection> wanted = handle.flatMap(it -> connections.named(tx.handle(), person, line.id(), it));
        wanted.ifPresent(connection -> connections.focus(tx, line.id(), connection));
        return wanted.flatMap(connection -> connections.agentOf(tx, connection))
                .map(Texts::switched)
                .orElseGet(() -> Texts.notConnected(handle.map(Handle::toString).orElse("that agent")));
    }

    private List<Transport.SystemMessage> report(
            Tx tx, Line router, PhoneNumber person, Handle wanted, ConnectOutcome outcome) {
        return switch (outcome) {
            case ConnectOutcome.Connected(var agent, var connection)
            when isHere(router, connection) -> here(tx, router, agent, connection);
            case ConnectOutcome.AlreadyConnected(var agent, var connection)
            when isHere(router, connection) -> here(tx, router, agent, connection);
            case ConnectOutcome.Connected(var agent, var connection) -> {
                transport
                        .lines()
                        .line(connection.line())
                        .filter(Line::dedicated)
                        .ifPresent(line -> consent.agreed(tx, person, line));
                List<Transport.SystemMessage> words = introduce(tx, router, agent, connection, Texts.connected(agent));
                words.add(new Transport.SystemMessage(
                        connection.line(), person, Texts.greeting(agent, router.number()), null));
                yield words;
            }
            case ConnectOutcome.AlreadyConnected(var agent, var connection) ->
                introduce(tx, router, agent, connection, Texts.alreadyConnected(agent));
            case ConnectOutcome.Unavailable() -> {
                unknownNames.take(tx, person);
                yield say(router, person, Texts.unavailable(wanted.toString()));
            }
            case ConnectOutcome.NoLineFree() ->
                say(router, person, Texts.noLineFree(connections.agentsOf(tx, person), wanted.toString()));
            case ConnectOutcome.PoolResting() -> say(router, person, Texts.resting(wanted.toString()));
            case ConnectOutcome.PoolDown() -> say(router, person, Texts.outOfOrder(wanted.toString()));
            case ConnectOutcome.OldNotConnected() -> say(router, person, Texts.notConnected(wanted.toString()));
        };
    }

    /// Whether the conversation is in the thread in which the person just texted the router.
    private static boolean isHere(Line router, Connection connection) {
        return connection.line().equals(router.id());
    }

    /// No card and no greeting: the number is the router's too, and the thread is this one.
    private List<Transport.SystemMessage> here(Tx tx, Line router, Identity agent, Connection connection) {
        List<Identity> all = connections.agentsOn(tx.handle(), connection.person(), router.id());
        return say(router, connection.person(), Texts.connectedHere(agent, all));
    }

    /// A confirmation and the agent's card.
    private List<Transport.SystemMessage> introduce(
            Tx tx, Line router, Identity agent, Connection connection, String confirmation) {
        List<Transport.SystemMessage> words = new ArrayList<>(say(router, connection.person(), confirmation));
        transport
                .lines()
                .line(connection.line())
                .map(line ->
                        ContactCard.of(agent, avatars.onCard(tx.handle(), agent.id()), line.number(), router.number()))
                .ifPresent(
                        card -> words.add(new Transport.SystemMessage(router.id(), connection.person(), null, card)));
        return words;
    }

    private static List<Transport.SystemMessage> say(Line router, PhoneNumber person, String text) {
        return List.of(new Transport.SystemMessage(router.id(), person, text, null));
    }
}

package partyline.router;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import partyline.conversations.Connection;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.ReceiveOutcome;
import partyline.conversations.Tapbacks;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.media.Avatars;
import partyline.media.StoreOutcome;
import partyline.rules.Consents;
import partyline.transport.InboundEvent;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.InboundHandler;
import partyline.transport.Line;
import partyline.transport.Receipt;
import partyline.transport.Stranger;
import partyline.transport.Transport;

/// Takes in all that people do and brings it where it belongs, and ends connections when an admin wants it.
/// Thread-safe: it holds no state of its own.
public final class Router implements InboundHandler {

    private final Transport transport;
    private final Conversations conversations;
    private final Tapbacks tapbacks;
    private final Commands desk;
    private final Consent consent;
    private final Connections connections;
    private final Storage storage;
    private final Settings settings;
    private final Quota hints;
    private final Strangers strangers;

    /// `repliesPerHour` bounds the router's words to one person; whether it tells people whom an admin disconnected.
    public record Settings(int repliesPerHour, boolean tellDisconnected, ConsentWords consent) {}

    /// For whom a text is, when it names them, and what it says to them; or the name to ask about.
    private record Recipient(TextReceived said, Optional<Connection> named, Optional<Address> asked) {}

    public Router(
            Storage storage,
            Transport transport,
            Connections connections,
            Conversations conversations,
            Tapbacks tapbacks,
            Avatars avatars,
            Consents consents,
            Settings settings) {
        this.storage = storage;
        this.tapbacks = tapbacks;
        this.transport = transport;
        this.conversations = conversations;
        this.connections = connections;
        this.settings = settings;
        this.consent = new Consent(storage, transport, connections, consents, settings);
        this.desk = new Commands(storage, transport, connections, avatars, consent, settings);
        this.hints = new Quota(storage.clock(), "hint", 1, Duration.ofDays(1));
        this.strangers = new Strangers(storage.clock(), settings.consent(), consents);
    }

    /// What is remembered about a person: how much was said to them lately.
    public static List<PersonalTable> personalTables() {
        return List.of(PersonalTable.deleted("router_spoken", "person = :person"));
    }

    @Override
    public boolean handle(Tx tx, InboundEvent event) {
        return handle(tx, event, Optional.empty());
    }

    @Override
    public Optional<Came> came(Handle reader, String line, String providerId) {
        return conversations.came(reader, line, providerId);
    }

    /// What a person sends along is fetched for the agent who gets their text; commands take no files.
    @Override
    public Consumer<Tx> prepare(InboundEvent event) {
        if (!(event instanceof TextReceived text) || text.mediaUrl() == null) {
            return tx -> handle(tx, event);
        }
        Recipient recipient = storage.database().read(reader -> recipient(reader, text));
        Optional<StoreOutcome> fetched =
                recipient.asked().isPresent() ? Optional.empty() : conversations.fetch(text, recipient.named());
        return tx -> handle(tx, event, fetched);
    }

    /// Ends a connection for an admin, as the person could; false when the caller sees none such.
    public boolean disconnect(Caller caller, Id connection) {
        return storage.database().write(tx -> {
            Optional<Connection> ended = connections.release(tx, caller, connection);
            ended.filter(_ -> settings.tellDisconnected()).ifPresent(it -> tellDisconnected(tx, it));
            return ended.isPresent();
        });
    }

    /// In the thread in which they would connect again.
    private void tellDisconnected(Tx tx, Connection ended) {
        Optional<Line> own = transport.lines().line(ended.line()).filter(Line::dedicated);
        Optional<Line> thread = own.or(transport.lines()::router);
        Optional<Identity> agent = connections.agentOf(tx, ended);
        if (thread.isPresent() && agent.isPresent() && !consent.isStopped(tx, ended.person())) {
            String words = own.isPresent() ? Texts.endedHere(agent.get()) : Texts.ended(agent.get());
            transport.say(tx, new Transport.SystemMessage(thread.get().id(), ended.person(), words, null));
        }
    }

    private boolean handle(Tx tx, InboundEvent event, Optional<StoreOutcome> fetched) {
        Optional<Line> line = transport.lines().line(event.line());
        Optional<Line> router = line.filter(it -> it.is(Line.Role.ROUTER));
        switch (event) {
            case TextReceived text when router.isPresent() -> command(tx, router.get(), text, fetched);
            case TextReceived text
            when line.filter(Line::dedicated).isPresent() -> onOwnNumber(tx, line.get(), text, fetched);
            case TextReceived text
            when line.isPresent() && transport.lines().isShared(event.line()) -> shared(tx, line.get(), text, fetched);
            case TextReceived text -> {
                return receive(tx, text, fetched);
            }
            case TapbackReceived tapback -> tapbacks.receive(tx, tapback);
            case TextEdited edited -> conversations.edited(tx, edited);
            case TextUnsent unsent -> conversations.unsent(tx, unsent);
        }
        return false;
    }

    @Override
    public boolean receipt(Tx tx, Receipt receipt) {
        return conversations.receipt(tx, receipt);
    }

    @Override
    public List<InboundHandler.RecentText> recent(String line, PhoneNumber person) {
        return conversations.recent(line, person);
    }

    @Override
    public void typing(String line, PhoneNumber from, boolean typing) {
        if (typing) {
            conversations.personTypes(line, from);
        }
    }

    @Override
    public Optional<String> stranger(Tx tx, String line, Stranger stranger) {
        return transport
                .lines()
                .line(line)
                .filter(it -> it.is(Line.Role.ROUTER))
                .flatMap(router -> strangers.answer(tx, router, stranger));
    }

    /// On a line that is the router's alone everything is a command; where agents are too, only what reads like one.
    private void command(Tx tx, Line router, TextReceived text, Optional<StoreOutcome> fetched) {
        if (consent.takesOnRouter(tx, router, text)) {
            return;
        }
        boolean talk = router.is(Line.Role.POOL) && Command.parse(text.text()) instanceof Command.Unclear;
        if (!talk || !deliver(tx, text, fetched)) {
            desk.answer(tx, router, text);
        }
    }

    /// Whoever writes to an agent's own number talks with that agent. Who may not is told nothing, as by a
    /// number that is nobody's.
    private void onOwnNumber(Tx tx, Line line, TextReceived text, Optional<StoreOutcome> fetched) {
        if (consent.takesOnOwnNumber(tx, line, text) || desk.endsOnOwnNumber(tx, line, text)) {
            return;
        }
        Optional<Connection> connection = connections.arrive(tx, text.from(), line);
        connection.ifPresent(it -> conversations.receive(tx, text, Optional.of(it), fetched));
    }

    private void shared(Tx tx, Line line, TextReceived text, Optional<StoreOutcome> fetched) {
        if (consent.takesInConversation(tx, text)) {
            return;
        }
        if (Command.parse(text.text()) instanceof Command.Switch(var handle)) {
            desk.answerSwitch(tx, line, text.from(), handle);
        } else if (!deliver(tx, text, fetched)) {
            hint(tx, text);
        }
    }

    /// Brings a text to the agent whom it names, if the person has them on this line, else to whom they mean; one that
    /// begins with a name of nobody here is asked about, and nobody gets it. False when they have nobody here.
    private boolean deliver(Tx tx, TextReceived text, Optional<StoreOutcome> fetched) {
        Recipient recipient = recipient(tx.handle(), text);
        if (recipient.asked().isPresent()) {
            desk.ask(tx, text, recipient.asked().get());
            return true;
        }
        return !(conversations.receive(tx, recipient.said(), recipient.named(), fetched)
                instanceof ReceiveOutcome.NotConnected);
    }

    private Recipient recipient(Handle reader, TextReceived text) {
        boolean several = transport.lines().isShared(text.line()) || isRouter(text.line());
        Optional<Address> address = several ? Address.of(text.text()) : Optional.empty();
        Optional<Connection> named =
                address.flatMap(Address::handle).flatMap(it -> connections.named(reader, text.from(), text.line(), it));
        if (named.isPresent()) {
            return new Recipient(saying(text, address.get().rest()), named, Optional.empty());
        }
        boolean asks = address.filter(Address::sure).isPresent()
                && !connections.agentsOn(reader, text.from(), text.line()).isEmpty();
        return new Recipient(text, Optional.empty(), asks ? address : Optional.empty());
    }

    /// A name alone is said as it was written, unless it only says for whom a file is.
    private static TextReceived saying(TextReceived text, String rest) {
        if (!rest.isBlank()) {
            return text.saying(rest);
        }
        return text.mediaUrl() == null ? text : text.saying(null);
    }

    private boolean isRouter(String line) {
        return transport
                .lines()
                .line(line)
                .filter(it -> it.is(Line.Role.ROUTER))
                .isPresent();
    }

    private boolean receive(Tx tx, TextReceived text, Optional<StoreOutcome> fetched) {
        if (consent.takesInConversation(tx, text)) {
            return false;
        }
        ReceiveOutcome outcome = conversations.receive(tx, text, Optional.empty(), fetched);
        if (outcome instanceof ReceiveOutcome.NotConnected) {
            hint(tx, text);
        }
        return outcome instanceof ReceiveOutcome.Stored;
    }

    /// Nobody reads this thread; the person is told so, once a day, unless they want no texts at all.
    private void hint(Tx tx, TextReceived text) {
        Optional<Line> router = transport.lines().router();
        if (router.isEmpty() || consent.isStopped(tx, text.from()) || !hints.take(tx, text.from())) {
            return;
        }
        PhoneNumber number = router.get().number();
        Optional<Identity> former = connections.formerAgent(tx, text.from(), text.line());
        String words = former.map(agent -> Texts.hint(agent.handle(), number)).orElseGet(() -> Texts.hint(number));
        transport.say(tx, new Transport.SystemMessage(text.line(), text.from(), words, null));
    }
}

package partyline.router;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import partyline.conversations.Connection;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.ReceiveOutcome;
import partyline.conversations.Tapbacks;
import partyline.identities.Identity;
import partyline.identities.ServerKey;
import partyline.identities.SystemAccess;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundHandler;
import partyline.transport.Line;
import partyline.transport.Receipt;
import partyline.transport.Transport;
import partyline.transport.Words;

/// Takes in all that people do and brings it where it belongs. Thread-safe: it holds no state of its own.
public final class Router implements InboundHandler {

    private final Transport transport;
    private final Conversations conversations;
    private final Tapbacks tapbacks;
    private final CommandDesk desk;
    private final ConsentDesk consent;
    private final Connections connections;
    private final Settings settings;
    private final Quota hints;

    /// What the router is told at the start. `key` is what those who stopped are recognized by;
    /// `repliesPerHour` bounds its words to one person.
    public record Settings(
            Storage storage, SystemAccess access, ServerKey key, int repliesPerHour, ConsentWords consent) {

        InstantSource clock() {
            return storage.clock();
        }
    }

    public Router(
            Transport transport,
            Connections connections,
            Conversations conversations,
            Tapbacks tapbacks,
            Settings settings) {
        this.tapbacks = tapbacks;
        this.transport = transport;
        this.conversations = conversations;
        this.connections = connections;
        this.settings = settings;
        this.desk = new CommandDesk(transport, connections, settings);
        this.consent = new ConsentDesk(transport, connections, settings);
        this.hints = new Quota(settings.clock(), "hint", 1, Duration.ofDays(1));
    }

    @Override
    public void handle(Tx tx, InboundEvent event) {
        Optional<Line> line = transport.line(event.line());
        Optional<Line> router = line.filter(it -> it.is(Line.Role.ROUTER));
        switch (event) {
            case TextReceived text when router.isPresent() -> command(tx, router.get(), text);
            case TextReceived text
            when line.isPresent() && transport.isShared(event.line()) -> shared(tx, line.get(), text);
            case TextReceived text -> receive(tx, text);
            case TapbackReceived tapback -> tapbacks.receive(tx, settings.access(), tapback);
        }
    }

    @Override
    public boolean receipt(Tx tx, Receipt receipt) {
        return conversations.receipt(tx, settings.access(), receipt);
    }

    @Override
    public void typing(String line, PhoneNumber from, boolean typing) {
        if (typing) {
            conversations.personTypes(settings.access(), line, from);
        }
    }

    /// On a line that is the router's alone everything is a command; where agents are too, only what reads like one.
    private void command(Tx tx, Line router, TextReceived text) {
        if (consent.takesOnRouter(tx, router, text)) {
            return;
        }
        boolean talk = router.is(Line.Role.POOL) && Command.parse(text.text()) instanceof Command.Unclear;
        if (!talk || !deliver(tx, text)) {
            desk.answer(tx, router, text);
        }
    }

    private void shared(Tx tx, Line line, TextReceived text) {
        if (consent.takesInConversation(tx, text)) {
            return;
        }
        if (Command.parse(text.text()) instanceof Command.Switch(var handle)) {
            desk.answerSwitch(tx, line, text.from(), handle);
        } else if (!deliver(tx, text)) {
            hint(tx, text);
        }
    }

    /// Brings a text to the agent whom it names, if the person has them on this line, else to whom they mean. False
    /// when
    /// they have nobody here.
    private boolean deliver(Tx tx, TextReceived text) {
        Optional<Address> address = Address.of(text.text());
        Optional<Connection> named =
                address.flatMap(it -> connections.named(tx, settings.access(), text.from(), text.line(), it.handle()));
        ReceiveOutcome outcome = named.isEmpty()
                ? conversations.receive(tx, settings.access(), text)
                : conversations.receive(
                        tx, settings.access(), text.saying(address.orElseThrow().rest()), named.get());
        return outcome instanceof ReceiveOutcome.Stored;
    }

    private void receive(Tx tx, TextReceived text) {
        if (consent.takesInConversation(tx, text)) {
            return;
        }
        if (conversations.receive(tx, settings.access(), text) instanceof ReceiveOutcome.NotConnected) {
            hint(tx, text);
        }
    }

    /// Nobody reads this thread; the person is told so, once a day, unless they want no texts at all.
    private void hint(Tx tx, TextReceived text) {
        Optional<Line> router = transport.router();
        if (router.isEmpty() || consent.isStopped(tx, text.from()) || !hints.take(tx, text.from())) {
            return;
        }
        PhoneNumber number = router.get().number();
        Optional<Identity> former = connections.formerAgent(tx, settings.access(), text.from(), text.line());
        String words = former.map(agent -> Texts.hint(agent.handle(), number)).orElseGet(() -> Texts.hint(number));
        transport.say(tx, new Words(text.line(), text.from(), words, null));
    }
}

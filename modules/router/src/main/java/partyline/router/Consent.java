package partyline.router;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.conversations.Connections;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.router.ConsentWords.Wish;
import partyline.rules.Consents;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Transport;

/// Does what people say about being texted at all: one confirmation, then silence.
///
/// The confirmation has a share of its own in the router's words, so that one who has used up the answers of an hour is
/// still told.
final class Consent {

    private final Transport transport;
    private final Connections connections;
    private final Router.Settings settings;
    private final Quota confirmations;
    private final Storage storage;
    private final Consents consents;

    Consent(
            Storage storage,
            Transport transport,
            Connections connections,
            Consents consents,
            Router.Settings settings) {
        this.storage = storage;
        this.transport = transport;
        this.connections = connections;
        this.settings = settings;
        this.consents = consents;
        this.confirmations = new Quota(storage.clock(), "consent", settings.repliesPerHour(), Duration.ofHours(1));
    }

    /// True when a text to the router is none of the commands' business: it was about consent, or comes from somebody
    /// who stopped.
    boolean takesOnRouter(Tx tx, Line router, TextReceived text) {
        return switch (settings.consent().wishOf(text).orElse(null)) {
            case STOP -> {
                stop(tx, router, text);
                yield true;
            }
            case START -> start(tx, router, text);
            case null -> isStopped(tx, text.from());
        };
    }

    /// True when a text in an agent's thread was to stop it; nobody else gets to see that.
    boolean takesInConversation(Tx tx, TextReceived text) {
        boolean stop = settings.consent().wishOf(text).filter(Wish.STOP::equals).isPresent();
        if (stop) {
            confirmRelease(tx, connections.releaseOn(tx, text.from(), text.line()), text);
        }
        return stop;
    }

    /// True when a text on an agent's own number was about being texted from there: since nobody has to
    /// connect first, STOP holds until START. Who was connected with nobody there is told nothing.
    boolean takesOnOwnNumber(Tx tx, Line line, TextReceived text) {
        return switch (settings.consent().wishOf(text).orElse(null)) {
            case STOP -> {
                stopOn(tx, line, text);
                yield true;
            }
            case START -> {
                boolean lifted = consents.start(tx, text.from(), line.id());
                if (lifted) {
                    agentOn(tx, line).forEach(agent -> record(tx, text, agent, false));
                    confirm(tx, text, settings.consent().answers().toNumberStart());
                }
                yield lifted;
            }
            case null -> false;
        };
    }

    private void stopOn(Tx tx, Line line, TextReceived text) {
        boolean news = consents.stop(tx, text.from(), line.id(), storage.clock().instant());
        List<Identity> left = connections.releaseOn(tx, text.from(), line.id());
        List<Identity> told = left.isEmpty() && news ? agentOn(tx, line) : left;
        told.forEach(agent -> record(tx, text, agent, true));
        if (!left.isEmpty()) {
            confirm(tx, text, settings.consent().answers().toNumberStop(names(left)));
        }
    }

    private List<Identity> agentOn(Tx tx, Line line) {
        return connections.agentOn(tx, line).stream().toList();
    }

    /// The person asked the router for an agent whose own number they had told to stop.
    void agreed(Tx tx, PhoneNumber person, Line line) {
        consents.start(tx, person, line.id());
    }

    /// Whether the person told the router to stop and nothing since.
    boolean isStopped(Tx tx, PhoneNumber person) {
        return consents.stoppedAt(tx.handle(), person).isPresent();
    }

    private void stop(Tx tx, Line router, TextReceived text) {
        PhoneNumber person = text.from();
        if (consents.stop(tx, person, storage.clock().instant())) {
            connections.releaseAll(tx, person);
            recordForAll(tx, text, true);
            confirm(tx, text, settings.consent().answers().toStop(router));
        }
    }

    private boolean start(Tx tx, Line router, TextReceived text) {
        boolean lifted = consents.start(tx, text.from());
        if (lifted) {
            recordForAll(tx, text, false);
            confirm(tx, text, settings.consent().answers().toStart(router));
        }
        return lifted;
    }

    /// One answer, also when several agents shared the line.
    private void confirmRelease(Tx tx, List<Identity> agents, TextReceived text) {
        agents.forEach(agent -> record(tx, text, agent, true));
        String router =
                transport.lines().router().map(line -> line.number().text()).orElse("");
        if (!agents.isEmpty()) {
            confirm(tx, text, settings.consent().answers().toRelease(names(agents), router));
        }
    }

    private static String names(List<Identity> agents) {
        return agents.stream().map(agent -> agent.handle().toString()).collect(Collectors.joining(", "));
    }

    private void record(Tx tx, TextReceived text, Identity agent, boolean stopped) {
        record(tx, text, agent.organization(), Optional.of(agent.id()), stopped);
    }

    private void recordForAll(Tx tx, TextReceived text, boolean stopped) {
        connections
                .organizationsOf(tx, text.from())
                .forEach(organization -> record(tx, text, organization, Optional.empty(), stopped));
    }

    private void record(Tx tx, TextReceived text, OrganizationId organization, Optional<Id> identity, boolean stopped) {
        String words = text.text() == null ? "" : text.text().strip();
        consents.insert(
                tx,
                new Consents.Change(
                        storage.ids().next(),
                        organization,
                        text.from(),
                        identity,
                        stopped,
                        words,
                        storage.clock().instant()));
    }

    private void confirm(Tx tx, TextReceived text, String answer) {
        if (confirmations.take(tx, text.from())) {
            transport.say(tx, new Transport.SystemMessage(text.line(), text.from(), answer, null));
        }
    }
}

package partyline.drivers.twilio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.ContactCards;
import partyline.drivers.HealthCheck;
import partyline.drivers.Reconciler;
import partyline.drivers.RecurringCheck;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.Driver.Health;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;

/// Speaks for one number of a Twilio account, over SMS and MMS: no effects, tapbacks, typing or read receipts. Twilio
/// calls us with news, signed; what a call did not tell is read from its list of messages now and then. Thread-safe.
public final class TwilioDriver implements WebhookReceiver {

    private static final Capabilities SMS = new Capabilities(false, false, false, false, true, true);

    public static final DriverKind KIND =
            new DriverKind("twilio", TwilioSettings.KEYS, List.of(new Mode("SMS", SMS)), TwilioDriver::new);

    /// Any text in the answer would go to the person.
    private static final Answer SAY_NOTHING = new Answer(200, "text/xml", "<Response/>");
    private static final Answer NONSENSE = new Answer(400, "text/plain", "not a message");
    private static final int MOST_MEDIA = 10;

    private record Started(TwilioInboundTranslator news, RecurringCheck rounds) {}

    private final LineSetup setup;
    private final TwilioConnection connection;
    private final TwilioHealthCheck standing;
    private final TwilioSender sending;
    private volatile @Nullable Started started;

    public TwilioDriver(LineSetup setup) {
        this.setup = setup;
        TwilioSettings account = TwilioSettings.of(setup.options());
        this.connection = new TwilioConnection(
                account,
                new TwilioClient(account),
                new TwilioWebhooks(setup, account),
                new HealthCheck(setup.line().id()),
                new Reconciler(setup, account.lostAfter()));
        this.standing = new TwilioHealthCheck(setup, connection);
        this.sending = new TwilioSender(setup, connection);
    }

    @Override
    public void start(Inbound inbound) {
        TwilioInboundTranslator news = new TwilioInboundTranslator(setup, inbound);
        TwilioCatchUp catchUp = new TwilioCatchUp(setup, connection, news);
        RecurringCheck rounds =
                new RecurringCheck(setup.line().id(), connection.account().poll(), () -> {
                    Health seen = standing.look();
                    catchUp.run();
                    connection.condition().is(connection.hooks().refused().on(seen, TwilioHealthCheck.OTHER_KEY));
                });
        started = new Started(news, rounds);
        rounds.start();
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return SMS;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        return sending.send(ContactCards.inWords(message));
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sending.reconcile(ContactCards.inWords(message), since);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        return TapbackResult.NEVER;
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        // SMS shows nobody what was read.
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        // SMS shows nobody who types.
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return connection.calls().download(media);
    }

    @Override
    public Health health(Line line) {
        return connection.condition().health();
    }

    @Override
    public List<String> check(Line line) {
        return standing.check();
    }

    @Override
    public Answer hook(Line line, Request request) {
        Started running = started;
        if (running == null) {
            return new Answer(503, "text/plain", "starting");
        }
        Optional<TwilioForm> form = form(request.body());
        if (form.isEmpty()) {
            return NONSENSE;
        }
        if (!connection.hooks().isTwilio(request, form.get())) {
            return Answer.FORBIDDEN;
        }
        running.rounds().awaitFirst();
        if (request.kind().equals(TwilioWebhooks.RECEIVE)) {
            return received(running.news(), form.get());
        }
        return connection
                .hooks()
                .statusOf(request.kind())
                .map(message -> status(running.news(), message, form.get()))
                .orElse(NONSENSE);
    }

    @Override
    public void close() {
        Started running = started;
        if (running != null) {
            running.rounds().close();
        }
        connection.calls().close();
    }

    /// A messaging service posts what comes to any of its numbers: what is for another one is not for this line.
    private Answer received(TwilioInboundTranslator news, TwilioForm form) {
        Optional<String> sid = form.get("MessageSid");
        Optional<PhoneNumber> from = form.get("From").flatMap(PhoneNumber::parse);
        if (sid.isEmpty()) {
            return NONSENSE;
        }
        if (!form.get("To").equals(Optional.of(setup.line().number().text()))) {
            news.dropped("other_number");
        } else if (from.isEmpty()) {
            news.dropped("sender");
        } else {
            news.received(new TwilioInboundTranslator.Written(
                    from.get(),
                    setup.around().clock().instant(),
                    sid.get(),
                    form.get("Body").orElse(""),
                    media(form),
                    form.get("OptOutType").orElse("")));
        }
        return SAY_NOTHING;
    }

    /// The callback of a send may tell its sid before the answer to the send does, or in its place.
    private Answer status(TwilioInboundTranslator news, Id message, TwilioForm form) {
        Optional<String> sid = form.get("MessageSid");
        Optional<String> status = form.get("MessageStatus");
        if (sid.isEmpty() || status.isEmpty()) {
            return NONSENSE;
        }
        connection.reconciler().sent(message, sid.get());
        news.progress(
                sid.get(),
                new TwilioProviderMessage.Progress(
                        status.get(), form.get("ErrorCode").orElse("")),
                setup.around().clock().instant());
        return SAY_NOTHING;
    }

    private static List<TwilioInboundTranslator.Media> media(TwilioForm form) {
        List<TwilioInboundTranslator.Media> media = new ArrayList<>();
        for (int at = 0; at < MOST_MEDIA && form.has("MediaUrl" + at); at++) {
            media.add(new TwilioInboundTranslator.Media(
                    form.get("MediaUrl" + at).orElse(""),
                    form.get("MediaContentType" + at).orElse("")));
        }
        return media;
    }

    private static Optional<TwilioForm> form(byte[] body) {
        try {
            return Optional.of(TwilioForm.read(new String(body, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

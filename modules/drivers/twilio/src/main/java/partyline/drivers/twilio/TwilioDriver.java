package partyline.drivers.twilio;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Bookmark;
import partyline.drivers.ContactCards;
import partyline.drivers.InboundTranslator;
import partyline.drivers.PolledDriver;
import partyline.drivers.Reconciler;
import partyline.drivers.RefusedCalls;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;

/// Speaks for one number of a Twilio account, over SMS and MMS: no effects, tapbacks, typing or read receipts. Twilio
/// calls us with news, signed; what a call did not tell is read from its list of messages now and then. Thread-safe.
public final class TwilioDriver extends PolledDriver {

    private static final Capabilities SMS = new Capabilities(false, false, false, false, true, true);

    public static final DriverKind KIND = new DriverKind(
            "twilio",
            TwilioSettings.KEYS,
            List.of(new Mode("SMS", SMS)),
            setup -> new TwilioDriver(setup, TwilioSettings.of(setup.options())));

    static final String RECEIVE = "receive";

    /// Any text in the answer would go to the person.
    private static final Answer SAY_NOTHING = new Answer(200, "text/xml", "<Response/>");
    private static final Answer NONSENSE = new Answer(400, "text/plain", "not a message");
    /// What Twilio showed shortly before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final TwilioClient client;
    private final WebhookAddress address;
    private final TwilioSignature signature;
    private final RefusedCalls refused = new RefusedCalls();
    private final Bookmark bookmark;
    private final Reconciler reconciler;
    private final TwilioNumber number;
    private final TwilioSender sender;

    private TwilioDriver(LineSetup setup, TwilioSettings settings) {
        super(setup, TwilioNumber.TWILIO, settings.calls(), settings.poll());
        this.client = new TwilioClient(settings, calls);
        this.address = WebhookAddress.of(setup, settings.url());
        this.signature = new TwilioSignature(settings.signingKeys());
        this.bookmark = new Bookmark(setup, "twilio_read_until");
        this.reconciler = new Reconciler(setup, settings.lostAfter());
        this.number = new TwilioNumber(setup, client, address, health);
        this.sender = new TwilioSender(setup, settings, client, address, health, reconciler);
    }

    @Override
    protected Health look(Inbound inbound) {
        Health seen = number.look();
        catchUp(translator(inbound));
        return refused.on(seen, TwilioNumber.OTHER_KEY);
    }

    /// Reads what the calls did not tell.
    private void catchUp(InboundTranslator translator) {
        Instant oldest = bookmark.at().minus(OVERLAP);
        String number = setup.line().number().text();
        progress(translator, number, oldest);
        Map<String, String> hers = Map.of(
                "To",
                number,
                "DateSent>",
                oldest.atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                "PageSize",
                "100");
        for (ServiceMessage listed : client.messages(
                        hers, it -> it.at().orElse(oldest).isBefore(oldest))
                .orElse(List.of())
                .reversed()) {
            refused.listed(listed.id());
            if (!listed.outbound() && listed.ends().person().isPresent()) {
                Optional<List<Media>> media = client.media(listed);
                if (media.isEmpty()) {
                    break;
                }
                translator.received(listed, media.get());
            }
            listed.at().ifPresent(bookmark::pass);
        }
        bookmark.keep();
    }

    /// Twilio's list has no filter by change, so the newest hundred of ours are looked at.
    private void progress(InboundTranslator translator, String number, Instant oldest) {
        client.newest(Map.of("From", number, "PageSize", "100")).stream()
                .filter(listed -> listed.progress().at().orElse(oldest).isAfter(oldest))
                .forEach(listed -> {
                    refused.listed(listed.id());
                    translator.listed(listed);
                });
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return SMS;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        return sender.send(ContactCards.inWords(message));
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(ContactCards.inWords(message), since);
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
        return client.download(media);
    }

    @Override
    public List<String> check(Line line) {
        return number.check();
    }

    @Override
    protected Answer take(Request request, Inbound inbound) {
        Optional<TwilioForm> read = TwilioForm.read(request.body());
        if (read.isEmpty()) {
            return NONSENSE;
        }
        TwilioForm form = read.get();
        Optional<String> sid = form.get("MessageSid");
        if (!isTwilio(request, form)) {
            sid.ifPresent(refused::refused);
            return Answer.FORBIDDEN;
        }
        refused.proven();
        awaitFirstRound();
        Optional<Id> message = WebhookAddress.status(request.kind()).map(WebhookAddress.Status::message);
        InboundTranslator translator = translator(inbound);
        if (sid.isEmpty()) {
            return NONSENSE;
        }
        if (request.kind().equals(RECEIVE)) {
            received(translator, sid.get(), form);
            return SAY_NOTHING;
        }
        return message.isPresent() && status(translator, message.get(), sid.get(), form) ? SAY_NOTHING : NONSENSE;
    }

    private boolean isTwilio(Request request, TwilioForm form) {
        TwilioSignature.Offered offered = new TwilioSignature.Offered(
                request.header("x-twilio-signature"), request.header("x-twilio-webhooks-signature-settings"));
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        return signature.proves(offered, address.of(request.kind()) + query, form);
    }

    /// A messaging service posts what comes to any of its numbers: what is for another one is not for this line.
    private void received(InboundTranslator translator, String sid, TwilioForm form) {
        if (form.get("To").equals(Optional.of(setup.line().number().text()))) {
            translator.received(TwilioMessages.received(sid, form));
        } else {
            translator.dropped("other_number");
        }
    }

    /// The callback of a send may tell its sid before the answer to the send does, or in its place.
    private boolean status(InboundTranslator translator, Id message, String sid, TwilioForm form) {
        Optional<String> status = form.get("MessageStatus");
        status.ifPresent(told -> {
            reconciler.sent(message.text(), sid);
            translator.progress(
                    sid,
                    TwilioMessages.progress(told, form.get("ErrorCode").orElse(""), Optional.empty()),
                    Optional.empty());
        });
        return status.isPresent();
    }

    private InboundTranslator translator(Inbound inbound) {
        return new InboundTranslator(setup, inbound, (_, _) -> {});
    }
}

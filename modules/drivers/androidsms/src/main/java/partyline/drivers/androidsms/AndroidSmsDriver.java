package partyline.drivers.androidsms;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.ContactCards;
import partyline.drivers.InboundTranslator;
import partyline.drivers.PolledDriver;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.FileExchange;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import tools.jackson.databind.JsonNode;

/// Speaks for the SIM of an Android phone, over the app SMS Gateway for Android: SMS, and MMS as far as
/// the app goes. The app on the phone is asked what came; at a server, which has no inbox to be asked for,
/// its calls bring that. Thread-safe.
public final class AndroidSmsDriver extends PolledDriver implements FileExchange {

    private static final Capabilities MMS = new Capabilities(false, false, false, false, true, true);
    private static final Capabilities SMS = new Capabilities(false, false, false, false, false, true);

    /// Android asks the owner of the phone before an app sends more than 30 parts in a minute (AOSP 15 and
    /// 16, `SmsUsageMonitor`); carriers in the United States take 15 to 60 texts a minute and 1,000 a day
    /// for those of a person (CTIA, Messaging Principles and Best Practices, 2019). This is well below.
    private static final Line.Pace PERSONAL = new Line.Pace(10, 15, 50);

    public static final DriverKind KIND = new DriverKind(
            "android-sms-gateway",
            AndroidSmsSettings.KEYS,
            PERSONAL,
            List.of(new Mode("the app sends MMS (1.74 or newer)", MMS), new Mode("it sends SMS alone", SMS)),
            setup -> new AndroidSmsDriver(setup, AndroidSmsSettings.of(setup)));

    private static final Duration LOOKED_AFTER = Duration.ofMinutes(1);
    private static final Duration SEND_WITHIN = AndroidSmsClient.MMS.plusSeconds(15);
    private static final Answer NONSENSE = new Answer(400, "text/plain", "not an event");
    private static final Answer LATER = new Answer(503, "text/plain", "the phone does not show it yet");
    private static final Answer NO_ROOM = new Answer(503, "text/plain", "the file cannot be kept now");
    private static final Answer TOO_LARGE = new Answer(413, "text/plain", "too large");
    /// No carrier takes half of that as an MMS.
    private static final int LARGEST_CALL = 8 << 20;

    private static final int NOT_FOUND = 404;

    private final AndroidSmsSettings settings;
    private final AndroidSmsClient client;
    private final AndroidSmsPhone phone;
    private final AndroidSmsWebhooks webhooks;
    private final AndroidSmsInbox inbox;
    private final AndroidSmsPeople people;
    private final AndroidSmsFiles files;
    private final AndroidSmsSender sender;
    private volatile Health pinged = Health.UP;
    private Health seen = new Health(Health.State.UNKNOWN, "");
    private Instant looked = Instant.EPOCH;

    private AndroidSmsDriver(LineSetup setup, AndroidSmsSettings settings) {
        super(setup, AndroidSmsPhone.APP, settings.calls(), settings.poll());
        this.settings = settings;
        this.client = new AndroidSmsClient(calls, settings.chosen().device());
        this.phone = new AndroidSmsPhone(setup, settings, client, health);
        this.webhooks = new AndroidSmsWebhooks(setup, settings, client);
        this.inbox = new AndroidSmsInbox(setup, client, settings.chosen());
        this.people = new AndroidSmsPeople(settings.chosen().country());
        this.files = new AndroidSmsFiles(setup, client);
        Reconciler reconciler = new Reconciler(setup, Reconciler.USUALLY_LOST_AFTER);
        RateLimiter limiter = new RateLimiter(List.of(new RateLimiter.Limit(settings.perDay(), Duration.ofDays(1))));
        this.sender = new AndroidSmsSender(setup, settings, client, phone, health, limiter, reconciler);
    }

    @Override
    protected Health look(Inbound inbound) {
        InboundTranslator translator = translator(inbound);
        Optional<Reply> trouble = settings.server() ? Optional.empty() : inbox.received(translator);
        trouble = trouble.or(() -> inbox.receipts(translator));
        if (trouble.isPresent()) {
            seen = trouble(trouble.get());
            return seen;
        }
        Instant now = setup.now();
        if (seen.state() != Health.State.UP
                || webhooks.moved()
                || !looked.plus(LOOKED_AFTER).isAfter(now)) {
            phone.note();
            seen = AndroidSmsPhone.worse(
                    AndroidSmsPhone.worse(phone.look(), webhooks.register()),
                    AndroidSmsPhone.worse(phone.keepOrder(), pinged));
            looked = now;
        }
        return seen;
    }

    private Health trouble(Reply reply) {
        return !settings.server() && reply instanceof Reply.Answered answer && answer.status() == NOT_FOUND
                ? new Health(Health.State.DOWN, AndroidSmsPhone.TOO_OLD)
                : health.of(
                        reply,
                        _ -> new Health(
                                Health.State.DOWN,
                                "What answers there is no SMS gateway app: correct " + "android-sms-gateway.url."));
    }

    /// Whether pictures go out is not known before the app answered once.
    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        awaitFirstRound();
        return phone.sendsMms() ? MMS : SMS;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        awaitFirstRound();
        return sender.send(ContactCards.inWords(message));
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(message, since);
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
        return files.download(media);
    }

    @Override
    public List<String> check(Line line) {
        return Stream.of(phone.look(), webhooks.reachable())
                .filter(found -> found.state() != Health.State.UP)
                .map(Health::detail)
                .toList();
    }

    /// Longer than what may be asked before a send, and the send with a file.
    @Override
    public Duration patience(Outgoing message) {
        return SEND_WITHIN;
    }

    /// An MMS, which is longer than what other calls may be.
    @Override
    public Answer bring(Line line, Request head, InputStream body) {
        try {
            byte[] bytes = body.readNBytes(LARGEST_CALL + 1);
            return bytes.length > LARGEST_CALL
                    ? TOO_LARGE
                    : hook(line, new Request(head.kind(), head.query(), head.headers(), bytes));
        } catch (IOException e) {
            return NO_ROOM;
        }
    }

    /// The phone fetches nothing.
    @Override
    public Optional<Attachment> give(Line line, String name) {
        return Optional.empty();
    }

    @Override
    protected Answer take(Request request, Inbound inbound) {
        if (!webhooks.proves(request)) {
            return Answer.FORBIDDEN;
        }
        Optional<JsonNode> json = request.json();
        if (json.isEmpty()) {
            return NONSENSE;
        }
        awaitFirstRound();
        InboundTranslator translator = translator(inbound);
        String device = json.get().path("deviceId").asString("");
        if (settings.chosen().device().filter(it -> !it.equals(device)).isPresent()) {
            translator.dropped("other_number");
            return Answer.OK;
        }
        return take(json.get().path("event").asString(""), json.get().path("payload"), translator);
    }

    /// What the phone's inbox has is read there, in its order.
    private Answer take(String event, JsonNode payload, InboundTranslator translator) {
        switch (event) {
            case AndroidSmsWebhooks.RECEIVED, AndroidSmsWebhooks.DOWNLOADED -> {
                if (!settings.server()) {
                    return inbox.received(translator).isEmpty() ? Answer.OK : LATER;
                }
                boolean mms = event.equals(AndroidSmsWebhooks.DOWNLOADED);
                return mms
                        ? mms(payload, translator)
                        : taken(AndroidSmsMessages.sms(payload, people), payload, translator);
            }
            case AndroidSmsWebhooks.SENT -> progress("Sent", "sentAt", payload, translator);
            case AndroidSmsWebhooks.DELIVERED -> progress("Delivered", "deliveredAt", payload, translator);
            case AndroidSmsWebhooks.FAILED -> progress("Failed", "failedAt", payload, translator);
            case AndroidSmsWebhooks.PING -> pinged = AndroidSmsPhone.checks(payload.path("health"));
            default -> {
                // Others may have been registered by hand, and mean nothing to a line.
            }
        }
        return Answer.OK;
    }

    private Answer mms(JsonNode payload, InboundTranslator translator) {
        ServiceMessage message = AndroidSmsMessages.mms(payload, people);
        try {
            return inbox.isTaken(message.id()) ? Answer.OK : taken(files.keep(message), payload, translator);
        } catch (IllegalArgumentException e) {
            return NONSENSE;
        } catch (IOException e) {
            return NO_ROOM;
        }
    }

    private Answer taken(ServiceMessage message, JsonNode payload, InboundTranslator translator) {
        inbox.take(message, payload, translator);
        return Answer.OK;
    }

    private void progress(String state, String time, JsonNode payload, InboundTranslator translator) {
        inbox.progress(
                payload.path("messageId").asString(""),
                AndroidSmsMessages.progress(
                        state, payload.path("reason").asString(""), AndroidSmsMessages.time(payload, time)),
                translator);
    }

    private InboundTranslator translator(Inbound inbound) {
        return new InboundTranslator(setup, inbound, (_, _) -> {});
    }
}

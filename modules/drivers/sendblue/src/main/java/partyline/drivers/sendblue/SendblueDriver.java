package partyline.drivers.sendblue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HealthCheck;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reconciler;
import partyline.drivers.RecurringCheck;
import partyline.drivers.Reply;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Speaks for one number of a Sendblue account. Sendblue calls us with news; what a call did not tell is read from its
/// list of messages now and then. Thread-safe.
public final class SendblueDriver implements WebhookReceiver {

    private static final Capabilities IMESSAGE = new Capabilities(true, true, true, true, true, true);
    private static final Capabilities RCS = new Capabilities(false, false, true, true, true, true);
    private static final Capabilities SMS = new Capabilities(false, false, false, false, true, true);

    /// A fresh line's bounds; how fast it sends to people that it knows is paced here, by the second.
    private static final Line.Pace NEW_PEOPLE = new Line.Pace(0, 15, 50);

    public static final DriverKind KIND = new DriverKind(
            "sendblue",
            SendblueSettings.KEYS,
            NEW_PEOPLE,
            List.of(new Mode("iMessage", IMESSAGE), new Mode("RCS", RCS), new Mode("SMS", SMS)),
            SendblueDriver::new);

    private static final Set<String> REACTIONS = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");
    private static final int LONGEST_TYPING_MILLIS = 60_000;
    private static final Answer NONSENSE = new Answer(400, "text/plain", "not a message");

    private final LineSetup setup;
    private final SendblueConnection connection;
    private final SendblueWebhooks hooks;
    private final SendblueHealthCheck standing;
    private final SendblueSender sending;
    private volatile @Nullable Started started;

    private record Started(Inbound inbound, SendblueInboundTranslator news, RecurringCheck rounds) {}

    public SendblueDriver(LineSetup setup) {
        this.setup = setup;
        SendblueSettings account = SendblueSettings.of(setup.options());
        SendblueClient calls = new SendblueClient(account);
        this.connection = new SendblueConnection(
                account,
                calls,
                new SendblueServices(calls, setup.around().clock()),
                new HealthCheck(setup.line().id()),
                new Reconciler(setup, account.lostAfter()));
        this.hooks = new SendblueWebhooks(setup, account);
        this.standing = new SendblueHealthCheck(setup, connection, hooks);
        this.sending = new SendblueSender(setup, connection, hooks::statusUrl);
    }

    @Override
    public void start(Inbound inbound) {
        SendblueInboundTranslator news = new SendblueInboundTranslator(setup, connection, inbound);
        SendblueCatchUp catchUp = new SendblueCatchUp(setup, connection, hooks.refused(), news);
        RecurringCheck rounds =
                new RecurringCheck(setup.line().id(), connection.account().poll(), () -> {
                    Health seen = standing.look();
                    catchUp.run();
                    connection.condition().is(hooks.refused().on(seen, SendblueHealthCheck.OTHER_SECRET));
                });
        started = new Started(inbound, news, rounds);
        rounds.start();
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return switch (connection.reach().of(recipient)) {
            case IMESSAGE -> IMESSAGE;
            case RCS -> RCS;
            case SMS -> SMS;
        };
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        return sending.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sending.reconcile(message, since);
    }

    /// Sendblue takes no tapback back and knows no other than the six.
    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        if (reaction == null || !REACTIONS.contains(reaction)) {
            return TapbackResult.NEVER;
        }
        return isDone(connection
                        .calls()
                        .post(
                                "/api/send-reaction",
                                Json.object()
                                        .put("from_number", line.number().text())
                                        .put("message_handle", target)
                                        .put("reaction", reaction)
                                        .put("part_index", partIndex)))
                ? TapbackResult.TAKEN
                : TapbackResult.NOT_NOW;
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        if (connection.reach().of(person) != Service.SMS) {
            connection
                    .calls()
                    .post(
                            "/api/mark-read",
                            Json.object()
                                    .put("number", person.text())
                                    .put("from_number", line.number().text()));
        }
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        if (connection.reach().of(person) != Service.SMS) {
            var body = Json.object()
                    .put("number", person.text())
                    .put("from_number", line.number().text())
                    .put("state", typing ? "start" : "stop");
            connection
                    .calls()
                    .post(
                            "/api/send-typing-indicator",
                            typing ? body.put("max_duration_ms", LONGEST_TYPING_MILLIS) : body);
        }
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return HttpCalls.address(media);
    }

    @Override
    public Health health(Line line) {
        return connection.condition().health();
    }

    @Override
    public List<String> check(Line line) {
        return standing.check();
    }

    /// Longer than the upload of a file and the send after it may take.
    @Override
    public Duration patience(Outgoing message) {
        return message.mediaUrl() == null && message.contactCard() == null
                ? SendblueClient.SENT_WITHIN
                : SendblueClient.UPLOADED_WITHIN;
    }

    @Override
    public Answer hook(Line line, Request request) {
        Started running = started;
        if (running == null) {
            return new Answer(503, "text/plain", "starting");
        }
        Optional<Id> message = hooks.statusOf(request.kind());
        if (message.isEmpty() && !hooks.isSecret(request.header("sb-signing-secret"))) {
            json(request.body())
                    .flatMap(SendblueProviderMessage::of)
                    .ifPresent(it -> hooks.refused().refused(it.handle()));
            return Answer.FORBIDDEN;
        }
        if (message.isEmpty()) {
            hooks.refused().proven();
        }
        running.rounds().awaitFirst();
        return json(request.body())
                .map(json -> message.isPresent()
                        ? status(running, message.get(), json)
                        : news(running, request.kind(), json))
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

    /// The callback of a send may tell its handle before the answer to the send does, or in its place.
    private Answer status(Started running, Id message, JsonNode json) {
        Optional<SendblueProviderMessage> told = SendblueProviderMessage.of(json);
        told.ifPresent(it -> {
            connection.reconciler().sent(message, it.handle());
            running.news().progress(it);
        });
        return told.isPresent() ? Answer.OK : NONSENSE;
    }

    private Answer news(Started running, String kind, JsonNode json) {
        return switch (kind) {
            case "receive" -> {
                Optional<SendblueProviderMessage> told = SendblueProviderMessage.of(json);
                told.ifPresent(running.news()::received);
                yield told.isPresent() ? Answer.OK : NONSENSE;
            }
            case "typing_indicator" -> {
                Stream.of("number", "from_number")
                        .flatMap(key -> PhoneNumber.parse(json.path(key).asString("")).stream())
                        .filter(number -> !number.equals(setup.line().number()))
                        .findFirst()
                        .ifPresent(person -> running.inbound()
                                .typing(
                                        setup.line().id(),
                                        person,
                                        json.path("is_typing").asBoolean(false)));
                yield Answer.OK;
            }
            default -> NONSENSE;
        };
    }

    private static boolean isDone(Reply reply) {
        return reply instanceof Reply.Answered answer && answer.success();
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            return Optional.of(Json.read(new String(body, StandardCharsets.UTF_8)));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}

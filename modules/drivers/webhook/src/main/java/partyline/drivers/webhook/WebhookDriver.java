package partyline.drivers.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HealthCheck;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.drivers.RecurringCheck;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// A line that some program of the operator speaks for: we post to it what is to be shown, it posts to us what people
/// do, both signed. What it can do it says itself. Thread-safe.
public final class WebhookDriver implements WebhookReceiver {

    /// What a program can offer at most.
    private static final Capabilities MOST = new Capabilities(true, true, true, true, true, true);

    public static final DriverKind KIND = new DriverKind(
            "webhook", ProgramClient.KEYS, List.of(new Mode("as the program says", MOST)), WebhookDriver::new);

    private static final Duration GREET = Duration.ofSeconds(30);

    private record Started(ProgramInboundTranslator news, RecurringCheck rounds) {}

    private final LineSetup setup;
    private final ProgramClient program;
    private final Handshake greeting;
    private final HealthCheck condition;
    private final ProgramSender sending;
    private final Duration greetEvery;
    private volatile @Nullable Started started;

    public WebhookDriver(LineSetup setup) {
        this.setup = setup;
        this.program = new ProgramClient(setup);
        this.greeting = new Handshake(setup, program);
        this.condition = new HealthCheck(setup.line().id());
        this.sending = new ProgramSender(setup, program, greeting, condition);
        this.greetEvery = new Keys(setup.options()).duration("greet", GREET);
    }

    @Override
    public void start(Inbound inbound) {
        RecurringCheck rounds = new RecurringCheck(setup.line().id(), greetEvery, () -> condition.is(greeting.greet()));
        started = new Started(new ProgramInboundTranslator(setup, greeting, inbound), rounds);
        rounds.start();
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        awaitGreeting();
        return greeting.capabilities(recipient);
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        awaitGreeting();
        return sending.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sending.reconcile(message);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        if (!greeting.can("tapbacks")) {
            return TapbackResult.NEVER;
        }
        return isDone(program.call(Json.object()
                        .put("type", "tapback")
                        .put("to", to.text())
                        .put("target", target)
                        .put("reaction", reaction)
                        .put("part_index", partIndex)))
                ? TapbackResult.TAKEN
                : TapbackResult.NOT_NOW;
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        if (greeting.can("read")) {
            program.call(about("read", person).put("until", until.toString()));
        }
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        if (greeting.can("typing")) {
            program.call(about("typing", person).put("typing", typing));
        }
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return HttpCalls.address(media);
    }

    @Override
    public Health health(Line line) {
        return condition.health();
    }

    @Override
    public List<String> check(Line line) {
        Health health = greeting.greet();
        return health.state() == Health.State.UP ? List.of() : List.of(health.detail());
    }

    @Override
    public Answer hook(Line line, Request request) {
        Started running = started;
        if (running == null) {
            return new Answer(503, "text/plain", "starting");
        }
        if (!program.seal().proves(request, setup.around().clock().instant())) {
            return Answer.FORBIDDEN;
        }
        try {
            running.news().take(new ProgramRequest(Json.read(new String(request.body(), StandardCharsets.UTF_8))));
            return Answer.OK;
        } catch (ProgramRequest.Wrong e) {
            return new Answer(
                    400, "text/plain", Optional.ofNullable(e.getMessage()).orElse("wrong"));
        } catch (JacksonException e) {
            return new Answer(400, "text/plain", "the body is not JSON");
        }
    }

    @Override
    public void close() {
        Started running = started;
        if (running != null) {
            running.rounds().close();
        }
        program.close();
    }

    /// What the program can do is not known before it answered once.
    private void awaitGreeting() {
        Started running = started;
        if (running != null) {
            running.rounds().awaitFirst();
        }
    }

    private static ObjectNode about(String type, PhoneNumber person) {
        return Json.object().put("type", type).put("to", person.text());
    }

    private static boolean isDone(Reply reply) {
        return reply instanceof Reply.Answered answer && answer.success();
    }
}

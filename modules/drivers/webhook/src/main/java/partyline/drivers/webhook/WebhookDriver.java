package partyline.drivers.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.drivers.PolledDriver;
import partyline.drivers.SignedRequests;
import partyline.kernel.Json;
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
import tools.jackson.databind.node.ObjectNode;

/// A line that some program of the operator speaks for: we post to it what is to be shown, it posts to us what people
/// do, both signed. What it can do it says itself. Thread-safe.
public final class WebhookDriver extends PolledDriver implements FileExchange {

    /// What a program can offer at most.
    private static final Capabilities MOST = new Capabilities(true, true, true, true, true, true);

    public static final DriverKind KIND = new DriverKind(
            "webhook",
            Set.of("url", "secret", "greet"),
            List.of(new Mode("as the program says", MOST)),
            setup -> new WebhookDriver(setup, new Keys(setup.options())));

    static final String MISNAMED = "was used on this line before, for something else: it must be unique, also over"
            + " restarts of the program. This event is lost";

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDriver.class);
    private static final Answer REPEATED =
            new Answer(200, "text/plain", "ok: this id came before, and changes nothing");
    private static final int SHORTEST_SECRET = 24;

    private final ProgramClient program;
    private final Handshake handshake;
    private final ProgramFiles files;
    private final ProgramSender sender;

    private WebhookDriver(LineSetup setup, Keys keys) {
        super(
                setup,
                Handshake.PROGRAM,
                new HttpCalls(keys.url("url").toString(), Map.of()),
                keys.duration("greet", Duration.ofSeconds(30)));
        this.program = new ProgramClient(setup, calls, signatures(setup.options()));
        this.handshake = new Handshake(setup, program, health);
        this.files = new ProgramFiles(setup, program.signatures());
        this.sender = new ProgramSender(setup, program, handshake, health, files);
    }

    @Override
    protected Health look(Inbound inbound) {
        return handshake.greet();
    }

    /// What the program can do is not known before it answered once.
    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        awaitFirstRound();
        return handshake.capabilities(recipient);
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        awaitFirstRound();
        return sender.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(message);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        if (!handshake.can("tapbacks", to)) {
            return TapbackResult.NEVER;
        }
        ObjectNode body = about("tapback", to)
                .put("target", target)
                .put("reaction", reaction)
                .put("part_index", partIndex);
        return program.call(body).tapback();
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        if (handshake.can("read", person)) {
            program.call(about("read", person).put("until", until.toString()));
        }
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        if (handshake.can("typing", person)) {
            program.call(about("typing", person).put("typing", typing));
        }
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return files.download(media);
    }

    @Override
    public Answer bring(Line line, Request head, InputStream body) {
        return files.bring(head, body);
    }

    @Override
    public Optional<Attachment> give(Line line, String name) throws IOException {
        return files.give(name);
    }

    @Override
    public List<String> check(Line line) {
        Health seen = handshake.greet();
        return seen.state() == Health.State.UP ? List.of() : List.of(seen.detail());
    }

    @Override
    protected Answer take(Request request, Inbound inbound) {
        if (!program.signatures().proves(request, setup.now())) {
            return Answer.FORBIDDEN;
        }
        Optional<JsonNode> json = request.json();
        if (json.isEmpty()) {
            return new Answer(400, "text/plain", "the body is not JSON");
        }
        try {
            ProgramRequest event = new ProgramRequest(json.get());
            return switch (new ProgramInboundTranslator(setup, handshake, files, inbound).take(event)) {
                case NEW -> Answer.OK;
                case REPEATED -> REPEATED;
                case MISNAMED -> misnamed(event.id(), inbound);
            };
        } catch (ProgramRequest.Wrong e) {
            return e.answer();
        } catch (IOException e) {
            return new Answer(503, "text/plain", "the file could not be kept: post the event again");
        }
    }

    private static SignedRequests signatures(LineSetup.Options options) {
        String secret = options.required("secret");
        if (secret.length() < SHORTEST_SECRET) {
            throw options.wrong("secret", "is too short: make one with openssl rand -base64 32");
        }
        try {
            return SignedRequests.of(secret);
        } catch (IllegalArgumentException e) {
            throw options.wrong("secret", "begins with whsec_ but the rest is not base64");
        }
    }

    /// The id is that of something else, so this is lost: whoever runs the program must hear of it.
    private Answer misnamed(String id, Inbound inbound) {
        LOG.warn("event=event_misnamed line={} provider_id={}", setup.id(), id);
        inbound.dropped(setup.id(), "id_used_before");
        handshake.misnamed(id);
        return new Answer(409, "text/plain", "id " + MISNAMED);
    }

    private static ObjectNode about(String type, PhoneNumber person) {
        return Json.object().put("type", type).put("to", person.text());
    }
}

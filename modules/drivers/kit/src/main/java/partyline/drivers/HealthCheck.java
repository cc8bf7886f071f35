package partyline.drivers;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.Outbox;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// How a line is, as last seen; a change of it is told in the log. What the replies of services mean where
/// all agree is said here once: for the line, and for a send. Thread-safe.
public final class HealthCheck {

    /// How a service is spoken of, and how it likes to be treated: by what `name`; what to do when it is
    /// `absent`, answers with a `trouble` that no client can help, or does not take our `key` (`badKey`), which is
    /// called so; and how long it is left alone when it wants that and does not say for how long. What to do ends a
    /// sentence: no capital, no full stop ("Linq cannot be reached (…): check this machine's network.").
    public record Profile(String name, String absent, String trouble, String key, String badKey, Duration rest) {}

    private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);

    private final String line;
    private final Profile service;
    private volatile Health health = new Health(State.UNKNOWN, "It has not been tried yet.");

    public HealthCheck(String line, Profile service) {
        this.line = line;
        this.service = service;
    }

    public Health health() {
        return health;
    }

    public void is(Health next) {
        Health before = health;
        health = next;
        if (before.state() != next.state()) {
            LOG.info("event=line_state line={} state={} detail=\"{}\"", line, next.state(), next.detail());
        }
    }

    public static Health down(String detail) {
        return new Health(State.DOWN, detail);
    }

    public static Health degraded(String detail) {
        return new Health(State.DEGRADED, detail);
    }

    /// How the line is when this came of a question; an answer that went `well` is looked at closer.
    public Health of(Reply reply, Function<JsonNode, Health> well) {
        return switch (reply) {
            case Reply.Unreachable(String detail) -> absent(detail);
            case Reply.NoAnswer(String detail) -> absent(detail);
            case Reply.Answered answer when answer.success() -> well.apply(answer.json());
            case Reply.Answered answer when answer.refusesUs() -> badKey();
            case Reply.Answered answer ->
                down(service.name() + " answers " + answer.status() + ": " + service.trouble() + ".");
        };
    }

    /// What became of a send: `taken` reads the answer to one that went well, `refused` knows the service's
    /// own words for what did not, where they tell more than the HTTP status does. In doubt it is unknown: a
    /// text that comes twice is worse than one that is looked up.
    public SendResult sent(
            Reply reply, Function<JsonNode, SendResult> taken, Function<Reply.Answered, Optional<SendResult>> refused) {
        return switch (reply) {
            case Reply.Unreachable(String detail) -> {
                is(absent(detail));
                yield new SendResult.NotSent(service.name() + " cannot be reached: " + detail);
            }
            case Reply.NoAnswer(String detail) -> new SendResult.Unknown(service.name() + " gave no answer: " + detail);
            case Reply.Answered answer when answer.success() -> taken.apply(answer.json());
            case Reply.Answered answer -> refused.apply(answer).orElseGet(() -> refused(answer));
        };
    }

    /// What a service that took a send says of it, which travels on `expected` unless it says otherwise.
    public SendResult taken(Optional<ServiceMessage> told, Service expected, Set<String> leftOut) {
        if (told.isEmpty()) {
            return new SendResult.Unknown(service.name() + "'s answer names no message.");
        }
        ServiceMessage message = told.get();
        return message.progress()
                .failure()
                .map(why -> why.code().equals(Outbox.OUTCOME_UNKNOWN)
                        ? new SendResult.Unknown(why.detail())
                        : new SendResult.Refused(why.code(), why.detail()))
                .orElseGet(() -> new SendResult.Accepted(
                        message.id(),
                        message.service().orElse(expected),
                        message.progress().kind().isPresent(),
                        leftOut));
    }

    /// The service wants to be left alone for a while, and did not send it.
    public SendResult slower(Reply.Answered answer) {
        return new SendResult.NotSent(
                service.name() + " wants it slower.", Optional.of(answer.pause().orElse(service.rest())));
    }

    /// The refusal that an answer is for this reason, unless asking another time may help.
    public static Optional<SendResult> refusal(Reply.Answered answer, Receipt.Failure why) {
        String code = why.code().equals("delivery_error") ? "invalid_request" : why.code();
        return answer.isRefusal() ? Optional.of(new SendResult.Refused(code, why.detail())) : Optional.empty();
    }

    private SendResult refused(Reply.Answered answer) {
        int status = answer.status();
        if (status == 429) {
            return slower(answer);
        }
        if (answer.refusesUs()) {
            is(badKey());
            return new SendResult.NotSent(
                    service.name() + " refuses " + service.key() + ".", Optional.of(service.rest()));
        }
        return status == 408 || status >= 500
                ? new SendResult.Unknown(service.name() + " answered " + status + ".")
                : new SendResult.Refused("invalid_request", service.name() + " answered " + status + ".");
    }

    private Health absent(String detail) {
        return down(service.name() + " cannot be reached (" + detail + "): " + service.absent() + ".");
    }

    private Health badKey() {
        return down(service.name() + " refuses " + service.key() + ": " + service.badKey() + ".");
    }
}

package partyline.transport.internal.generic;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.kernel.Json;
import partyline.transport.Capabilities;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import partyline.transport.Service;
import partyline.transport.internal.remote.Reply;

/// The `hello` that tells the program where to bring its news, now and then, and hears what it can do. Thread-safe.
final class Greeting {

    private final LineSetup setup;
    private final Program program;
    private volatile Set<String> abilities = Set.of();

    Greeting(LineSetup setup, Program program) {
        this.setup = setup;
        this.program = program;
    }

    static String absent(String detail) {
        return "The program behind the line is not there (" + detail + "): start it, and check webhook.url.";
    }

    boolean can(String what) {
        return abilities.contains(what);
    }

    /// For somebody who has `service`, if that is known: effects are iMessage's alone.
    Capabilities capabilities(Optional<Service> service) {
        boolean effects = can("effects") && service.orElse(Service.IMESSAGE) == Service.IMESSAGE;
        return new Capabilities(
                effects, can("tapbacks"), can("typing"), can("read"), can("media"), can("sent_receipts"));
    }

    Health greet() {
        Reply reply = program.call(Json.object()
                .put("type", "hello")
                .put("events_url", setup.hookUrl().get()));
        return switch (reply) {
            case Reply.Answered answer
            when answer.success() -> {
                abilities = answer.json()
                        .path("capabilities")
                        .valueStream()
                        .map(it -> it.asString(""))
                        .collect(Collectors.toUnmodifiableSet());
                yield Health.UP;
            }
            case Reply.Answered answer
            when answer.status() == 401 || answer.status() == 403 ->
                new Health(State.DOWN, "The program does not take our signature: give both the same webhook.secret.");
            case Reply.Answered answer ->
                new Health(State.DOWN, "The program answers our hello with " + answer.status() + ": see its log.");
            case Reply.Unreachable(String detail) -> new Health(State.DOWN, absent(detail));
            case Reply.NoAnswer(String detail) -> new Health(State.DOWN, absent(detail));
        };
    }
}

package partyline.drivers.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.drivers.Cache;
import partyline.drivers.HealthCheck;
import partyline.drivers.KnownServices;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `hello` that tells the program where to bring its news, now and then, and hears how it is and what
/// it can do, for whom. Thread-safe.
final class Handshake {

    static final HealthCheck.Profile PROGRAM = new HealthCheck.Profile(
            "The program",
            "start it, and check webhook.url",
            "see its log",
            "our signature",
            "give both the same webhook.secret",
            Duration.ofSeconds(10));

    private static final Duration REMEMBERED = Duration.ofHours(6);
    /// How long the answer about a person counts.
    private static final Duration SAID = Duration.ofHours(1);
    /// After a question that got no answer.
    private static final Duration UNANSWERED = Duration.ofMinutes(1);
    /// How long a lost event is shown.
    private static final Duration SHOWN = Duration.ofHours(1);
    private static final int LONGEST_DETAIL = 300;

    /// A person as they are reached now: on another service the program is asked anew what it can do for them.
    private record Reached(PhoneNumber person, Optional<Service> service) {}

    /// An event whose id was that of another one.
    private record Misnamed(String id, Instant at) {}

    /// What the program said of itself: what it can do for people on each service, and the service of
    /// whatever it says nothing about.
    private record Told(Map<Service, Set<String>> abilities, Service usually) {

        /// Who says no service carries, for all we know, SMS: there most words stop.
        static final Told NOTHING = new Told(Map.of(), Service.SMS);

        static Told of(JsonNode hello) {
            JsonNode can = hello.path("capabilities");
            Map<Service, Set<String>> abilities = new EnumMap<>(Service.class);
            for (Service service : Service.values()) {
                abilities.put(service, can.isObject() ? words(can.path(service.wire())) : among(words(can), service));
            }
            return new Told(abilities, ProgramRequest.service(hello).orElse(Service.SMS));
        }

        private static Set<String> words(JsonNode list) {
            return list.valueStream().map(it -> it.asString("")).collect(Collectors.toUnmodifiableSet());
        }

        /// One list for everybody leaves out what no phone shows on that service.
        private static Set<String> among(Set<String> all, Service service) {
            return all.stream()
                    .filter(it -> !it.equals("effects") || service == Service.IMESSAGE)
                    .filter(it -> !it.equals("tapbacks") || service != Service.SMS)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private final LineSetup setup;
    private final ProgramClient program;
    private final HealthCheck health;
    private final KnownServices services;
    private volatile Told told = Told.NOTHING;
    private volatile Optional<Misnamed> misnamed = Optional.empty();
    /// What the program said when it was asked about people; empty where it did not say.
    private volatile Cache<Reached, Optional<Set<String>>> people = new Cache<>();

    Handshake(LineSetup setup, ProgramClient program, HealthCheck health) {
        this.setup = setup;
        this.program = program;
        this.health = health;
        this.services = new KnownServices(setup.around().clock(), REMEMBERED, _ -> Optional.empty());
    }

    /// What a text travels on of which the program does not say it.
    Service usually() {
        return told.usually();
    }

    /// The program said what this person has.
    void saw(PhoneNumber person, Service service) {
        services.saw(person, service, setup.now());
    }

    /// Whether the program can do it for anybody.
    boolean can(String what) {
        return told.abilities().values().stream().anyMatch(it -> it.contains(what));
    }

    /// Whether it can for this person: as it says when it is asked, else as it says of their service, if that is known.
    boolean can(String what, PhoneNumber person) {
        return ofPerson(person)
                .or(() -> services.of(person).map(it -> told.abilities().getOrDefault(it, Set.of())))
                .map(it -> it.contains(what))
                .orElseGet(() -> can(what));
    }

    /// Asks only a program that says that it can be asked.
    private Optional<Set<String>> ofPerson(PhoneNumber person) {
        return can("can") ? people.get(reached(person), setup.now()).orElseGet(() -> ask(person)) : Optional.empty();
    }

    private Optional<Set<String>> ask(PhoneNumber person) {
        Optional<JsonNode> answer = program.call(
                        Json.object().put("type", "can").put("to", person.text()))
                .answer();
        answer.flatMap(ProgramRequest::service).ifPresent(service -> saw(person, service));
        Optional<Set<String>> said = answer.map(it -> it.path("capabilities"))
                .filter(JsonNode::isArray)
                .map(Told::words);
        people.put(reached(person), said, setup.now(), answer.isPresent() ? SAID : UNANSWERED);
        return said;
    }

    private Reached reached(PhoneNumber person) {
        return new Reached(person, services.of(person));
    }

    Capabilities capabilities(PhoneNumber person) {
        return new Capabilities(
                can("effects", person),
                can("tapbacks", person),
                can("typing", person),
                can("read", person),
                can("media", person),
                can("sent_receipts", person));
    }

    Health greet() {
        ObjectNode hello = Json.object()
                .put("type", "hello")
                .put("events_url", setup.hookUrl().get());
        return health.of(program.call(hello), answer -> {
            Told before = told;
            told = Told.of(answer);
            if (!told.equals(before)) {
                people = new Cache<>();
            }
            Health said = said(answer);
            return said.state() == State.UP ? mistake().orElse(said) : said;
        });
    }

    /// An event came under the id of another one, and was lost: for a while the line is shown as one that loses events.
    void misnamed(String id) {
        misnamed = Optional.of(new Misnamed(id, setup.now()));
    }

    private Optional<Health> mistake() {
        return misnamed.filter(it -> it.at().isAfter(setup.now().minus(SHOWN)))
                .map(it -> HealthCheck.degraded("The program lost an event: its id \"" + shown(it.id()) + "\" "
                        + WebhookDriver.MISNAMED + "."));
    }

    /// A program may be here while its service is not: its `state` and `detail` are those of the line.
    private static Health said(JsonNode hello) {
        String state = hello.path("state").asString("up").toUpperCase(Locale.ROOT);
        String detail = hello.path("detail").asString("").strip();
        String shown = shown(detail);
        return switch (state) {
            case "UP" -> Health.UP;
            case "DEGRADED", "DOWN" ->
                new Health(
                        State.valueOf(state),
                        shown.isEmpty() ? "The program says so, and not why: see its log." : shown);
            default ->
                new Health(State.DEGRADED, "The program's hello has a state that is none of up, degraded and down.");
        };
    }

    private static String shown(String words) {
        return words.substring(0, Math.min(words.length(), LONGEST_DETAIL));
    }
}

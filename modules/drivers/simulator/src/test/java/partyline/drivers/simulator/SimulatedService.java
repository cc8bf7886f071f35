package partyline.drivers.simulator;

import static partyline.drivers.contract.LineServer.ANN;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// The simulator as its own fake: its phones are in the program's database, so what Ann does while the program is
/// stopped is done as soon as there is a database again. It is never gone: only Ann's phone is.
final class SimulatedService implements FakeService {

    private final Queue<String> unwritten = new ArrayDeque<>();
    private @Nullable Simulator simulator;
    private PhoneNumber line = ANN;

    @Override
    public Driver driver(Rig.Program program) {
        line = program.line().number();
        var settings = new Simulator.Settings(Duration.ofMillis(1));
        Simulator made = new Simulator(
                program.database(), program.ids(), program.around().clock(), List.of(program.line()), settings);
        simulator = made;
        while (!unwritten.isEmpty()) {
            made.text(ANN, line, unwritten.remove(), null, null);
        }
        return made;
    }

    @Override
    public void programStopped() {
        simulator = null;
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(
                Feature.REMOTE,
                Feature.TAPBACKS_FOR_GOOD,
                Feature.SHOWS_FILE_NAMES,
                Feature.HEARS_FILE_NAMES,
                Feature.HEARS_ADDRESSES,
                Feature.ANSWERS_ADDRESSES));
    }

    @Override
    public List<String> secrets() {
        return List.of("never to be seen");
    }

    @Override
    public void next(Trouble trouble) {
        Fault.Kind kind = switch (trouble) {
            case REFUSED -> Fault.Kind.REFUSE;
            case NOT_TAKEN -> Fault.Kind.NOT_SENT;
            case SENT_WITHOUT_ANSWER -> Fault.Kind.UNKNOWN_SENT;
            case REPEATS_ID -> Fault.Kind.REPEAT_ID;
            case NAMES_US -> Fault.Kind.REFUSE;
            case LOST_WITHOUT_ANSWER, HANGS -> Fault.Kind.UNKNOWN_LOST;
        };
        simulator().fault(new Fault(Optional.empty(), kind, 1, Duration.ZERO));
    }

    @Override
    public String writes(String text) {
        if (simulator == null) {
            unwritten.add(text);
            return UUID.randomUUID().toString();
        }
        return ((TextOutcome.Sent) simulator().text(ANN, line, text, null, null)).providerId();
    }

    @Override
    public boolean writesOddly(String text, Oddity oddity) {
        if (oddity != Oddity.STYLE) {
            return false;
        }
        simulator().text(ANN, line, text, null, "somersault");
        return true;
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        simulator().tapback(ANN, new Simulator.Tapback(providerId, reaction, null, 0, removed));
    }

    @Override
    public void types(boolean typing) {
        simulator().typing(ANN, line, typing);
    }

    @Override
    public void reads() {
        simulator().read(ANN, line);
    }

    @Override
    public void has(Service service) {
        simulator().change(ANN, service, null, null);
    }

    @Override
    public List<Bubble> bubbles() {
        return bubbles(bubble -> !bubble.path("mine").asBoolean()).stream()
                .map(bubble -> new Bubble(
                        bubble.path("text").asString(null),
                        bubble.path("send_style").asString(null),
                        !bubble.path("media").isNull(),
                        Service.of(bubble.path("service").asString())))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return bubbles(bubble -> bubble.path("id").asString().equals(providerId)).stream()
                .flatMap(bubble -> bubble.path("tapbacks").valueStream())
                .map(tapback -> tapback.path("reaction").asString())
                .findFirst();
    }

    @Override
    public boolean showsTyping() {
        return threads().stream().anyMatch(thread -> thread.path("typing").asBoolean());
    }

    @Override
    public boolean showsRead() {
        List<JsonNode> hers = bubbles(bubble -> bubble.path("mine").asBoolean());
        return !hers.isEmpty() && hers.getLast().path("read_at").isString();
    }

    /// It never tells anything twice by itself; [Fault.Kind#DUPLICATE_INBOUND] is tried elsewhere.
    @Override
    public void tellsAgain() {}

    @Override
    public void way(Way way) {}

    @Override
    public void stop() {
        simulator().change(ANN, null, false, null);
    }

    @Override
    public void start() {
        simulator().change(ANN, null, true, null);
    }

    @Override
    public void close() {}

    private List<JsonNode> bubbles(Predicate<JsonNode> wanted) {
        return threads().stream()
                .flatMap(thread -> thread.path("bubbles").valueStream())
                .filter(wanted)
                .toList();
    }

    private List<JsonNode> threads() {
        return simulator().phone(ANN, null).path("threads").valueStream().toList();
    }

    private Simulator simulator() {
        return Objects.requireNonNull(simulator);
    }
}

package partyline.app.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import partyline.identities.Handle;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver;
import partyline.transport.DriverKind;
import partyline.transport.Line;
import partyline.transport.LineSetup;

/// The lines that the configuration names, and what it tells the drivers of those that are real.
public record Lines(List<Line> all, Map<String, LineSetup.Options> options) {

    private static final String KEY = "lines";
    private static final String SIMULATOR = "simulator";
    private static final int SIMULATED_POOL = 5;

    /// A line as it stands in the configuration, beside the block of its driver's keys.
    record Told(
            Optional<String> id,
            Optional<String> number,
            Optional<List<String>> roles,
            Optional<String> driver,
            Optional<String> fallback,
            boolean sharing,
            Pace pace,
            Optional<String> dedicated,
            boolean cold) {}

    /// A bound that is not given is the driver's own.
    record Pace(
            @Within(least = 0, most = 100_000) OptionalInt sendsPerMinute,
            @Within(least = 0, most = 100_000) OptionalInt newPeoplePerHour,
            @Within(least = 0, most = 100_000) OptionalInt newPeoplePerDay) {

        private Line.Pace over(Line.Pace usual) {
            return new Line.Pace(
                    sendsPerMinute.orElse(usual.sendsPerMinute()),
                    newPeoplePerHour.orElse(usual.newPeoplePerHour()),
                    newPeoplePerDay.orElse(usual.newPeoplePerDay()));
        }
    }

    public Lines {
        all = List.copyOf(all);
        options = Map.copyOf(options);
    }

    /// Reads the list `lines`; without one, a simulated router and five simulated pool lines.
    static Lines of(Settings settings) {
        List<Line> lines = new ArrayList<>();
        Map<String, LineSetup.Options> options = new HashMap<>();
        for (Settings item : settings.items(KEY)) {
            Line line = line(item);
            lines.add(line);
            Drivers.named(line.driver()).ifPresent(kind -> options.put(line.id(), item.options(kind)));
        }
        if (lines.isEmpty()) {
            return new Lines(simulatedLines(), Map.of());
        }
        if (lines.size() == 1 && !lines.getFirst().dedicated()) {
            lines.set(0, alone(lines.getFirst()));
        }
        check(settings, lines);
        checkAlone(settings, lines, options);
        return new Lines(lines, options);
    }

    /// A line that is the only one is router and pool at once, and people may have several agents on it.
    private static Line alone(Line line) {
        Line.Terms told = line.terms();
        Line.Terms terms = new Line.Terms(told.fallback(), told.fallbackLine(), true, told.pace());
        return new Line(line.id(), line.number(), Set.of(Line.Role.values()), line.driver(), terms);
    }

    public List<Line> simulated() {
        return all.stream().filter(line -> line.driver().equals(SIMULATOR)).toList();
    }

    /// The driver of every line, by the line's id; `setup` says what the driver of a real line is told.
    public Map<String, Driver> drivers(Driver simulator, BiFunction<Line, LineSetup.Options, LineSetup> setup) {
        Map<String, Driver> drivers = new HashMap<>();
        for (Line line : all) {
            drivers.put(
                    line.id(),
                    Drivers.named(line.driver())
                            .map(kind -> kind.make()
                                    .apply(setup.apply(line, Objects.requireNonNull(options.get(line.id())))))
                            .orElse(simulator));
        }
        return drivers;
    }

    private static void check(Settings settings, List<Line> lines) {
        Set<String> ids = new HashSet<>();
        Set<PhoneNumber> numbers = new HashSet<>();
        Set<String> agents = new HashSet<>();
        for (Line line : lines) {
            if (!ids.add(line.id()) || !numbers.add(line.number())) {
                throw settings.wrong(KEY, "has " + line.id() + " or its number twice: give every line its own");
            }
            line.terms().dedicated().map(Line.Dedication::handle).ifPresent(agent -> {
                if (!agents.add(agent)) {
                    throw settings.wrong(KEY, "has two lines dedicated to @" + agent + ": an agent has one number");
                }
            });
            line.terms().fallbackLine().ifPresent(other -> checkFallback(settings, lines, line, other));
        }
        if (lines.stream().noneMatch(line -> line.is(Line.Role.ROUTER))) {
            throw settings.wrong(KEY, "has no router, so nobody could connect: give one line the role router");
        }
    }

    private static void checkAlone(Settings settings, List<Line> lines, Map<String, LineSetup.Options> options) {
        Map<String, String> taken = new HashMap<>();
        for (Line line : lines) {
            Drivers.named(line.driver())
                    .flatMap(kind -> kind.itself().apply(Objects.requireNonNull(options.get(line.id()))))
                    .ifPresent(place -> {
                        String other = taken.putIfAbsent(line.driver() + " " + place, line.id());
                        if (other != null) {
                            throw settings.wrong(
                                    KEY,
                                    "has %s and %s on %s: both would hear every text, so leave one of them out"
                                            .formatted(other, line.id(), place));
                        }
                    });
        }
    }

    private static void checkFallback(Settings settings, List<Line> lines, Line line, String other) {
        boolean works = lines.stream()
                .filter(it -> !it.id().equals(line.id()) && it.id().equals(other))
                .anyMatch(it -> it.terms().fallbackLine().isEmpty() && !it.is(Line.Role.ROUTER) && !it.dedicated());
        if (!works) {
            throw settings.wrong(
                    KEY,
                    "has the fallback \"%s\" of %s: use sms, none, or the id of another line that is no router, is dedicated to nobody and has no fallback line itself"
                            .formatted(other, line.id()));
        }
    }

    private static Line line(Settings item) {
        Set<String> real = Drivers.all().stream().map(DriverKind::name).collect(Collectors.toSet());
        Told told = item.bind(Told.class, real.toArray(String[]::new));
        if (told.cold() && told.dedicated().isEmpty()) {
            throw item.wrong("cold", "needs dedicated: only on a number of its own may an agent write first");
        }
        String number = told.number().orElse("");
        String driver = told.driver().orElse(SIMULATOR);
        if (!driver.equals(SIMULATOR) && !real.contains(driver)) {
            Set<String> known = new TreeSet<>(real);
            known.add(SIMULATOR);
            throw item.wrong(
                    "driver",
                    "is \"%s\", which this version does not know: use %s".formatted(driver, String.join(", ", known)));
        }
        return new Line(
                told.id().orElse(number),
                PhoneNumber.parse(number)
                        .orElseThrow(() -> item.wrong("number", "must be an E.164 number such as \"+12025550100\"")),
                roles(item, told),
                driver,
                terms(item, told, driver));
    }

    private static Set<Line.Role> roles(Settings item, Told told) {
        return told.roles().orElse(told.dedicated().isPresent() ? List.of() : List.of("pool")).stream()
                .map(role -> switch (role) {
                    case "router" -> Line.Role.ROUTER;
                    case "pool" -> Line.Role.POOL;
                    default -> throw item.wrong("roles", "has \"" + role + "\": a role is router or pool");
                })
                .collect(Collectors.toSet());
    }

    private static Line.Terms terms(Settings item, Told told, String driver) {
        Line.Pace usual = Drivers.named(driver).map(DriverKind::pace).orElse(Line.Pace.NONE);
        String fallback = told.fallback().orElse("sms");
        return new Line.Terms(
                fallback.equals("sms") ? Line.Fallback.SMS : Line.Fallback.NONE,
                Optional.of(fallback).filter(it -> !it.equals("sms") && !it.equals("none")),
                told.sharing(),
                told.pace().over(usual),
                told.dedicated().map(agent -> dedication(item, told, agent.strip())));
    }

    private static Line.Dedication dedication(Settings item, Told told, String agent) {
        Handle handle = Handle.parse(agent)
                .orElseThrow(() -> item.wrong(
                        "dedicated",
                        "is \"%s\": name one agent by its handle, such as \"@my-agent\"".formatted(agent)));
        if (told.roles().filter(roles -> !roles.isEmpty()).isPresent()) {
            throw item.wrong(
                    "roles", "and dedicated exclude each other: one agent's own number is no router and in no pool");
        }
        if (told.sharing()) {
            throw item.wrong("sharing", "and dedicated exclude each other: one agent alone has this number");
        }
        return new Line.Dedication(handle.text(), told.cold());
    }

    private static List<Line> simulatedLines() {
        return Stream.concat(
                        Stream.of(simulated("sim-router", 0, Line.Role.ROUTER)),
                        IntStream.rangeClosed(1, SIMULATED_POOL)
                                .mapToObj(at -> simulated("sim-pool-" + at, at, Line.Role.POOL)))
                .toList();
    }

    private static Line simulated(String id, int at, Line.Role role) {
        PhoneNumber number = new PhoneNumber("+1202555010" + at);
        return new Line(id, number, Set.of(role), SIMULATOR, Line.Fallback.SMS);
    }
}

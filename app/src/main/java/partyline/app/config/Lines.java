package partyline.app.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import partyline.identities.Handle;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StartupFailure;
import partyline.transport.Driver;
import partyline.transport.DriverKind;
import partyline.transport.Line;
import partyline.transport.LineSetup;

/// The lines that the configuration names, and what it tells the drivers of those that are real.
public record Lines(List<Line> all, Map<String, LineSetup.Options> options) {

    private static final String SIMULATOR = "simulator";
    private static final int SIMULATED_POOL = 5;
    private static final Set<String> KEYS =
            Set.of("id", "number", "roles", "driver", "fallback", "sharing", "pace", "dedicated", "cold");

    public Lines {
        all = List.copyOf(all);
        options = Map.copyOf(options);
    }

    /// Reads the list `lines`; without one, a simulated router and five simulated pool lines.
    ///
    /// @throws StartupFailure naming the key, what is wrong with it, and the fix.
    static Lines of(Settings settings) {
        List<Settings> told = settings.items("lines", keys());
        if (told.isEmpty()) {
            return new Lines(simulatedLines(), Map.of());
        }
        List<Line> lines = new ArrayList<>();
        Map<String, LineSetup.Options> options = new HashMap<>();
        for (Settings item : told) {
            Line line = line(item);
            lines.add(line);
            Drivers.named(line.driver()).ifPresent(kind -> options.put(line.id(), item.options(kind)));
        }
        boolean alone = lines.size() == 1 && !lines.getFirst().dedicated();
        List<Line> used = alone ? List.of(alone(lines.getFirst())) : lines;
        check(settings, used);
        return new Lines(used, options);
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

    private static Set<String> keys() {
        return Stream.concat(KEYS.stream(), Drivers.all().stream().map(DriverKind::name))
                .collect(Collectors.toSet());
    }

    private static void check(Settings settings, List<Line> lines) {
        Set<String> ids = new HashSet<>();
        Set<PhoneNumber> numbers = new HashSet<>();
        for (Line line : lines) {
            if (!ids.add(line.id()) || !numbers.add(line.number())) {
                throw settings.wrong("lines", "has " + line.id() + " or its number twice: give every line its own");
            }
        }
        if (lines.stream().noneMatch(line -> line.is(Line.Role.ROUTER))) {
            throw settings.wrong("lines", "has no router, so nobody could connect: give one line the role router");
        }
        Set<String> agents = new HashSet<>();
        for (Line line : lines) {
            line.terms().dedicated().map(Line.Dedication::handle).ifPresent(agent -> {
                if (!agents.add(agent)) {
                    throw settings.wrong("lines", "has two lines dedicated to @" + agent + ": an agent has one number");
                }
            });
        }
        for (Line line : lines) {
            line.terms().fallbackLine().ifPresent(other -> checkFallback(settings, lines, line, other));
        }
    }

    private static void checkFallback(Settings settings, List<Line> lines, Line line, String other) {
        boolean works = lines.stream()
                .filter(it -> !it.id().equals(line.id()) && it.id().equals(other))
                .anyMatch(it -> it.terms().fallbackLine().isEmpty() && !it.is(Line.Role.ROUTER) && !it.dedicated());
        if (!works) {
            throw settings.wrong(
                    "lines",
                    "has the fallback \"%s\" of %s: use sms, none, or the id of another line that is no router, is dedicated to nobody and has no fallback line itself"
                            .formatted(other, line.id()));
        }
    }

    private static Line line(Settings item) {
        String number = item.text("number", "");
        Set<Line.Role> roles = new HashSet<>();
        List<String> usual = item.text("dedicated").isPresent() ? List.of() : List.of("pool");
        for (String role : item.texts("roles", usual)) {
            roles.add(
                    switch (role) {
                        case "router" -> Line.Role.ROUTER;
                        case "pool" -> Line.Role.POOL;
                        default -> throw item.wrong("roles", "has \"" + role + "\": a role is router or pool");
                    });
        }
        return new Line(
                item.text("id", number),
                PhoneNumber.parse(number)
                        .orElseThrow(() -> item.wrong("number", "must be an E.164 number such as \"+12025550100\"")),
                roles,
                driver(item),
                terms(item));
    }

    private static String driver(Settings item) {
        String driver = item.text("driver", SIMULATOR);
        if (driver.equals(SIMULATOR) || Drivers.named(driver).isPresent()) {
            return driver;
        }
        Set<String> known = new TreeSet<>(Set.of(SIMULATOR));
        Drivers.all().forEach(kind -> known.add(kind.name()));
        throw item.wrong(
                "driver",
                "is \"%s\", which this version does not know: use %s".formatted(driver, String.join(", ", known)));
    }

    private static Line.Terms terms(Settings item) {
        boolean shared = item.flag("sharing", false);
        String fallback = item.text("fallback", "sms");
        Line.Pace pace = pace(item);
        Optional<Line.Dedication> dedicated = dedicated(item);
        return switch (fallback) {
            case "sms" -> new Line.Terms(Line.Fallback.SMS, Optional.empty(), shared, pace, dedicated);
            case "none" -> new Line.Terms(Line.Fallback.NONE, Optional.empty(), shared, pace, dedicated);
            default -> new Line.Terms(Line.Fallback.NONE, Optional.of(fallback), shared, pace, dedicated);
        };
    }

    private static Optional<Line.Dedication> dedicated(Settings item) {
        boolean cold = item.flag("cold", false);
        Optional<String> told = item.text("dedicated").map(String::strip);
        if (told.isEmpty()) {
            if (cold) {
                throw item.wrong("cold", "needs dedicated: only on a number of its own may an agent write first");
            }
            return Optional.empty();
        }
        Handle agent = Handle.parse(told.get())
                .orElseThrow(() -> item.wrong(
                        "dedicated",
                        "is \"%s\": name one agent by its handle, such as \"@my-agent\"".formatted(told.get())));
        if (!item.texts("roles", List.of()).isEmpty()) {
            throw item.wrong(
                    "roles", "and dedicated exclude each other: one agent's own number is no router and in no pool");
        }
        if (item.flag("sharing", false)) {
            throw item.wrong("sharing", "and dedicated exclude each other: one agent alone has this number");
        }
        return Optional.of(new Line.Dedication(agent.text(), cold));
    }

    private static Line.Pace pace(Settings item) {
        Line.Pace usual = Drivers.named(item.text("driver", SIMULATOR))
                .map(DriverKind::pace)
                .orElse(Line.Pace.NONE);
        Settings told = item.part("pace", Set.of("sends_per_minute", "new_people_per_hour", "new_people_per_day"));
        return new Line.Pace(
                told.number("sends_per_minute", usual.sendsPerMinute(), 0, 100_000),
                told.number("new_people_per_hour", usual.newPeoplePerHour(), 0, 100_000),
                told.number("new_people_per_day", usual.newPeoplePerDay(), 0, 100_000));
    }

    private static List<Line> simulatedLines() {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                "sim-router", new PhoneNumber("+12025550100"), Set.of(Line.Role.ROUTER), SIMULATOR, Line.Fallback.SMS));
        for (int at = 1; at <= SIMULATED_POOL; at++) {
            lines.add(new Line(
                    "sim-pool-" + at,
                    new PhoneNumber("+1202555010" + at),
                    Set.of(Line.Role.POOL),
                    SIMULATOR,
                    Line.Fallback.SMS));
        }
        return lines;
    }
}

package partyline.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/// Starts the packaged jar, lets a crowd talk through it, kills it with SIGKILL at random instants and starts
/// it again, as often as it is told; then waits until all is quiet, and has everything judged.
///
/// Arguments: the jar, the number of kills, the seed. Exits 0 when the judge has nothing to object to. What everybody
/// does follows from the seed; what meets what does not.
public final class Torture {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int LONGEST_LIFE_MILLIS = 1_500;
    private static final int LONGEST_START_MILLIS = 900;
    private static final List<String> FAULTS = List.of("duplicate_inbound", "unknown_sent", "unknown_lost", "not_sent");

    private final Server server;
    private final Http operator;
    private final Diary diary = new Diary();
    private final Gate gate = new Gate();
    private final Random random;

    private Torture(Server server, String adminKey, Random random) {
        this.server = server;
        this.operator = new Http(server.base(), adminKey);
        this.random = random;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path jar = Path.of(arguments[0]);
        int kills = Integer.parseInt(arguments[1]);
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextInt(1_000_000);
        System.out.printf("torture: %d kills, seed %d%n", kills, seed);
        Path folder = Files.createTempDirectory("partyline-torture");
        String adminKey = "ApiKey_" + UUID.randomUUID() + "." + UUID.randomUUID();
        try (Server server = new Server(jar, folder, adminKey)) {
            List<String> findings = new Torture(server, adminKey, new Random(seed)).run(kills, seed);
            findings.stream().limit(20).forEach(System.out::println);
            System.out.println(
                    findings.isEmpty()
                            ? "torture: nothing lost, nothing doubled, nothing missing"
                            : "torture: " + findings.size() + " findings with seed " + seed + "; what is left is in "
                                    + folder);
            System.exit(findings.isEmpty() ? 0 : 1);
        }
    }

    private List<String> run(int kills, long seed) throws InterruptedException {
        Instant begin = Instant.now();
        server.start();
        awaitAnswer();
        try (Crowd crowd = new Crowd(operator, diary, gate)) {
            crowd.begin(seed);
            for (int kill = 1; kill <= kills; kill++) {
                live();
                gate.set(false);
                server.kill();
                server.start();
                report(kill, kills);
            }
            awaitAnswer();
            awaitBothSides();
            crowd.end();
            return judge(diary.history(quiet(crowd)), begin);
        }
    }

    /// Some time of the server's life; now and then too little to start.
    private void live() {
        if (random.nextInt(10) == 0) {
            Actor.rest(random.nextInt(LONGEST_START_MILLIS));
            return;
        }
        awaitAnswer();
        if (random.nextBoolean()) {
            String kind = FAULTS.get(random.nextInt(FAULTS.size()));
            operator.post("/simulator/faults", Map.of("kind", kind, "times", 1 + random.nextInt(3)));
        }
        Actor.rest(random.nextInt(LONGEST_LIFE_MILLIS));
    }

    private void awaitAnswer() {
        server.awaitAnswer();
        gate.set(true);
    }

    /// The judge is tried on what both sides said, and few kills on a busy machine may have let one say nothing.
    private void awaitBothSides() {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!diary.hasBothSides() && Instant.now().isBefore(deadline)) {
            Actor.rest(100);
        }
    }

    /// Looks until nothing is under way any more, or patience ends; then the judge will say what is.
    private Survey quiet(Crowd crowd) {
        Instant deadline = Instant.now().plus(PATIENCE);
        Survey before = crowd.survey();
        while (true) {
            Actor.rest(1_000);
            Survey now = crowd.survey();
            boolean quiet = now.quiet() && crowd.told(now) && now.equals(before);
            if (quiet || Instant.now().isAfter(deadline)) {
                return now;
            }
            before = now;
        }
    }

    private List<String> judge(History history, Instant begin) {
        Judgement verdict = Judge.of(history);
        System.out.print(verdict.report());
        List<String> findings = new ArrayList<>(verdict.findings());
        findings.addAll(diary.complaints());
        int exitCode = server.stop();
        if (exitCode != 0) {
            findings.add("the server exited with " + exitCode);
        }
        if (verdict.clean()) {
            Forger.unnoticed(history).forEach(it -> findings.add("the judge did not notice that " + it));
        }
        System.out.printf(
                "refused, by status: %s; took %d s%n",
                diary.refusals(), Duration.between(begin, Instant.now()).toSeconds());
        return findings;
    }

    private static void report(int kill, int kills) {
        if (kill % 10 == 0 || kill == kills) {
            System.out.printf("killed %d times%n", kill);
        }
    }
}

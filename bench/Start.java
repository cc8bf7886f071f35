import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// From exec to the first answer, in turns: a bare JVM to its end, the jar over an empty and over a used
/// folder, and the start script with its AOT cache over the used one. Two cores that others use as well:
/// medians of seven.
final class Start {

    private static final int ROUNDS = 7;
    private static final List<String> PLAIN = List.of();

    private Start() {}

    static List<Row> measure() throws Exception {
        Path used = Bench.newFolder("start").resolve("data");
        plain(used);
        cached(used);
        List<Double> bare = new ArrayList<>();
        List<Double> fresh = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        List<Double> fast = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            bare.add(bare());
            fresh.add(plain(Bench.newFolder("fresh").resolve("data")));
            again.add(plain(used));
            fast.add(cached(used));
        }
        String yardstick = Row.number(median(bare)) + " ms a bare JVM";
        return List.of(
                Row.atMost("start to first answer, plain, empty folder", median(fresh), " ms", 1_300),
                Row.plain("start to first answer, plain, used folder", Row.number(median(again)) + " ms", yardstick),
                Row.atMost(
                        "start to first answer, config/partyline with its AOT cache",
                        Row.number(median(fast)) + " ms",
                        Row.number(median(again)) + " ms plain",
                        median(fast) / median(again),
                        0.7),
                Row.plain("size of the jar", Row.number(Files.size(Bench.JAR) / 1e6) + " MB", ""));
    }

    /// `java -jar` as a newcomer types it.
    private static double plain(Path data) throws IOException, InterruptedException {
        try (Server server = Server.partyline(data, PLAIN)) {
            return server.startMillis();
        }
    }

    private static double cached(Path data) throws IOException, InterruptedException {
        try (Server server = Server.script(data, Bench.FOLDER)) {
            return server.startMillis();
        }
    }

    private static double bare() throws IOException, InterruptedException {
        Path source = Bench.FOLDER.resolve("Nothing.java");
        if (!Files.exists(source)) {
            Files.writeString(source, "public class Nothing { public static void main(String[] arguments) {} }");
            run("javac", "-d", Bench.FOLDER.toString(), source.toString());
        }
        return run("java", "-cp", Bench.FOLDER.toString(), "Nothing");
    }

    private static double run(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Server.tool(tool)));
        command.addAll(List.of(arguments));
        long begun = System.nanoTime();
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(command + " failed");
        }
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }
}

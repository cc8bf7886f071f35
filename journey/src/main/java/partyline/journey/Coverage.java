package partyline.journey;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.tools.ExecDumpClient;

/// What ran in a server from opening to closing, as JaCoCo's agent knows it. Used by one thread.
final class Coverage implements Span {

    private final JarFile jar;
    private final SourceTree sources;
    private final int port;
    private final Map<String, SourceFile> types = new HashMap<>();
    private Instant opened = Instant.MIN;
    private Instant closed = Instant.MAX;
    private ExecutionDataStore ran = new ExecutionDataStore();

    /// Reads the classes from this jar, and the agent's words from this port.
    Coverage(JarFile jar, SourceTree sources, int port) {
        this.jar = jar;
        this.sources = sources;
        this.port = port;
    }

    /// The option of the JVM that puts JaCoCo's agent into it, listening on this port.
    static String option(Path agent, int port) {
        return "-javaagent:" + agent.toAbsolutePath() + "=output=tcpserver,address=127.0.0.1,port=" + port
                + ",includes=partyline.*";
    }

    @Override
    public void open() {
        dump();
        opened = Instant.now();
    }

    @Override
    public void close() {
        closed = Instant.now();
        ran = dump();
    }

    /// What ran in the span that was closed last. Code that the compiler writes for a record has no lines.
    Measurement measurement() {
        return new Measurement(lines(), opened, closed);
    }

    /// All types of which something ran in a measurement, and their files.
    Map<String, SourceFile> types() {
        return Map.copyOf(types);
    }

    private RanLines lines() {
        CoverageBuilder classes = analyze();
        for (IClassCoverage type : classes.getClasses()) {
            types.put(type.getName().replace('/', '.'), sources.find(type.getPackageName(), type.getSourceFileName()));
        }
        SortedMap<SourceFile, Set<Integer>> files = new TreeMap<>();
        for (ISourceFileCoverage file : classes.getSourceFiles()) {
            Set<Integer> lines = lines(file);
            if (!lines.isEmpty()) {
                files.put(sources.find(file.getPackageName(), file.getName()), lines);
            }
        }
        return new RanLines(files);
    }

    private CoverageBuilder analyze() {
        CoverageBuilder classes = new CoverageBuilder();
        Analyzer analyzer = new Analyzer(ran, classes);
        for (ExecutionData data : ran.getContents()) {
            String name = data.getName() + ".class";
            try (InputStream bytes = jar.getInputStream(jar.getEntry(name))) {
                analyzer.analyzeClass(bytes, name);
            } catch (IOException e) {
                throw new IllegalStateException("cannot read " + name, e);
            }
        }
        return classes;
    }

    private static Set<Integer> lines(ISourceFileCoverage file) {
        Set<Integer> lines = new TreeSet<>();
        for (int line = file.getFirstLine(); line <= file.getLastLine(); line++) {
            if (file.getLine(line).getInstructionCounter().getCoveredCount() > 0) {
                lines.add(line);
            }
        }
        return lines;
    }

    /// Asks for what ran since the last time it was asked.
    private ExecutionDataStore dump() {
        ExecDumpClient client = new ExecDumpClient();
        client.setReset(true);
        try {
            return client.dump(InetAddress.getLoopbackAddress(), port).getExecutionDataStore();
        } catch (IOException e) {
            throw new IllegalStateException("JaCoCo's agent in the server does not answer", e);
        }
    }
}

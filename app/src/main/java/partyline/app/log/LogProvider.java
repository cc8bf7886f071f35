package partyline.app.log;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// What SLF4J finds: one for the whole process, as it wants. Thread-safe.
public final class LogProvider implements SLF4JServiceProvider {

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();
    private final Loggers loggers = new Loggers();

    /// The loggers by name, and the settings for the next.
    static final class Loggers implements ILoggerFactory {

        private final Map<String, LineLogger> all = new HashMap<>();
        private LogSettings settings = LogSettings.USUAL;

        synchronized void use(LogSettings told) {
            settings = told;
            all.values().forEach(it -> it.use(told));
        }

        @Override
        public synchronized LineLogger getLogger(String name) {
            return all.computeIfAbsent(name, it -> new LineLogger(it, settings));
        }
    }

    /// For SLF4J.
    public LogProvider() {}

    /// From now on everything is logged so.
    public static void use(LogSettings settings) {
        if (LoggerFactory.getILoggerFactory() instanceof Loggers loggers) {
            loggers.use(settings);
        }
    }

    @Override
    public Loggers getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // All is there already.
    }
}

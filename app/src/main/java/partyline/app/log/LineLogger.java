package partyline.app.log;

import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import partyline.app.log.LogSettings.Threshold;

/// Writes what one class logs to standard error, as it is at that moment. Thread-safe.
final class LineLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    /// From which level on, by which settings.
    private record Known(LogSettings settings, Threshold threshold) {}

    private final transient Supplier<LogSettings> settings;
    private transient volatile Known known;

    LineLogger(String name, Supplier<LogSettings> settings) {
        this.name = name;
        this.settings = settings;
        this.known = known(settings.get());
    }

    @Override
    public boolean isTraceEnabled() {
        return hears(Threshold.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return hears(Threshold.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return hears(Threshold.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return hears(Threshold.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return hears(Threshold.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        LogLine line = new LogLine(Instant.now(), level, name, message, cause);
        System.err.println(settings.get().json() ? line.json() : line.text());
    }

    private boolean hears(Threshold level) {
        LogSettings now = settings.get();
        Known current = known;
        if (current.settings() != now) {
            current = known(now);
            known = current;
        }
        return current.threshold().compareTo(level) <= 0;
    }

    private Known known(LogSettings now) {
        return new Known(now, now.threshold(name));
    }
}

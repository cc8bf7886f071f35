package partyline.app.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import partyline.app.log.LogSettings.Threshold;

/// Writes what one class logs to standard error, as it is at that moment. Thread-safe.
final class LineLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    private transient volatile Threshold threshold;
    private transient volatile boolean json;

    LineLogger(String name, LogSettings settings) {
        this.name = name;
        this.threshold = settings.threshold(name);
        this.json = settings.json();
    }

    /// From now on it logs so.
    void use(LogSettings settings) {
        threshold = settings.threshold(name);
        json = settings.json();
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
        System.err.println(json ? line.json() : line.text());
    }

    private boolean hears(Threshold level) {
        return threshold.compareTo(level) <= 0;
    }
}

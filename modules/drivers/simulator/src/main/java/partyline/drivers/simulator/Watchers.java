package partyline.drivers.simulator;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.PhoneNumber;

/// Who looks at which phone, to be told when it shows something else. Thread-safe.
final class Watchers {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private final ConcurrentMap<PhoneNumber, List<Runnable>> byPhone = new ConcurrentHashMap<>();

    /// Calls `onChange` after every change of this phone until the result is closed.
    AutoCloseable watch(PhoneNumber phone, Runnable onChange) {
        byPhone.compute(phone, (_, known) -> {
            List<Runnable> all = known == null ? new CopyOnWriteArrayList<>() : known;
            all.add(onChange);
            return all;
        });
        return () -> byPhone.computeIfPresent(phone, (_, all) -> {
            all.remove(onChange);
            return all.isEmpty() ? null : all;
        });
    }

    /// Tells who looks at `phone` that it shows something else now.
    void changed(PhoneNumber phone) {
        for (Runnable onChange : byPhone.getOrDefault(phone, List.of())) {
            try {
                onChange.run();
            } catch (RuntimeException e) {
                LOG.error(
                        "event=phone_watcher_failed fix=\"report this, it is a bug; load the phone's page again\"", e);
            }
        }
    }
}
